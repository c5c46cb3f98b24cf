"""A package that the server makes is proven by the verifier, which knows nothing of the server."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import bagit
import pytest
from click.testing import CliRunner
from tests.custody.logs import configure
from tests.media.packets.films import film
from tests.verifier.small_log import signer
from tests.world import force
from tests.world.authority import authority, openssl
from tests.world.parcels import opened_by

from custodes.cli.ledger import command as ledger
from custodes.custody import strongroom
from custodes.custody.census import take_census
from custodes.custody.checkpoints import newest_checkpoint, publish
from custodes.custody.genesis import begin_log
from custodes.custody.guard import set_refusal
from custodes.custody.models import Cosignature, Entry, PublishedCheckpoint
from custodes.custody.outside import own_policy
from custodes.custody.queries import history_of
from custodes.custody.recovering import begin_successor
from custodes.custody.timestamps import stamp_what_is_due
from custodes.intake.rules import Kind
from custodes.kernel.clock import now
from custodes.kernel.errors import NotFound
from custodes.kernel.ids import new_handle
from custodes.ledger.keys import Kind as KeyKind
from custodes.ledger.note import Note, SignerKey, sign_note
from custodes.ledger.policy import Policy
from custodes.people.rules import Role, Viewer
from custodes.recordings.actions.annotate import add_note
from custodes.recordings.actions.lock import Locking, lift, lock
from custodes.recordings.actions.prove import prove_recording
from custodes.recordings.actions.take_record import Handed
from custodes.recordings.actions.watch import begin_viewing
from custodes.recordings.errors import NeedsAReason, NotYours, Unusable
from custodes.recordings.models import Original
from custodes.recordings.rules import LockKind
from custodes.recordings.shown_of_log import ALL_FIELDS
from custodes.verifier.claims import Result
from custodes.verifier.trust import Trust
from custodes.verifier.verify import verify

pytestmark = pytest.mark.django_db(transaction=True)
INSPECTORATE = signer("inspectorate.example/w", KeyKind.COSIGNATURE)


@pytest.fixture
def original() -> Original:
    began = now() - timedelta(minutes=30)
    begin_log(by=force.CLERK, at=began)
    witness(began)
    officer = force.person("Ada Okafor", team="Response A", number="4711")
    recording = force.recording(force.camera("X100", officer), started=began - timedelta(hours=2))
    return force.original(recording, film(frames=30), "VID 0001 (Okafor).MP4", Kind.VIDEO)


@pytest.fixture
def clerk(original: Original) -> Viewer:
    clerk = force.person("S Mirza", Role.EVIDENCE_UNIT).as_viewer("test")
    add_note(clerk, original.recording, "Seen.", at=now())
    return clerk


def witness(at: datetime) -> None:
    """Publish a checkpoint and have it cosigned."""
    publish(at)
    newest = newest_checkpoint()
    assert newest is not None
    text = Note.parse(newest.note).text
    cosigned = Note.parse(sign_note(text, INSPECTORATE, at=at))
    row = PublishedCheckpoint.objects.get(size=newest.size)
    lines = "".join(each.line() for each in cosigned.signatures)
    Cosignature.objects.create(checkpoint=row, witness="inspectorate", lines=lines, at=at)


def believed(roots: bytes = b"", keys: Sequence[SignerKey] = ()) -> Trust:
    return Trust(Policy.parse(policy_text(keys)), roots)


def policy_text(keys: Sequence[SignerKey] = ()) -> str:
    logs = [f"log {each.verifier}" for each in keys or strongroom.signers()]
    lines = [*logs, f"witness inspectorate {INSPECTORATE.verifier}", "quorum inspectorate", ""]
    return "\n".join(lines)


def reasons(result: Result) -> dict[str, str]:
    return {claim.name: claim.reason for claim in result.claims}


def packaged(clerk: Viewer, original: Original, folder: Path, *opened: str) -> Path:
    handed = Handed("Judge Ito", "for the court")
    made = prove_recording(
        clerk, original.recording, folder, opened=opened, handed=handed, at=now()
    )
    return made.folder


def test_a_witnessed_and_counted_recording_is_proven_whole(
    original: Original, clerk: Viewer, tmp_path: Path
) -> None:
    take_census(by=force.CLERK, at=now())
    witness(now())

    package = packaged(clerk, original, tmp_path / "package", "sha256")

    assert reasons(verify(package, believed())) == {
        "whole": "whole.complete",
        "log": "log.included",
        "witnessed": "witness.quorum_met",
        "time": "time.window",
        "record": "record.unbroken",
        "tail": "tail.counted",
        "opened": "opened.as_written",
        "file": "file.identical",
    }
    assert bagit.Bag(str(package)).validate()
    film = package / "data" / "original-01.MP4"
    done = subprocess.run(["sha256sum", film], check=True, capture_output=True, text=True)
    assert done.stdout.split()[0] == original.sha256


def test_who_trusts_the_long_key_alone_needs_the_full_notes(
    original: Original, clerk: Viewer, tmp_path: Path
) -> None:
    witness(now())
    package = packaged(clerk, original, tmp_path / "package")
    full = sorted(package.glob("checkpoints/*.full.note"))
    short = [each.with_name(each.name.replace(".full", "")) for each in full]
    ed25519, long = strongroom.signers()

    assert [len(Note.parse(each.read_bytes()).signatures) for each in full] == [3, 3]
    assert [len(Note.parse(each.read_bytes()).signatures) for each in short] == [2, 2]
    assert all(each.stat().st_size < 600 for each in (*short, *package.glob("proofs/*")))
    assert reasons(verify(package, believed(keys=(long,))))["log"] == "log.included"

    for each in full:
        each.unlink()
    [log] = [c for c in verify(package, believed(keys=(long,))).claims if c.name == "log"]
    assert (log.verdict.value, log.reason) == ("NOT PROVEN", "note.not_signed")
    assert "which is not here" in log.sentence
    assert reasons(verify(package, believed(keys=(ed25519,))))["log"] == "log.included"


def test_a_package_that_nobody_witnessed_says_so(
    original: Original, clerk: Viewer, tmp_path: Path
) -> None:
    package = packaged(clerk, original, tmp_path / "package")

    said = reasons(verify(package, believed()))
    assert said["log"] == "log.included"
    assert said["witnessed"] == "witness.quorum_not_met"
    assert said["time"] == "time.no_outside_clock"
    assert said["tail"] == "tail.no_census"
    assert said["file"] == "file.identical"


def test_only_what_is_asked_for_is_opened(
    original: Original, clerk: Viewer, tmp_path: Path
) -> None:
    witness(now())

    closed = (packaged(clerk, original, tmp_path / "closed") / "proof.json").read_text()
    some = json.loads(
        (packaged(clerk, original, tmp_path / "some", "actor") / "proof.json").read_text()
    )
    every = json.loads(
        (packaged(clerk, original, tmp_path / "every", ALL_FIELDS) / "proof.json").read_text()
    )

    assert not any(entry["open"] for entry in json.loads(closed)["entries"])
    assert all(len(entry["open"]) <= 1 for entry in some["entries"])
    assert not any(entry["closed"] for entry in every["entries"])
    words = (tmp_path / "closed" / "README.txt").read_text()
    assert "Okafor" not in words
    assert "A camera is not an eye." in words
    assert (tmp_path / "every" / "data" / "01-VID_0001_(Okafor).MP4").exists()


def test_the_package_says_what_a_court_should_know_of_this_very_film(
    original: Original, clerk: Viewer, tmp_path: Path
) -> None:
    witness(now())
    original.described = {
        "tracks": [{"main": True, "per_second": 25.0}], "faults": ["Its last second is missing."],
    }  # fmt: skip
    original.save()
    recording = original.recording
    recording.trigger_on = recording.started_at + timedelta(seconds=30)
    recording.save()

    packaged(clerk, original, tmp_path / "package")

    words = " ".join((tmp_path / "package" / "README.txt").read_text().split())
    [file] = (tmp_path / "package" / "data").iterdir()
    assert (
        f"Of data/{file.name}: it was filmed with 25 pictures a second; the first 30 seconds of "
        "its recording are from before the button was pressed; found in the file: Its last second "
        "is missing."
    ) in words


def test_timestamps_go_with_it_and_openssl_takes_them(
    original: Original, clerk: Viewer, tmp_path: Path, settings: Any
) -> None:
    with authority(tmp_path / "tsa") as made:
        configure(settings, timestamp_authorities=(made.url,), timestamp_roots=made.root)
        publish(now())
        stamp_what_is_due(by=force.CLERK, at=now())
        package = packaged(clerk, original, tmp_path / "package")

        [token] = package.glob("timestamps/*.tsr")
        verify_ts = ["ts", "-verify", "-data", token.with_suffix(".note"), "-in", token]
        done = openssl(*verify_ts, "-CAfile", made.root, "-untrusted", made.folder / "tsa.pem")
        assert b"Verification: OK" in done.stdout + done.stderr
        believes = believed(made.root.read_bytes() + (made.folder / "tsa.pem").read_bytes())
        bounded = next(c for c in verify(package, believes).claims if c.name == "time")
        unbounded = next(c for c in verify(package, believed()).claims if c.name == "time")

    stamped = [detail for detail in bounded.details if "there by" in detail]
    assert stamped
    assert not any("there by" in detail for detail in unbounded.details)

    token.with_suffix(".note").write_bytes(b"another\n")
    [time] = [c for c in verify(package, believes).claims if c.name == "time"]
    assert time.reason == "time.token_differs"


def test_that_a_package_was_made_is_on_record_and_needs_a_reason(
    original: Original, clerk: Viewer, tmp_path: Path
) -> None:
    recording = original.recording
    nobody = Handed("Judge Ito", " ")
    with pytest.raises(NeedsAReason):
        prove_recording(clerk, recording, tmp_path / "no", opened=(), handed=nobody, at=now())
    assert not (tmp_path / "no").exists()

    packaged(clerk, original, tmp_path / "package")

    kinds = Entry.objects.filter(subject=recording.handle).values_list("kind", flat=True)
    assert list(kinds).count("recording.packaged") == 1
    with pytest.raises(Unusable, match="there already"):
        packaged(clerk, original, tmp_path / "package")


def test_nobody_packages_what_they_may_not_take_away(original: Original, tmp_path: Path) -> None:
    stranger = force.person("N Obody").as_viewer("test")
    before = Entry.objects.count()

    with pytest.raises((NotYours, NotFound)):
        packaged(stranger, original, tmp_path / "package")

    assert Entry.objects.count() == before
    assert not (tmp_path / "package").exists()


@pytest.fixture
def _as_it_is(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("custodes.cli.shared.start_django", lambda _: None)


@pytest.mark.usefixtures("_as_it_is")
def test_the_command_writes_a_folder_and_a_zip_file_that_are_the_same(
    original: Original, clerk: Viewer, tmp_path: Path
) -> None:
    witness(now())
    out = tmp_path / "package"
    asked = ["package", original.recording.handle, "--out", str(out), "--zip", "--json"]

    done = CliRunner().invoke(ledger, asked)

    assert done.exit_code == 0, done.output
    assert json.loads(done.stdout)["folder"] == str(out)
    assert reasons(verify(out, believed())) == reasons(verify(out.with_suffix(".zip"), believed()))


def test_the_watchdogs_looks_stay_closed_in_a_package(
    original: Original, clerk: Viewer, tmp_path: Path
) -> None:
    locking = Locking(new_handle(), LockKind.POST_INCIDENT, "a death")
    lock([original.recording], locking, by=force.CLERK, at=now())
    watchdog = force.person("I Byrne", Role.WATCHDOG).as_viewer("test")
    begin_viewing(watchdog, original.recording, "the inquiry", reason_needed=True, at=now())
    lift(locking.cause, "over", by=force.CLERK, at=now())
    history = history_of(original.recording.handle)
    look = next(each.index for each in history if each.kind == "recording.viewed")
    witness(now())
    original = Original.objects.get()

    package = packaged(clerk, original, tmp_path / "package", ALL_FIELDS)

    opened = opened_by((package / "proof.json").read_bytes())
    assert opened[look] == {}
    assert "Seen." in {fields.get("text") for fields in opened.values()}
    assert reasons(verify(package, believed()))["record"] in {"record.unbroken", "record.no_census"}


def test_packages_of_a_log_and_of_its_successor_are_proven_each_under_its_own_checkpoints(
    original: Original, clerk: Viewer, settings: Any, tmp_path: Path
) -> None:
    take_census(by=force.CLERK, at=now())
    witness(now())
    settings.CUSTODES = settings.CUSTODES.model_copy(
        update={"witnesses": (f"inspectorate http://127.0.0.1:9 {INSPECTORATE.verifier}",)}
    )
    old_policy, before = own_policy(), packaged(clerk, original, tmp_path / "before")
    set_refusal("the witness inspectorate has seen more")
    begin_successor(by=force.CLERK, because="lost", at=now())
    add_note(clerk, original.recording, "Seen again.", at=now())
    witness(now())
    after = packaged(clerk, original, tmp_path / "after")
    witness(now())
    policy = Policy.parse(str(own_policy()))

    held = [reasons(verify(package, Trust(policy))) for package in (before, after)]

    assert [each["log"] for each in held] == ["log.included"] * 2
    assert [each["witnessed"] for each in held] == ["witness.quorum_met"] * 2
    assert [each["record"] for each in held] == ["record.unbroken"] * 2
    shown = json.loads((after / "proof.json").read_text())
    notes = [(after / each["note"]).read_text() for each in shown["checkpoints"]]
    assert {note.partition("\n")[0] for note in notes} == {strongroom.origin()}
    assert reasons(verify(before, Trust(old_policy)))["log"] == "log.included"
    assert reasons(verify(after, Trust(old_policy)))["log"] == "log.unknown"
    assert {key.key.name for key in policy.logs} == {
        strongroom.origin(),
        strongroom.origin().removesuffix("/2"),
    }
