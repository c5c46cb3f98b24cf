"""What plays by its packets alone, how long a recording is, and who may add to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custodes.kernel.digest import b64u
from custodes.recordings.rules import (
    CameraTimes,
    State,
    believed,
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


BEGAN = datetime(2024, 5, 14, 12, tzinfo=UTC)
DAY = timedelta(days=1)
_MOMENTS = st.integers(-90, 90).map(lambda hours: BEGAN + timedelta(hours=hours))
_TOLD = st.builds(
    CameraTimes, _MOMENTS, st.none() | _MOMENTS, st.none() | _MOMENTS, st.none() | _MOMENTS
)


def test_while_it_arrives_the_last_word_on_its_times_counts() -> None:
    told = CameraTimes(BEGAN - DAY, BEGAN - DAY + MINUTE)

    assert believed(State.ARRIVING, CameraTimes(BEGAN, BEGAN + MINUTE), told) == told


def test_of_a_complete_recording_only_what_was_not_said_is_filled_in() -> None:
    known = CameraTimes(BEGAN, BEGAN + MINUTE, trigger_on=BEGAN)
    told = CameraTimes(BEGAN, BEGAN + 2 * MINUTE, BEGAN - DAY, BEGAN + MINUTE, "Europe/London")

    since = believed(State.COMPLETE, known, told)

    assert since == replace(told, trigger_on=BEGAN)


def test_an_end_before_the_beginning_leaves_the_end_unknown() -> None:
    known = CameraTimes(BEGAN)

    early = believed(State.COMPLETE, known, CameraTimes(BEGAN - DAY, BEGAN - DAY + MINUTE))
    later = believed(State.COMPLETE, early, CameraTimes(BEGAN, BEGAN + MINUTE))

    assert (early.started_at, early.ended_at) == (BEGAN, None)
    assert later.ended_at == BEGAN + MINUTE


@given(known=_TOLD, told=st.lists(_TOLD, max_size=6))
def test_no_words_about_a_complete_recording_make_it_end_earlier_or_begin_later(
    known: CameraTimes, told: list[CameraTimes]
) -> None:
    for each in told:
        since = believed(State.COMPLETE, known, each)
        assert since.started_at <= known.started_at
        # Of what has no end yet, the beginning is the earliest it can be.
        assert (since.ended_at or since.started_at) >= (known.ended_at or known.started_at)
        known = since


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
