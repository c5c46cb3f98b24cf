"""What one person did, taken away as a package: proven entry by entry, and not called whole."""

from __future__ import annotations

import json
from datetime import timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner
from tests.world import force

from custodes.cli.report import command as report
from custodes.custody import strongroom
from custodes.custody.genesis import begin_log
from custodes.custody.models import Entry
from custodes.custody.queries import history_of
from custodes.kernel.clock import now
from custodes.ledger.policy import Policy
from custodes.package.opening import open_package
from custodes.people.errors import NotAllowed
from custodes.people.models import Person
from custodes.people.rules import Role, Viewer
from custodes.recordings.actions import prove_acts
from custodes.recordings.actions.annotate import add_note
from custodes.recordings.actions.prove_acts import hand_out_acts, write_acts
from custodes.recordings.actions.take_record import Handed
from custodes.recordings.actions.watch import open_page
from custodes.recordings.errors import NeedsAReason, Unusable
from custodes.recordings.reports import Stretch
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
