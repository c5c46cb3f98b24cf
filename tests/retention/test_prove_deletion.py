"""A package of what is left proves that a recording went when it was due, and for good."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner
from tests.recordings.test_prove import believed, reasons, witness
from tests.retention.test_sweep import (
    DUE,
    ENGINE,
    delivered,
    swept,
)
from tests.web.conftest import signed_in
from tests.world import force
from tests.world.parcels import opened_by

from custodes.cli.ledger import command as ledger
from custodes.custody.census import take_census
from custodes.custody.genesis import begin_log
from custodes.custody.models import Entry
from custodes.custody.queries import history_of
from custodes.kernel.errors import NotFound
from custodes.kernel.ids import new_handle
from custodes.people.models import Person
from custodes.people.rules import Role
from custodes.recordings.actions.lock import Locking, lift, lock
from custodes.recordings.actions.take_record import Handed
from custodes.recordings.actions.watch import open_page
from custodes.recordings.errors import NeedsAReason, Unusable
from custodes.recordings.models import Recording
from custodes.recordings.rules import LockKind
from custodes.recordings.shown_of_log import ALL_FIELDS
from custodes.retention.actions import roll
from custodes.retention.actions.prove import prove_deletion
from custodes.retention.actions.roll import destroy_old_epochs, roll_keys
from custodes.retention.actions.schedule import publish_first
from custodes.retention.models import KeyNames
from custodes.verifier.claims import Claim
from custodes.verifier.verify import verify

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vault_of_its_own")]
HOUR = timedelta(hours=1)
HANDED = Handed("Judge Ito", "asked for by the court")


@pytest.fixture
def clerk(db: None) -> Person:
    begin_log(by=ENGINE, at=force.NOON - HOUR)
    witness(force.NOON)
    publish_first(by=ENGINE, at=force.NOON)
    return force.person("S Mirza", Role.EVIDENCE_UNIT)


def deletion(
    clerk: Person, recording: Recording, folder: Path, at: datetime = DUE + 3 * HOUR
) -> Claim:
    """Return what is said of the deletion in a package made then."""
    viewer = clerk.as_viewer("test")
    made = prove_deletion(viewer, recording, folder, opened=(), handed=HANDED, at=at)
    claims = verify(made.folder, believed()).claims
    return next(claim for claim in claims if claim.name == "deletion")


def rolled(at: datetime) -> None:
    roll_keys(by=ENGINE, at=at)
    destroy_old_epochs(by=ENGINE, at=at + HOUR)


def test_what_went_when_due_and_whose_key_is_gone_is_proven_whole(
    clerk: Person, tmp_path: Path
) -> None:
    recording = delivered()
    delivered("r2", started=force.NOON + timedelta(days=5))
    swept(DUE)
    rolled(DUE)
    take_census(by=ENGINE, at=DUE + 2 * HOUR)
    witness(DUE + 2 * HOUR)

    viewer = clerk.as_viewer("test")
    package = prove_deletion(
        viewer, recording, tmp_path / "package", opened=(), handed=HANDED, at=DUE + 3 * HOUR
    ).folder

    result = verify(package, believed())
    assert reasons(result) == {
        "whole": "whole.complete",
        "log": "log.included",
        "witnessed": "witness.quorum_met",
        "time": "time.window",
        "record": "record.unbroken",
        "tail": "tail.counted",
        "opened": "opened.as_written",
        "deletion": "deletion.as_scheduled",
    }
    assert result.verdict == "PROVEN"
    assert "There are no media files in it." in (package / "README.txt").read_text()
    told = history_of(recording.handle)[-1]
    assert (told.kind, told.fields["recipient"]) == ("record.taken", "Judge Ito")


def test_the_watchdogs_looks_stay_closed_when_it_was_deleted(clerk: Person, tmp_path: Path) -> None:
    recording, at = delivered(), force.NOON + HOUR
    locking = Locking(new_handle(), LockKind.POST_INCIDENT, "a death")
    lock([recording], locking, by=ENGINE, at=at)
    watchdog = force.person("I Byrne", Role.WATCHDOG).as_viewer("test")
    open_page(watchdog, recording, at=at)
    lift(locking.cause, "over", by=ENGINE, at=at)
    swept(DUE)
    look = next(e for e in history_of(recording.handle) if e.kind == "recording.opened_page")

    viewer = clerk.as_viewer("test")
    folder = tmp_path / "package"
    prove_deletion(viewer, recording, folder, opened={ALL_FIELDS}, handed=HANDED, at=DUE + HOUR)

    opened = opened_by((folder / "proof.json").read_bytes())
    assert opened[look.index] == {}
    assert "I Byrne" not in str(opened)
    assert "a death" in str(opened)


def test_until_the_older_keys_are_destroyed_it_is_not_proven(clerk: Person, tmp_path: Path) -> None:
    recording = delivered()
    swept(DUE)
    said = [deletion(clerk, recording, tmp_path / "deleted").reason]
    roll_keys(by=ENGINE, at=DUE)
    said.append(deletion(clerk, recording, tmp_path / "rolled").reason)
    destroy_old_epochs(by=ENGINE, at=DUE + HOUR)

    assert said == ["deletion.inventory_not_given"] * 2
    assert deletion(clerk, recording, tmp_path / "ended").reason == "deletion.as_scheduled"


def test_what_is_deleted_after_a_roll_waits_for_the_next(clerk: Person, tmp_path: Path) -> None:
    recording = delivered()
    roll_keys(by=ENGINE, at=DUE - HOUR)
    swept(DUE)
    destroy_old_epochs(by=ENGINE, at=DUE + HOUR)
    before = deletion(clerk, recording, tmp_path / "before")
    rolled(DUE + 2 * HOUR)

    after = deletion(clerk, recording, tmp_path / "after", DUE + 4 * HOUR)
    assert before.reason == "deletion.inventory_not_given"
    assert after.reason == "deletion.as_scheduled"


def test_a_roll_that_a_deletion_overtook_gathers_the_names_again(
    clerk: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording = delivered()
    kid = recording.originals.get().kid
    gather, gathered = roll._inventory, list[list[str]]()

    def slowly() -> list[str]:
        gathered.append(gather())
        if len(gathered) == 1:
            swept(DUE)
        return gathered[-1]

    monkeypatch.setattr(roll, "_inventory", slowly)
    rolled(DUE)

    assert [kid in names for names in gathered] == [True, False]
    # Its key was wrapped under the new epoch by then, so it takes the next roll.
    said = deletion(clerk, recording, tmp_path / "package")
    assert said.reason == "deletion.inventory_not_given"
    rolled(DUE + 2 * HOUR)
    assert deletion(clerk, recording, tmp_path / "again", DUE + 4 * HOUR).verdict == "PROVEN"


def test_names_are_kept_of_two_rolls_and_any_of_them_shows_an_old_deletion(
    clerk: Person, tmp_path: Path
) -> None:
    recording = delivered()
    swept(DUE)
    for nth in range(4):
        rolled(DUE + nth * 2 * HOUR)

    kept = KeyNames.objects.values_list("roll", flat=True).distinct().order_by("roll")
    assert list(kept) == [4, 5]
    said = deletion(clerk, recording, tmp_path / "package", DUE + 9 * HOUR)
    assert said.reason == "deletion.as_scheduled"


def test_every_name_around_the_ends_of_blocks_is_found_or_shown_missing(
    clerk: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    from custodes.ledger import inventory  # noqa: PLC0415 - patched, with what has its own name
    from custodes.retention import packaging  # noqa: PLC0415

    for module in (inventory, packaging):
        monkeypatch.setattr(module, "BLOCK", 4)
    names = sorted(f"K{nth:021d}" for nth in range(0, 26, 2))
    monkeypatch.setattr(roll, "_inventory", lambda: names)
    made = roll_keys(by=ENGINE, at=DUE)
    found = packaging._Names(made)

    root, count = bytes(made.root), len(names)
    for nth in range(26):
        key = f"K{nth:021d}"
        shown = found.shown(key)
        if nth % 2 == 0:
            assert inventory.ListedKey.from_value(shown.here).is_under(root, count)
            continue
        ends = [e and inventory.ListedKey.from_value(e) for e in (shown.before, shown.after)]
        assert inventory.NotListed(*ends).shows_absence_of(key, root, count)  # type: ignore[arg-type]
    assert KeyNames.objects.count() == 4


def test_only_what_was_deleted_is_packaged_so_and_only_for_who_may_and_says_why(
    clerk: Person, tmp_path: Path
) -> None:
    alive, gone = delivered("r2", started=force.NOON + timedelta(days=5)), delivered()
    swept(DUE)
    entries = Entry.objects.count()
    viewer, stranger = clerk.as_viewer("test"), force.person("N Obody").as_viewer("test")

    for who, what, handed, refusal in (
        (viewer, alive, HANDED, Unusable),
        (viewer, gone, Handed("Judge Ito", " "), NeedsAReason),
        (stranger, gone, HANDED, NotFound),
    ):
        with pytest.raises(refusal):
            prove_deletion(who, what, tmp_path / "no", opened=(), handed=handed, at=DUE)

    assert Entry.objects.count() == entries + 1  # the stranger came into being
    assert not (tmp_path / "no").exists()


def test_the_page_of_what_is_left_hands_it_out(clerk: Person, tmp_path: Path) -> None:
    recording = delivered()
    swept(DUE)
    rolled(DUE)
    page = f"/recordings/{recording.handle}"
    browser = signed_in(clerk)

    assert f"{page}/history/open".encode() in browser.get(page).content
    assert f"{page}/history/deletion".encode() in browser.get(f"{page}/history/open").content
    said = {"recipient": "Judge Ito", "because": "asked", "field": ["door"]}
    answer = browser.post(f"{page}/history/deletion", said)

    target = tmp_path / "what is left.zip"
    target.write_bytes(b"".join(answer.streaming_content))  # type: ignore[attr-defined]
    claims = {claim.name: claim for claim in verify(target, believed()).claims}
    assert claims["deletion"].reason == "deletion.as_scheduled"
    assert claims["opened"].verdict == "PROVEN"
    auditor = signed_in(force.person("A Lindqvist", Role.AUDITOR))
    assert b"history/open" not in auditor.get(page).content
    assert auditor.post(f"{page}/history/deletion", said).status_code == 403


def test_the_command_packages_what_is_left(
    clerk: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("custodes.cli.shared.start_django", lambda _: None)
    recording = delivered()
    swept(DUE)
    out = tmp_path / "package"

    done = CliRunner().invoke(ledger, ["package", recording.handle, "--out", str(out)])

    assert done.exit_code == 0, done.output
    claims = verify(out, believed()).claims
    assert [c.reason for c in claims if c.name == "deletion"] == ["deletion.inventory_not_given"]


def test_a_deletion_before_its_time_is_contradicted(
    clerk: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    recording = delivered()
    early = DUE - timedelta(days=1)
    # Somebody with the server's own hands bends what it takes for the end of a recording.
    bent: Any = lambda *_: force.NOON - timedelta(days=2)  # noqa: E731
    monkeypatch.setattr("custodes.retention.facts._end", bent)
    swept(early)
    rolled(early)

    said = deletion(clerk, recording, tmp_path / "package")
    assert (said.verdict, said.reason) == ("CONTRADICTED", "deletion.due_differs")
