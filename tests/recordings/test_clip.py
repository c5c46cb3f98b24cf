"""Clips and stills as people make them: who may, what is on record, and when they go."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.world import force

from custodes.custody import strongroom
from custodes.custody.queries import history_of
from custodes.intake.rules import Kind
from custodes.kernel.clock import now
from custodes.kernel.digest import sha256
from custodes.kernel.errors import NotFound
from custodes.media.generate import footage
from custodes.media.sandbox import SandboxFailed
from custodes.people.rules import Role
from custodes.recordings.actions.clip import Stretch, fetch_clip, make_clip, make_still
from custodes.recordings.actions.dispose import find_footage, forget_footage
from custodes.recordings.actions.scrub import scrub_store
from custodes.recordings.clips import made_for, made_of
from custodes.recordings.errors import NeedsAReason, NotYours, Unusable
from custodes.recordings.models import Copy, Original, Recipient, Recording
from custodes.recordings.moments import seconds_into
from custodes.recordings.reading import open_copy

pytestmark = pytest.mark.django_db(transaction=True)
WHY = "It shows the arrest."


@pytest.fixture(scope="module")
def filmed(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("film") / "a.mp4"
    return footage(path, seconds=6, size=(320, 180)).read_bytes()


@pytest.fixture
def original(filmed: bytes) -> Original:
    wearer = force.person("Ada Okafor", team="Response A")
    of = force.recording(force.camera(wearer=wearer))
    Recording.objects.filter(pk=of.pk).update(clock_offset_ms=1500)
    of.refresh_from_db()
    return force.original(of, filmed, "a.mp4", Kind.VIDEO)


def told(original: Original, kind: str) -> dict[str, str]:
    [found] = [e for e in history_of(original.recording.handle) if e.kind == kind]
    return dict(found.fields)


def test_an_officer_cuts_a_clip_of_their_own_footage(original: Original) -> None:
    viewer = original.recording.wearer.as_viewer("test")  # type: ignore[union-attr]

    copy = make_clip(viewer, original, Stretch(1.2, 3.2), WHY, at=now())

    with open_copy(copy) as reader:
        content = reader.read_at(0, reader.size)
    assert sha256(content).hex() == copy.sha256
    assert copy.about["begins"] == pytest.approx(1.2, abs=0.001)
    assert 0 < copy.about["new"] < copy.about["packets"]
    assert (copy.recipe["of"], copy.recipe["params"]) == (
        original.sha256,
        {"start": 1.2, "end": 3.2, "how": "exact"},
    )
    said = told(original, "clip.made")
    assert (said["because"], said["sha256"]) == (WHY, copy.sha256)
    assert said["moments"] == "2026-11-14T12:00:01.200Z to 2026-11-14T12:00:03.200Z"


def test_what_is_public_of_a_clip_is_which_and_how_large(original: Original) -> None:
    viewer = original.recording.wearer.as_viewer("test")  # type: ignore[union-attr]

    copy = make_clip(viewer, original, Stretch(1, 2), WHY, at=now())

    [entry] = [e for e in history_of(original.recording.handle) if e.kind == "clip.made"]
    assert dict(entry.facts) == {"o": original.handle, "c": copy.handle, "z": copy.size}


def test_a_still_is_kept_with_its_time_by_both_clocks(original: Original) -> None:
    viewer = original.recording.wearer.as_viewer("test")  # type: ignore[union-attr]

    copy = make_still(viewer, original, 2.5, WHY, at=now())

    said = told(original, "still.made")
    assert (said["moment"], said["utc"]) == ("2026-11-14T12:00:02.480Z", "2026-11-14T12:00:03.980Z")
    assert copy.media_type == "image/png"


@pytest.mark.parametrize(
    ("role", "refusal"),
    [(Role.AUDITOR, NotYours), (Role.ADMINISTRATOR, NotFound), (Role.OFFICER, NotFound)],
)
def test_whoever_may_not_play_it_makes_nothing(
    original: Original, role: Role, refusal: type[Exception]
) -> None:
    viewer = force.person("Somebody Else", role).as_viewer("test")

    with pytest.raises(refusal):
        make_clip(viewer, original, Stretch(1, 2), WHY, at=now())

    assert not Copy.objects.exists()
    assert "clip.made" not in force.kinds(original.recording.handle)


def test_a_clip_without_a_reason_is_refused(original: Original) -> None:
    viewer = original.recording.wearer.as_viewer("test")  # type: ignore[union-attr]

    with pytest.raises(NeedsAReason):
        make_clip(viewer, original, Stretch(1, 2), "  ", at=now())

    assert not Copy.objects.exists()


def test_what_cannot_be_cut_leaves_nothing_behind(original: Original) -> None:
    viewer = original.recording.wearer.as_viewer("test")  # type: ignore[union-attr]

    before = set(strongroom.vault().store.sealed_handles())

    with pytest.raises(SandboxFailed, match="shows nothing between"):
        make_clip(viewer, original, Stretch(100, 200), WHY, at=now())

    assert not Copy.objects.exists()
    assert "clip.made" not in force.kinds(original.recording.handle)
    assert set(strongroom.vault().store.sealed_handles()) == before


def test_clips_are_listed_for_those_who_may_make_them_and_fetched_on_the_record(
    original: Original,
) -> None:
    viewer = original.recording.wearer.as_viewer("test")  # type: ignore[union-attr]
    make_clip(viewer, original, Stretch(1, 2), WHY, at=now())
    make_clip(viewer, original, Stretch(3, 4), "another", at=now())

    newest, _ = made_of(viewer, original.recording)
    fetch_clip(
        viewer, made_for(viewer, original.recording.handle, newest.copy.handle), WHY, at=now()
    )

    assert (newest.because, newest.by, newest.is_clip) == ("another", "Ada Okafor", True)
    assert newest.seconds == pytest.approx(1, abs=0.05)
    assert told(original, "clip.fetched")["made"] == newest.copy.handle
    given = Recipient.objects.get()  # who has to be told when the recording is deleted
    assert (given.recording, given.name, given.what) == (original.recording, viewer.name, "a clip")
    assert given.person_id == viewer.person
    auditor = force.person("An Auditor", Role.AUDITOR).as_viewer("test")
    assert made_of(auditor, original.recording) == []
    with pytest.raises(NotFound):
        made_for(auditor, original.recording.handle, newest.copy.handle)


def test_clips_are_scrubbed_and_go_with_their_original(original: Original) -> None:
    viewer = original.recording.wearer.as_viewer("test")  # type: ignore[union-attr]
    copy = make_clip(viewer, original, Stretch(1, 2), WHY, at=now())

    scrubbed = scrub_store(by=force.CLERK, at=now())
    footage = find_footage([original.recording.pk])
    forget_footage(footage)
    gone = footage.gone

    assert copy.handle not in {finding.handle for finding in scrubbed.findings}
    assert copy.handle in gone[original.recording.pk].objects
    assert not Copy.objects.exists()


@pytest.mark.parametrize(
    ("said", "seconds"),
    [("75.5", 75.5), ("1:15.5", 75.5), ("0:01:15.5", 75.5), ("2026-11-14T12:01:15.5Z", 75.5)],
)
def test_moments_can_be_typed_in_several_ways(
    original: Original, said: str, seconds: float
) -> None:
    assert seconds_into(original, said) == pytest.approx(seconds)


@pytest.mark.parametrize("said", ["", "soon", "1:2:3:4", "2026-11-14T12:01:15.5", "-3"])
def test_what_is_no_moment_is_refused(original: Original, said: str) -> None:
    with pytest.raises(Unusable):
        seconds_into(original, said)


def test_a_second_file_begins_where_the_first_ended(original: Original, filmed: bytes) -> None:
    Original.objects.filter(pk=original.pk).update(seconds=6.0)
    second = force.original(original.recording, filmed + b"\0\0\0\x08free", "b.mp4", Kind.VIDEO)

    began = original.recording.started_at + timedelta(seconds=6)
    assert seconds_into(second, (began + timedelta(seconds=2)).isoformat()) == 2


def test_a_clip_of_whole_pictures_begins_before_and_makes_nothing_anew(original: Original) -> None:
    viewer = force.person("Unit", Role.EVIDENCE_UNIT).as_viewer("test")

    copy = make_clip(viewer, original, Stretch(1, 2, exact=False), WHY, at=now())

    assert (copy.about["begins"], copy.about["new"]) == (0, 0)


def test_a_clip_whose_entry_cannot_be_written_is_not_kept(
    original: Original, monkeypatch: pytest.MonkeyPatch
) -> None:
    viewer = original.recording.wearer.as_viewer("test")  # type: ignore[union-attr]

    def full(*_: object, **__: object) -> None:
        raise OSError("no space")

    monkeypatch.setattr("custodes.recordings.actions.clip.record", full)
    with pytest.raises(OSError, match="no space"):
        make_clip(viewer, original, Stretch(1, 2), WHY, at=now())

    assert not Copy.objects.exists()
