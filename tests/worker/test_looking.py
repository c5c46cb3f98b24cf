"""What is found in originals, by the real sandbox, and what is kept of it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from tests.world import force

from custodes.custody import strongroom
from custodes.custody.queries import history_of
from custodes.intake.rules import Kind
from custodes.kernel.clock import now
from custodes.kernel.ids import new_handle
from custodes.media.generate import footage as generate
from custodes.media.sandbox import SandboxFailed
from custodes.recordings.actions import look
from custodes.recordings.actions.describe import CopyDraft
from custodes.recordings.actions.look import Terms, copy_for_viewing, look_at
from custodes.recordings.actions.scrub import scrub_store
from custodes.recordings.models import Original
from custodes.recordings.reading import open_copy
from custodes.recordings.rules import Purpose
from custodes.vault.keys import DataKey
from custodes.worker.errand import Stopping
from custodes.worker.looking import BY

pytestmark = pytest.mark.django_db(transaction=True)


def terms(**changes: object) -> Terms:
    names: dict[str, str] = {}
    given = {
        "by": BY,
        "keep_going": lambda: None,
        "handle_for": lambda *what: names.setdefault("/".join(what), new_handle()),
        **changes,
    }
    return Terms(**given)  # type: ignore[arg-type]


def a_clip(tmp_path: Path, container: str = "mp4") -> Original:
    clip = generate(tmp_path / f"a.{container}", seconds=2, size=(320, 180), container=container)  # type: ignore[arg-type]
    recording = force.recording(force.camera())
    return force.original(recording, clip.read_bytes(), clip.name, Kind.VIDEO)


def kinds(original: Original) -> list[str]:
    return [told.kind for told in history_of(original.recording.handle)]


def test_a_clip_is_described_with_its_pictures_and_needs_no_copy(tmp_path: Path) -> None:
    original = a_clip(tmp_path)

    look_at(original.handle, terms())
    copy_for_viewing(original.handle, terms())

    original.refresh_from_db()
    assert original.described is not None
    assert original.described["media_type"] == "video/mp4"
    assert original.described["probe"]["browser"]["plays"] is True
    assert original.seconds == pytest.approx(2, abs=0.1)
    assert {copy.purpose for copy in original.copies.all()} == {
        "thumbnail",
        "filmstrip",
        "waveform",
    }
    thumbnail = original.copies.get(purpose=Purpose.THUMBNAIL)
    with open_copy(thumbnail) as reader:
        assert reader.read_at(0, 3) == b"\xff\xd8\xff"
    assert kinds(original)[-4:] == ["copy.made"] * 3 + ["recording.described"]


def test_a_container_no_browser_opens_gets_a_viewing_copy(tmp_path: Path) -> None:
    original = a_clip(tmp_path, "mkv")

    look_at(original.handle, terms())
    copy_for_viewing(original.handle, terms())

    copy = original.copies.get(purpose=Purpose.VIEWING)
    with open_copy(copy) as reader:
        assert reader.read_at(4, 4) == b"ftyp"
    assert kinds(original)[-1] == "copy.made"


def test_looking_twice_changes_nothing(tmp_path: Path) -> None:
    original = a_clip(tmp_path, "mkv")
    look_at(original.handle, terms())
    copy_for_viewing(original.handle, terms())
    before = kinds(original), set(strongroom.vault().store.sealed_handles())

    look_at(original.handle, terms())
    copy_for_viewing(original.handle, terms())

    assert (kinds(original), set(strongroom.vault().store.sealed_handles())) == before


def test_what_is_no_video_is_kept_and_said_to_be_none() -> None:
    original = force.original(force.recording(force.camera()), b"no video", "a.mp4", Kind.VIDEO)

    look_at(original.handle, terms(last_try=True))
    copy_for_viewing(original.handle, terms())

    original.refresh_from_db()
    assert original.described is not None
    assert original.described["faults"]
    assert original.described["media_type"] == "application/octet-stream"
    assert not original.copies.exists()
    original.recording.refresh_from_db()
    assert original.recording.fault == original.described["faults"][0]


def test_a_stop_in_the_middle_leaves_no_half_written_copy(tmp_path: Path) -> None:
    original = a_clip(tmp_path)
    before = set(strongroom.vault().store.incoming_handles())

    def stop_once_something_is_begun() -> None:
        if set(strongroom.vault().store.incoming_handles()) - before:
            raise Stopping

    with pytest.raises(Stopping):
        look_at(original.handle, terms(keep_going=stop_once_something_is_begun))

    original.refresh_from_db()
    assert original.described is None
    assert set(strongroom.vault().store.incoming_handles()) == before


def test_what_a_killed_run_left_half_written_is_thrown_away_by_the_next(tmp_path: Path) -> None:
    original = a_clip(tmp_path)
    before = set(strongroom.vault().store.incoming_handles())
    same = terms()
    left = CopyDraft(
        original, Purpose.THUMBNAIL, "image/jpeg", same.handle_for(original.handle, "thumbnail")
    )
    left.write(b"half a picture")
    left._writer.abandon()  # as a kill would leave it

    look_at(original.handle, same)

    assert set(strongroom.vault().store.incoming_handles()) == before
    assert original.copies.get(purpose=Purpose.THUMBNAIL).handle == left.handle


def test_a_copy_that_a_killed_run_sealed_and_did_not_enter_is_taken_as_it_is(
    tmp_path: Path,
) -> None:
    original = a_clip(tmp_path)
    same = terms()
    handle = same.handle_for(original.handle, "thumbnail")
    left = CopyDraft(original, Purpose.THUMBNAIL, "image/jpeg", handle)
    left.write(b"a picture, whole")
    left.seal()  # and here the kill

    look_at(original.handle, same)

    kept = original.copies.get(purpose=Purpose.THUMBNAIL)
    assert (kept.handle, kept.size) == (handle, len(b"a picture, whole"))
    with open_copy(kept) as reader:
        assert reader.read_at(0, 99) == b"a picture, whole"
    assert handle not in {found.handle for found in scrub_store(by=BY, at=now()).findings}


def test_a_damaged_copy_nobody_entered_is_left_for_the_scrub_and_made_anew(
    tmp_path: Path,
) -> None:
    original = a_clip(tmp_path)
    same = terms()
    handle = same.handle_for(original.handle, "thumbnail")
    stranger = strongroom.vault().begin(handle, "thumbnail", DataKey(bytes(32)))
    stranger.write(b"of another key")
    stranger.finish()

    look_at(original.handle, same)

    assert original.copies.get(purpose=Purpose.THUMBNAIL).handle != handle
    assert handle in {found.handle for found in scrub_store(by=BY, at=now()).findings}
    assert strongroom.vault().store.holds(handle)


def test_a_sandbox_that_gives_up_is_tried_again_before_it_is_believed(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    original = a_clip(tmp_path)

    def out_of_time(*_: object, **__: object) -> None:
        raise SandboxFailed("time", "Opening this file took too long.")

    monkeypatch.setattr(look, "run", out_of_time)

    with pytest.raises(SandboxFailed):
        look_at(original.handle, terms())
    look_at(original.handle, terms(last_try=True))

    original.refresh_from_db()
    assert original.described is not None
    assert original.described["faults"] == ["Opening this file took too long."]


def test_a_track_beside_the_video_tells_where_the_recording_begins() -> None:
    body = {
        "CoordinateEntries": [
            {
                "LocationWKT": f"POINT(-0.115{n} 51.4629)",
                "SecondsFromStart": float(n),
                "Timestamp": f"2026-11-14T12:00:0{n}Z",
            }
            for n in range(3)
        ]
    }
    recording = force.recording(force.camera())
    original = force.original(recording, json.dumps(body).encode(), "t_gpstrail.json", Kind.TRACK)

    look_at(original.handle, terms())

    recording.refresh_from_db()
    assert (recording.latitude, recording.longitude) == (51.4629, -0.1150)
    with open_copy(original.copies.get(purpose=Purpose.TRACK)) as reader:
        points = json.loads(reader.read_at(0, reader.size))["points"]
    assert points[2] == [2.0, -0.1152, 51.4629]
    original.refresh_from_db()
    assert original.described is not None
    assert len(original.described["track"]["points"]) == 1, "where anybody went is sealed"
