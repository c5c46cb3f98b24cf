"""A clip or a still goes out with what proves it, and stays proven when its original is gone."""

from __future__ import annotations

import json
import shutil
from datetime import timedelta
from pathlib import Path
from typing import Any

import bagit
import pytest
from click.testing import CliRunner
from tests.recordings.test_prove import believed, policy_text, reasons, witness
from tests.verify_page.page import VerifierPage
from tests.world import force
from tests.world.browser import open_browser
from tests.world.keeping import DUE, ENGINE, swept

from custodes.cli.clip import command as clip_command
from custodes.cli.ledger import command as ledger
from custodes.custody.census import take_census
from custodes.custody.genesis import begin_log
from custodes.custody.queries import history_of
from custodes.intake.rules import Kind
from custodes.kernel import cj1
from custodes.kernel.errors import Refused
from custodes.media.generate import footage
from custodes.package.assembling import assemble
from custodes.package.errors import CannotPackage
from custodes.package.statement import Statement
from custodes.people.rules import Role, Viewer
from custodes.recordings import carrying
from custodes.recordings.actions.arrive import complete
from custodes.recordings.actions.clip import Stretch, make_clip, make_still
from custodes.recordings.actions.keep_proof import keep_proof
from custodes.recordings.actions.prove import prove_recording
from custodes.recordings.actions.prove_clips import hand_out_clips, write_clips
from custodes.recordings.actions.take_record import Handed
from custodes.recordings.carrying import carried, under_own_names
from custodes.recordings.errors import NeedsAReason, NotYours, Unusable
from custodes.recordings.models import Copy, Original, Recipient
from custodes.recordings.packaging import contents_of_made
from custodes.retention.actions.schedule import publish_first
from custodes.verifier.claims import Claim
from custodes.verifier.verify import verify

pytestmark = pytest.mark.django_db(transaction=True)
HOUR = timedelta(hours=1)
WHY = "It shows the arrest."
HANDED = Handed("Dana Reed, CPS", "for the charging decision")


@pytest.fixture(autouse=True)
def _a_vault_of_its_own(settings: Any, tmp_path: Path) -> None:
    settings.CUSTODES = settings.CUSTODES.model_copy(update={"home": tmp_path / "home"})


@pytest.fixture(scope="module")
def filmed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("film") / "a.mp4"
    return footage(path, seconds=6, size=(320, 180)).read_bytes()


@pytest.fixture
def original(filmed: bytes) -> Original:
    begin_log(by=ENGINE, at=force.NOON - HOUR)
    witness(force.NOON - HOUR)
    publish_first(by=ENGINE, at=force.NOON)
    wearer = force.person("Ada Okafor", team="Response A")
    recording = force.recording(force.camera(wearer=wearer))
    kept = force.original(recording, filmed, "VID Okafor.mp4", Kind.VIDEO)
    complete(recording, by=force.CLERK, at=recording.received_at)
    kept.recording.refresh_from_db()
    return kept


@pytest.fixture
def officer(original: Original) -> Viewer:
    assert original.recording.wearer is not None
    return original.recording.wearer.as_viewer("test")


def claim_of(folder: Path, path: str) -> Claim:
    [found] = [each for each in verify(folder, believed()).claims if each.about == path]
    return found


def test_a_clip_and_a_still_stay_proven_when_the_recording_is_deleted(
    original: Original, officer: Viewer, tmp_path: Path
) -> None:
    made_at = force.NOON + 2 * HOUR
    clip = make_clip(officer, original, Stretch(1.2, 4.4), WHY, at=made_at)
    still = make_still(officer, original, 2.5, WHY, at=made_at)
    take_census(by=force.CLERK, at=made_at + HOUR)
    witness(made_at + HOUR)
    packaged = write_clips(
        officer, original.recording, [clip, still], tmp_path / "out", HANDED, at=made_at + 2 * HOUR
    )
    witness(made_at + 3 * HOUR)

    trust = believed()
    [took_in] = [e for e in history_of(original.recording.handle) if e.kind == "recording.ingested"]
    gone = swept(DUE)
    shutil.rmtree(tmp_path / "home")

    assert gone.disposed == 1
    assert not Copy.objects.exists()
    assert bagit.Bag(str(packaged.folder)).validate()
    result = verify(packaged.folder, trust)
    assert reasons(result) == {
        "whole": "whole.complete",
        "log": "log.included",
        "witnessed": "witness.quorum_met",
        "time": "time.window",
        "record": "record.unbroken",
        "tail": "tail.counted",
        "opened": "opened.as_written",
        "clip": "clip.with_changes",
        "made": "made.as_entered",
    }
    [said] = [each.sentence for each in result.claims if each.name == "clip"]
    own, all_of = clip.about["packets"] - clip.about["new"], clip.about["packets"]
    assert f"{own} of its {all_of} packets are from the original whose digest is in entry" in said
    assert f"entry {took_in.index} of the log, written 2026-11-14T" in said


def test_the_package_opens_nothing_but_what_shows_the_still(
    original: Original, officer: Viewer, tmp_path: Path
) -> None:
    clip = make_clip(officer, original, Stretch(1, 3), WHY, at=force.NOON + HOUR)
    still = make_still(officer, original, 2.5, WHY, at=force.NOON + HOUR)

    write_clips(
        officer, original.recording, [clip, still], tmp_path / "out", HANDED, at=force.NOON + HOUR
    )

    statement = Statement.parse((tmp_path / "out/proof.json").read_bytes())
    opened = [json.loads(field)[1:] for entry in statement.entries for field in entry.open]
    assert opened == [["sha256", still.sha256]]
    everything = b"".join(p.read_bytes() for p in (tmp_path / "out").glob("*.*"))
    assert b"Okafor" not in everything
    assert b"arrest" not in everything
    assert not list((tmp_path / "out/data").glob("original*"))


def test_the_proof_of_a_clip_of_fifteen_seconds_is_small(tmp_path: Path, officer: Viewer) -> None:
    film = footage(tmp_path / "long.mp4", seconds=40, size=(320, 180)).read_bytes()
    recording = force.recording(force.camera("X200", force.person("Bo Lind")), "long")
    original = force.original(recording, film, "long.mp4", Kind.VIDEO)
    unit = force.person("Unit", Role.EVIDENCE_UNIT).as_viewer("test")
    clip = make_clip(unit, original, Stretch(12.3, 27.3), WHY, at=force.NOON)

    [made] = carried(under_own_names([clip]))

    assert made.proof is not None
    written = cj1.dumps(made.proof.to_value(), max_bytes=1 << 20, max_depth=10)
    assert len(written) <= 5_000


def test_who_gets_a_clip_is_on_record_and_on_the_list_of_recipients(
    original: Original, officer: Viewer
) -> None:
    clip = make_clip(officer, original, Stretch(1, 3), WHY, at=force.NOON + HOUR)

    hand_out_clips(officer, original.recording, [clip], HANDED, at=force.NOON + HOUR)

    told = history_of(original.recording.handle)[-1]
    assert (told.kind, dict(told.facts)) == ("clips.packaged", {"f": 1})
    assert told.fields["recipient"] == HANDED.recipient
    assert (told.fields["because"], told.fields["made"]) == (HANDED.because, clip.handle)
    given = Recipient.objects.get(recording=original.recording)
    assert (given.name, given.what) == (HANDED.recipient, "1 clips and stills, with their proof")


@pytest.mark.browser
def test_the_page_says_of_a_clip_what_the_command_says(
    original: Original, officer: Viewer, tmp_path: Path
) -> None:
    clip = make_clip(officer, original, Stretch(1, 3), WHY, at=force.NOON + HOUR)
    still = make_still(officer, original, 2.5, WHY, at=force.NOON + HOUR)
    folder = tmp_path / "out"
    write_clips(officer, original.recording, [clip, still], folder, HANDED, at=force.NOON + HOUR)
    trust, policy = believed(), policy_text()
    expected = [
        (each.name, each.about, each.verdict.value, each.reason)
        for each in verify(folder, trust).claims
    ]

    with open_browser() as page:
        verifier = VerifierPage(page).open()
        verifier.trust(policy)
        said = [tuple(each.values()) for each in verifier.check(folder)]
        sentences = page.locator(".v-claim__sentence").all_inner_texts()

    assert said == expected
    assert {name: reason for name, _, _, reason in expected}["clip"] == "clip.with_changes"
    assert any(
        f"{clip.about['packets'] - clip.about['new']} of its {clip.about['packets']} packets"
        in each
        for each in sentences
    )


@pytest.mark.parametrize("handed", [Handed("", "why"), Handed("CPS", " ")])
def test_a_package_needs_somebody_and_a_reason(
    original: Original, officer: Viewer, handed: Handed, tmp_path: Path
) -> None:
    clip = make_clip(officer, original, Stretch(1, 3), WHY, at=force.NOON + HOUR)

    with pytest.raises(NeedsAReason):
        write_clips(
            officer, original.recording, [clip], tmp_path / "out", handed, at=force.NOON + HOUR
        )

    assert not (tmp_path / "out").exists()
    assert "clips.packaged" not in force.kinds(original.recording.handle)


def test_who_may_not_make_clips_hands_none_out(original: Original, officer: Viewer) -> None:
    clip = make_clip(officer, original, Stretch(1, 3), WHY, at=force.NOON + HOUR)
    auditor = force.person("An Auditor", Role.AUDITOR).as_viewer("test")

    with pytest.raises(NotYours):
        hand_out_clips(auditor, original.recording, [clip], HANDED, at=force.NOON + HOUR)

    assert "clips.packaged" not in force.kinds(original.recording.handle)


def test_a_clip_of_another_recording_is_refused(
    original: Original, officer: Viewer, filmed: bytes
) -> None:
    clip = make_clip(officer, original, Stretch(1, 3), WHY, at=force.NOON + HOUR)
    other = force.recording(force.camera("X300"), "other")

    for chosen in ([clip], []):
        with pytest.raises(Unusable):
            hand_out_clips(officer, other, chosen, HANDED, at=force.NOON + HOUR)

    assert "clips.packaged" not in force.kinds(other.handle)


def test_a_clip_without_proof_by_packets_goes_with_the_entry_that_made_it(
    original: Original, officer: Viewer, tmp_path: Path
) -> None:
    clip = make_clip(officer, original, Stretch(1, 3), WHY, at=force.NOON + HOUR)
    Original.objects.filter(pk=original.pk).update(commitment="", no_clip_proofs="It is odd.")

    write_clips(
        officer,
        original.recording,
        [Copy.objects.get(pk=clip.pk)],
        tmp_path / "out",
        HANDED,
        at=force.NOON + HOUR,
    )

    path = f"data/clip-{clip.handle}.mp4"
    found = claim_of(tmp_path / "out", path)
    assert (found.name, found.reason) == ("made", "made.as_entered")
    assert "It is odd." in " ".join((tmp_path / "out/README.txt").read_text().split())


def test_a_clip_that_was_made_anew_from_end_to_end_says_what_would_have_a_proof(
    original: Original, officer: Viewer
) -> None:
    clip = make_clip(officer, original, Stretch(1.2, 1.8), WHY, at=force.NOON + HOUR)

    [made] = carried(under_own_names([clip]))

    assert made.proof is None
    assert "cut at whole pictures it would have a proof" in made.why_not


def test_clips_of_several_recordings_fit_in_one_package(
    original: Original, officer: Viewer, filmed: bytes, tmp_path: Path
) -> None:
    other = force.recording(force.camera("X300"), "other")
    second = force.original(other, filmed, "b.mp4", Kind.VIDEO)
    unit = force.person("Unit", Role.EVIDENCE_UNIT).as_viewer("test")
    clips = [
        make_clip(unit, each, Stretch(1, 3), WHY, at=force.NOON + HOUR)
        for each in (original, second)
    ]
    witness(force.NOON + HOUR)

    made = carried([("data/ABC-1.mp4", clips[0]), ("data/ABC-2.mp4", clips[1])])
    contents = contents_of_made(made, (), force.NOON + HOUR, title="Case 44/2026")

    assert [file.path for file in contents.statement.files] == ["data/ABC-1.mp4", "data/ABC-2.mp4"]
    assert len(contents.statement.subjects) == 2
    assert all(file.clip is not None for file in contents.statement.files)


def test_named_originals_go_along_and_a_package_of_nothing_is_none(
    original: Original, officer: Viewer, tmp_path: Path
) -> None:
    clip = make_clip(officer, original, Stretch(1, 3), WHY, at=force.NOON + HOUR)
    witness(force.NOON + HOUR)
    at, native = force.NOON + HOUR, [("data/native/ABC-1.mp4", original)]

    made = carried([("data/clips/ABC-2.mp4", clip)])
    contents = contents_of_made(made, (), at, title="Case 44/2026", originals=native)
    folder = assemble(tmp_path / "out", contents)

    said = {each.about: each.reason for each in verify(folder, believed()).claims}
    assert said["data/native/ABC-1.mp4"] == "file.identical"
    assert said["data/clips/ABC-2.mp4"] == "clip.with_changes"
    with pytest.raises(CannotPackage):
        contents_of_made((), (), at, title="Case 44/2026")


def test_the_package_of_a_recording_takes_its_clips_along(
    original: Original, officer: Viewer, tmp_path: Path
) -> None:
    unit = force.person("Unit", Role.EVIDENCE_UNIT).as_viewer("test")
    clip = make_clip(unit, original, Stretch(1, 3), WHY, at=force.NOON + HOUR)

    made = prove_recording(
        unit,
        original.recording,
        tmp_path / "out",
        opened=(),
        handed=HANDED,
        at=force.NOON + HOUR,
        copies=[clip],
    )

    claims = {each.name: each for each in verify(made.folder, believed()).claims}
    assert claims["file"].verdict.value != "CONTRADICTED"
    assert claims["clip"].about == f"data/clip-{clip.handle}.mp4"
    kinds = force.kinds(original.recording.handle)
    assert kinds[-2:] == ["recording.packaged", "clips.packaged"]


def test_the_command_cuts_a_clip_and_writes_its_package(original: Original, tmp_path: Path) -> None:
    out, proof = tmp_path / "clip.mp4", tmp_path / "proof"
    handle = original.recording.handle
    asked = [handle, "--from", "0:01", "--to", "0:03", "--out", str(out), "--because", WHY]

    done = CliRunner().invoke(
        clip_command, [*asked, "--with-proof", str(proof), "--for", "CPS"], catch_exceptions=False
    )

    assert done.exit_code == 0, done.output
    clip = Copy.objects.get()
    assert (proof / f"data/clip-{clip.handle}.mp4").read_bytes() == out.read_bytes()
    assert force.kinds(handle)[-2:] == ["clip.fetched", "clips.packaged"]

    again = tmp_path / "again"
    asked = ["package", handle, "--clip", clip.handle, "--without-originals", "--out", str(again)]
    done = CliRunner().invoke(ledger, asked, catch_exceptions=False)

    assert done.exit_code == 0, done.output
    assert [each.name for each in (again / "data").iterdir()] == [f"clip-{clip.handle}.mp4"]


def test_an_original_that_is_not_the_one_committed_to_proves_nothing_and_leaves_no_entry(
    original: Original, officer: Viewer, tmp_path: Path
) -> None:
    clip = make_clip(officer, original, Stretch(1, 3), WHY, at=force.NOON + HOUR)
    Original.objects.filter(pk=original.pk).update(media_root=bytes(32))
    recording, copies = original.recording, [Copy.objects.get(pk=clip.pk)]
    unit = force.person("Unit", Role.EVIDENCE_UNIT).as_viewer("test")
    before = force.kinds(recording.handle)
    asked: dict[str, Any] = {"opened": (), "handed": HANDED, "at": force.NOON + HOUR}

    with pytest.raises(Refused, match="not the file whose packets were committed to"):
        hand_out_clips(officer, recording, copies, HANDED, at=force.NOON + HOUR)
    with pytest.raises(Refused, match="not the file whose packets were committed to"):
        prove_recording(unit, recording, tmp_path / "out", copies=copies, **asked)

    assert force.kinds(recording.handle) == before


def test_the_proof_of_a_clip_is_kept_when_it_was_cut_and_the_original_is_not_read_again(
    original: Original, officer: Viewer, monkeypatch: pytest.MonkeyPatch
) -> None:
    clip = make_clip(officer, original, Stretch(1, 3), WHY, at=force.NOON + HOUR)
    still = make_still(officer, original, 2.5, WHY, at=force.NOON + HOUR)
    [now] = carried([("data/clip.mp4", clip)])

    for handle in (clip.handle, still.handle, "x" * 22):
        keep_proof(handle)

    monkeypatch.setattr(carrying, "run", None)  # whoever proves it again fails
    keep_proof(clip.handle)
    [kept] = carried([("data/clip.mp4", Copy.objects.get(pk=clip.pk))])
    assert kept.proof == now.proof
    assert kept.proof is not None
    assert Copy.objects.get(pk=still.pk).proof is None
