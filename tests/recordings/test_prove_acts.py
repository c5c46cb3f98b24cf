"""What one person did, taken away as a package: proven entry by entry, and not called whole."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.world import force
from tests.world.parcels import inside, opened_by, opened_in

from custodes.cases.actions.material import add_recordings
from custodes.cases.actions.open import NewCase, open_case
from custodes.cli.report import command as report
from custodes.custody import strongroom
from custodes.custody.genesis import begin_log
from custodes.custody.models import Entry
from custodes.custody.queries import history_of, tell
from custodes.kernel.clock import now
from custodes.kernel.ids import new_handle
from custodes.ledger.policy import Policy
from custodes.package.opening import open_package
from custodes.people.errors import NotAllowed
from custodes.people.models import Person
from custodes.people.rules import Role, Viewer
from custodes.recordings.actions import prove_acts
from custodes.recordings.actions.annotate import add_note
from custodes.recordings.actions.find import note_search
from custodes.recordings.actions.lock import Locking, lift, lock
from custodes.recordings.actions.prove_acts import hand_out_acts, write_acts
from custodes.recordings.actions.take_record import Handed
from custodes.recordings.actions.watch import open_page
from custodes.recordings.errors import NeedsAReason, Unusable
from custodes.recordings.models import Recording
from custodes.recordings.reports import Stretch, persons_report_for
from custodes.recordings.rules import LockKind
from custodes.verifier.claims import Result, Verdict
from custodes.verifier.trust import Trust
from custodes.verifier.verify import verify

pytestmark = pytest.mark.django_db(transaction=True)

TRIBUNAL = Handed("The tribunal", "PSD/12")


@pytest.fixture
def okafor() -> Person:
    begin_log(by=force.CLERK, at=now() - timedelta(minutes=30))
    okafor = force.person("Okafor", number="4711")
    recording = force.recording(force.camera("X1", okafor))
    viewer = okafor.as_viewer("web")
    open_page(viewer, recording, at=now())
    add_note(viewer, recording, "seen", at=now())
    return okafor


@pytest.fixture
def standards(okafor: Person) -> Viewer:
    assert okafor
    return force.person("The standards", Role.STANDARDS).as_viewer("web")


def today() -> Stretch:
    return Stretch(now() - timedelta(days=1), now() + timedelta(days=1))


def believed() -> Trust:
    logs = [f"log {each.verifier}" for each in strongroom.signers()]
    return Trust(Policy.parse("\n".join([*logs, "quorum none", ""])))


def reasons(result: Result) -> dict[str, str]:
    return {claim.name: claim.reason for claim in result.claims}


def test_every_entry_is_proven_opened_and_under_its_own_words(
    okafor: Person, standards: Viewer, tmp_path: Path
) -> None:
    entries = write_acts(standards, okafor, today(), TRIBUNAL, tmp_path / "acts", at=now())

    found = verify(tmp_path / "acts", believed())
    said = reasons(found)
    assert entries == 2
    assert (said["log"], said["opened"]) == ("log.included", "opened.as_written")
    assert {"record", "tail", "file"}.isdisjoint(said)  # nothing is claimed to be whole
    assert not any(claim.verdict is Verdict.CONTRADICTED for claim in found.claims)
    words = " ".join((tmp_path / "acts" / "README.txt").read_text().split())
    assert "does not show that these are all the entries" in words


def test_a_changed_word_in_it_is_found(okafor: Person, standards: Viewer, tmp_path: Path) -> None:
    folder = tmp_path / "acts"
    write_acts(standards, okafor, today(), TRIBUNAL, folder, at=now())
    proof = json.loads((folder / "proof.json").read_text())
    shown = next(entry for entry in proof["entries"] if len(entry["open"]) > 1)
    shown["open"][0], other = proof["entries"][0]["open"][0][:-4] + "AAAA", shown["open"][0]
    assert shown["open"][0] != other
    (folder / "proof.json").write_text(
        json.dumps(proof, separators=(",", ":"), sort_keys=True, ensure_ascii=False)
    )

    assert reasons(verify(folder, believed()))["opened"] != "opened.as_written"


def test_that_it_was_taken_stands_in_the_history_of_the_person(
    okafor: Person, standards: Viewer, tmp_path: Path
) -> None:
    made = hand_out_acts(standards, okafor, today(), TRIBUNAL, at=now())
    (tmp_path / "acts.zip").write_bytes(b"".join(made.pieces()))

    told = history_of(okafor.handle)[-1]
    assert (told.kind, told.fields["form"]) == ("record.taken", "a package")
    assert told.fields["recipient"] == "The tribunal"
    assert "proof.json" in open_package(tmp_path / "acts.zip").files


def test_nothing_is_made_for_who_may_not_or_says_no_reason(
    okafor: Person, standards: Viewer, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mirza = force.person("Mirza", Role.EVIDENCE_UNIT).as_viewer("web")
    before = len(history_of(okafor.handle))

    with pytest.raises(NotAllowed):
        write_acts(mirza, okafor, today(), TRIBUNAL, tmp_path / "a", at=now())
    with pytest.raises(NeedsAReason):
        write_acts(standards, okafor, today(), Handed("x", " "), tmp_path / "a", at=now())
    past = Stretch(now() - timedelta(days=9), now() - timedelta(days=8))
    with pytest.raises(Unusable, match="Nothing was done"):
        write_acts(standards, okafor, past, TRIBUNAL, tmp_path / "a", at=now())
    monkeypatch.setattr(prove_acts, "LONGEST", 1)
    with pytest.raises(Unusable, match="at most 1 entries"):
        write_acts(standards, okafor, today(), TRIBUNAL, tmp_path / "a", at=now())

    assert not (tmp_path / "a").exists()
    assert len(history_of(okafor.handle)) == before


def shut(recording: Recording, kind: LockKind = LockKind.RESTRICTED) -> str:
    cause = new_handle()
    lock([recording], Locking(cause, kind, "because"), by=force.CLERK, at=now())
    return cause


def test_what_a_lock_keeps_from_who_takes_it_is_in_no_package_of_acts(
    okafor: Person, standards: Viewer
) -> None:
    viewer, [locked] = okafor.as_viewer("web"), Recording.objects.all()
    case = open_case(viewer, NewCase("01MP/44/26", "Robbery"), at=now())
    add_recordings(viewer, case, [locked], "seen at the door", at=now())
    linked = next(e.index for e in history_of(case.handle) if e.kind == "case.linked")
    before = opened_in(hand_out_acts(standards, okafor, today(), TRIBUNAL, at=now()))
    assert history_of(okafor.handle)[-1].fields["withheld"] == "nothing"

    shut(locked)
    sent = hand_out_acts(standards, okafor, today(), TRIBUNAL, at=now())

    opened, theirs = opened_in(sent), {each.index for each in history_of(locked.handle)}
    assert theirs & before.keys()
    assert not theirs & opened.keys()
    assert linked in before
    assert linked not in opened
    assert "X1" not in str(opened)
    remarks = " ".join(inside(sent)["README.txt"].decode().split())
    assert "What was done with recordings under a lock is left out." in remarks
    taken = history_of(okafor.handle)[-1]
    assert taken.fields["withheld"] == "what was done with recordings under a lock"


def test_where_all_of_it_is_under_a_lock_nothing_is_made_or_entered(
    okafor: Person, standards: Viewer
) -> None:
    shut(Recording.objects.get())
    before = Entry.objects.count()

    with pytest.raises(Unusable, match="under a lock"):
        hand_out_acts(standards, okafor, today(), TRIBUNAL, at=now())

    assert Entry.objects.count() == before


def test_everything_has_no_hole_and_keeps_closed_what_is_under_a_lock(
    okafor: Person, tmp_path: Path
) -> None:
    locked = Recording.objects.get()
    free = force.recording(force.camera("X2", okafor))
    cause = shut(free, LockKind.POST_INCIDENT)
    open_page(force.person("I Byrne", Role.WATCHDOG).as_viewer("web"), free, at=now())
    lift(cause, "over", by=force.CLERK, at=now())
    shut(locked)
    day, out = f"{now():%Y-%m-%d}", tmp_path / "out"
    asked = ["everything", "--for", "ICO", "--because", "s.62(5)", "--out", str(out)]

    done = CliRunner().invoke(report, [*asked, "--since", day, "--until", day])

    assert done.exit_code == 0, done.output
    opened = opened_by((out / "part-0001" / "proof.json").read_bytes())
    told = {each.index for each in history_of(locked.handle)} & opened.keys()
    assert told
    assert all(not opened[index] for index in told)
    assert "seen" not in {fields.get("text") for fields in opened.values()}
    assert "I Byrne" not in {fields.get("actor") for fields in opened.values()}
    remarks = " ".join((out / "part-0001" / "README.txt").read_text().split())
    assert "with every detail closed" in remarks
    taken = Entry.objects.get(kind="record.taken")
    assert "under a lock" in tell(taken).fields["withheld"]


def test_the_force_reads_in_the_watchdogs_log_only_how_often_it_looked(
    okafor: Person, standards: Viewer
) -> None:
    recording = Recording.objects.get()
    cause = shut(recording, LockKind.POST_INCIDENT)
    byrne = force.person("I Byrne", Role.WATCHDOG)
    open_page(byrne.as_viewer("web"), recording, at=now())
    note_search(byrne.as_viewer("web"), {}, "1", at=now())
    lift(cause, "over", by=force.CLERK, at=now())

    read = persons_report_for(standards, byrne, today())

    assert ("Looks of the police watchdog", "1, not shown one by one") in read.report.facts
    assert "recording.opened_page" not in {line.kind for line in read.report.lines}
    assert read.leaves_out
    sent = opened_in(hand_out_acts(standards, byrne, today(), TRIBUNAL, at=now()))
    kinds = Entry.objects.filter(index__in=sent).values_list("kind", flat=True)
    assert list(kinds) == ["recordings.searched"]


def test_the_command_asks_for_the_purpose_and_writes_either(okafor: Person, tmp_path: Path) -> None:
    day = f"{now():%Y-%m-%d}"
    asked = ["person", okafor.username, "--since", day, "--until", day, "--because", "PSD/12"]

    refused = CliRunner().invoke(report, [*asked, "--out", str(tmp_path / "no.pdf")])
    asked += ["--purpose", "lawfulness"]
    pdf = CliRunner().invoke(report, [*asked, "--out", str(tmp_path / "acts.pdf")])
    package = CliRunner().invoke(report, [*asked, "--out", str(tmp_path / "acts"), "--json"])

    assert (refused.exit_code, (tmp_path / "no.pdf").exists()) == (2, False)
    assert pdf.exit_code == 0, pdf.output
    assert (tmp_path / "acts.pdf").read_bytes().startswith(b"%PDF")
    assert json.loads(package.output)["entries"] == 2
    kinds = [told.kind for told in history_of(okafor.handle)]
    assert kinds[-4:] == ["log.viewed", "record.taken"] * 2


def test_the_command_enters_what_its_report_leaves_out(okafor: Person, tmp_path: Path) -> None:
    shut(Recording.objects.get())
    day = f"{now():%Y-%m-%d}"
    asked = ["person", okafor.username, "--since", day, "--until", day, "--because", "PSD/12"]

    done = CliRunner().invoke(
        report, [*asked, "--purpose", "lawfulness", "--out", str(tmp_path / "acts.pdf")]
    )

    assert done.exit_code == 0, done.output
    taken = history_of(okafor.handle)[-1]
    assert taken.fields["withheld"] == "what was done with recordings under a lock"


def test_the_command_prints_the_report_of_a_recording_once(okafor: Person, tmp_path: Path) -> None:
    recording = force.recording(force.camera("X2", okafor))
    asked = ["recording", recording.handle, "--out", str(tmp_path / "report.pdf")]

    done = CliRunner().invoke(report, asked)
    again = CliRunner().invoke(report, asked)

    assert done.exit_code == 0, done.output
    assert (tmp_path / "report.pdf").read_bytes().startswith(b"%PDF")
    assert (again.exit_code, "there already" in again.output) == (1, True)
    assert history_of(recording.handle)[-1].kind == "record.taken"


def test_the_commissioner_gets_everything_of_some_days_in_packages_that_prove_it(
    okafor: Person, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(prove_acts, "LONGEST", 4)
    before, day, out = Entry.objects.count(), f"{now():%Y-%m-%d}", tmp_path / "out"
    asked = ["everything", "--for", "ICO", "--because", "s.62(5)", "--out", str(out), "--json"]

    done = CliRunner().invoke(report, [*asked, "--since", day, "--until", day])
    again = CliRunner().invoke(report, [*asked, "--since", day, "--until", day])

    assert json.loads(done.stdout) == {"folder": str(out), "entries": before, "packages": 2}
    for part in sorted(out.iterdir()):
        assert reasons(verify(part, believed()))["log"] == "log.included"
    assert (again.exit_code, Entry.objects.last()) == (1, Entry.objects.get(kind="record.taken"))
