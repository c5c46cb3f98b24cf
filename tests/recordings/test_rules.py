"""What plays by its packets alone, how long a recording is, and who may add to it."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from custodes.kernel.digest import b64u
from custodes.recordings.rules import (
    CameraTimes,
    State,
    may_add,
    plays_by_its_packets,
    widened,
)

MINUTE = timedelta(minutes=1)

HIGH, HIGH_10, HIGH_444 = (b64u(bytes([0x67, profile, 0, 30])) for profile in (100, 110, 244))
PICTURE = {"container": "mp4", "handler": "vide", "codec": "h264", "params": [HIGH, b64u(b"h\xef")]}
SOUND = {"container": "mp4", "handler": "soun", "codec": "aac", "params": []}
TEXT = {"container": "mp4", "handler": "text", "codec": "tx3g"}


@pytest.mark.parametrize("tracks", [[PICTURE], [PICTURE, SOUND], [PICTURE, SOUND, TEXT]])
def test_plain_h264_with_aac_in_mp4_plays_the_moment_it_is_sealed(
    tracks: list[dict[str, Any]],
) -> None:
    assert plays_by_its_packets(tracks)


@pytest.mark.parametrize(
    "tracks",
    [
        [],
        [SOUND],
        [PICTURE | {"codec": "hevc"}],
        [PICTURE | {"container": "matroska"}],
        [PICTURE | {"params": [HIGH_10]}],
        [PICTURE | {"params": [HIGH, HIGH_444]}],
        [PICTURE | {"params": []}],
        [PICTURE, SOUND | {"codec": "ac3"}],
    ],
)
def test_anything_else_waits_to_be_looked_at(tracks: list[dict[str, Any]]) -> None:
    assert not plays_by_its_packets(tracks)


def test_a_further_file_makes_a_recording_longer_and_never_shorter() -> None:
    began = datetime(2024, 5, 14, 12, tzinfo=UTC)
    known = CameraTimes(began, began + MINUTE, trigger_on=began)

    later = widened(known, CameraTimes(began + MINUTE, began + 2 * MINUTE))
    inside = widened(known, CameraTimes(began + MINUTE / 2))
    earlier = widened(known, CameraTimes(began - MINUTE))

    assert (later.started_at, later.ended_at) == (began, began + 2 * MINUTE)
    assert inside == known
    assert (earlier.started_at, earlier.trigger_on) == (began - MINUTE, began)


@pytest.mark.parametrize(
    ("state", "its_own", "may"),
    [
        (State.ARRIVING, False, True),
        (State.ARRIVING, True, True),
        (State.COMPLETE, True, True),
        (State.COMPLETE, False, False),
    ],
)
def test_only_its_own_docks_add_to_a_complete_recording(
    state: State, its_own: bool, may: bool
) -> None:
    assert may_add(state, is_its_own=its_own) == may
