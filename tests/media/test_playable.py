"""Which films are in the playable profile, as the task finds and the rule judges them."""

from __future__ import annotations

import pytest
from tests.media.packets.films import FASTSTART, film

from custodes.media import profile
from custodes.media.clip.cutting import task as cut
from custodes.media.playable import why_not_playable
from custodes.media.sandbox import BytesReader, Limits, run
from custodes.media.sandbox.ports import MemorySink

GOOD = {
    "container": "MP4",
    "tables_first": True,
    "pictures_decoded": 12,
    "decode_errors": 0,
    "tracks": [
        {"kind": "video", "codec": "h264", "profile": "High", "pixels": "yuv420p"},
        {"kind": "audio", "codec": "aac", "profile": "LC"},
    ],
}


class Outside(MemorySink):
    def progress(self, fraction: float) -> None:
        assert 0 <= fraction <= 1


def judged(content: bytes) -> tuple[str, ...]:
    return why_not_playable(profile.task(BytesReader(content), {}, Outside()))


@pytest.mark.parametrize("coded", ["baseline", "main", "high"])
def test_h264_up_to_high_with_aac_and_its_tables_in_front_is_playable(coded: str) -> None:
    assert judged(film(muxer=FASTSTART, encoder={"profile": coded})) == ()


@pytest.mark.parametrize(
    ("made", "says"),
    [
        ({}, "Its tables stand at its end, so that a player must load all of it first."),
        ({"video": "libx265", "muxer": FASTSTART}, "Its pictures are HEVC, not H.264."),
        ({"sound": "libmp3lame", "muxer": FASTSTART}, "Its sound is MP3, not AAC."),
        ({"container": "mkv"}, "It is Matroska, not MP4."),
        ({"video": None, "muxer": FASTSTART}, "There are no moving pictures in it."),
    ],
)
def test_what_some_player_does_not_show_is_named(made: dict[str, object], says: str) -> None:
    assert judged(film(**made)) == (says,)  # type: ignore[arg-type]


def test_a_clip_of_any_h264_mp4_is_playable() -> None:
    outside = Outside()
    cut(BytesReader(film(frames=80)), {"start": 0.5, "end": 2.5, "how": "exact"}, outside)

    assert judged(bytes(outside.blobs["clip.mp4"])) == ()


def test_the_walled_in_task_says_the_same() -> None:
    limits = Limits(30, 60, 1 << 30)

    found = run("profile", BytesReader(film(muxer=FASTSTART)), {}, limits=limits)

    assert why_not_playable(found) == ()
    assert found["pictures_decoded"] >= 12


def test_what_nobody_looked_at_or_cannot_be_decoded_is_not_playable() -> None:
    assert why_not_playable(GOOD) == ()
    assert why_not_playable(None) == ("Nobody has looked whether it plays.",)
    assert why_not_playable({**GOOD, "pictures_decoded": 0}) == (
        "None of its pictures could be decoded.",
    )
    assert why_not_playable({**GOOD, "decode_errors": 1}) == (
        "Some of its pictures could not be decoded.",
    )


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({"profile": "High 4:2:2"}, "Its pictures are H.264 High 4:2:2, not High."),
        ({"profile": None}, "Its pictures are H.264 of an unknown profile, not High."),
        ({"pixels": "yuv422p"}, "Its pictures are stored as yuv422p, not as 4:2:0."),
    ],
)
def test_pictures_beyond_the_profile_are_named(change: dict[str, object], says: str) -> None:
    video, sound = GOOD["tracks"]  # type: ignore[misc]

    assert why_not_playable({**GOOD, "tracks": [{**video, **change}, sound]}) == (says,)


def test_of_a_large_film_it_is_said_where_whole_pictures_stand(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(profile, "_SMALL", 100)
    content = film(frames=100, muxer=FASTSTART, encoder={"g": "25", "x264-params": "scenecut=0"})

    whole = profile.task(BytesReader(content), {}, Outside())["whole"]

    assert [round(at, 2) for at, _ in whole] == [0.0, 1.0, 2.0, 3.0]
    assert [before for _, before in whole] == sorted(before for _, before in whole)
    assert 0 < whole[-1][1] < len(content)
