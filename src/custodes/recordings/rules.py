"""What state a recording is in, what of it a browser can play, and what is missing.

Rules only: no table, no clock, no files.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Any

from custodes.kernel.digest import unb64u


class State(StrEnum):
    """How far a recording has come."""

    ARRIVING = "arriving"
    COMPLETE = "complete"
    DISPOSED = "disposed"


class Purpose(StrEnum):
    """What a copy is for."""

    VIEWING = "viewing-copy"
    THUMBNAIL = "thumbnail"
    FILMSTRIP = "filmstrip"
    WAVEFORM = "waveform"
    TRACK = "track"


@dataclass(frozen=True, slots=True)
class CameraTimes:
    """When it was filmed, as the camera's own clock has it.

    ``started_at`` includes the pre-event buffer, so it may precede ``trigger_on``.
    """

    started_at: datetime
    ended_at: datetime | None = None
    trigger_on: datetime | None = None
    trigger_off: datetime | None = None
    time_zone: str = ""

    @property
    def pre_event(self) -> timedelta:
        """Return how much was filmed before the trigger."""
        if self.trigger_on is None:
            return timedelta(0)
        return max(self.trigger_on - self.started_at, timedelta(0))


def widened(known: CameraTimes, told: CameraTimes) -> CameraTimes:
    """Return times that cover both: a further file makes a recording longer, never shorter.

    Its own beginning and end are those of that file; the trigger stays the recording's.
    """
    ends = [times.ended_at for times in (known, told) if times.ended_at is not None]
    return replace(
        known,
        started_at=min(known.started_at, told.started_at),
        ended_at=max(ends, default=None),
    )


def may_add(state: State, *, is_its_own: bool) -> bool:
    """Say whether a dock may still add to a recording, or change what is said of it.

    Any dock may while it arrives, because a camera can be moved to another dock half-way.
    Once it is complete, only a dock it came from may.
    """
    return is_its_own or state is not State.COMPLETE


# Baseline, Main and High: 8 bits, 4:2:0. What every browser that plays H.264 plays.
_PLAIN_PROFILES = frozenset({66, 77, 100})


def plays_by_its_packets(tracks: Sequence[Mapping[str, Any]]) -> bool:
    """Say whether the committed track headers alone show that a browser plays the file.

    So film plays the moment it is sealed, before the sandbox has decoded any of
    it. Only the plainest case counts; whatever else there is waits to be looked at.
    """
    pictures = [track for track in tracks if track.get("handler") == "vide"]
    sounds = [track for track in tracks if track.get("handler") == "soun"]
    return (
        bool(pictures)
        and all(track.get("container") == "mp4" for track in tracks)
        and all(_is_plain_h264(track) for track in pictures)
        and all(track.get("codec") == "aac" for track in sounds)
    )


def _is_plain_h264(track: Mapping[str, Any]) -> bool:
    if track.get("codec") != "h264":
        return False
    # H.264 s7.3.1, s7.3.2.1.1: NAL unit type 7 is a sequence parameter set, and its
    # first byte after the header is profile_idc.
    units = [unb64u(unit) for unit in track.get("params", ())]
    profiles = {unit[1] for unit in units if len(unit) > 1 and unit[0] & 0x1F == 7}
    return bool(profiles) and profiles <= _PLAIN_PROFILES


def is_the_same_file(sha256: str, held_sha256: str) -> bool:
    """Say whether a file delivered under a known name is the one already held."""
    return sha256 == held_sha256


class Why(StrEnum):
    """Why footage is thought to be missing."""

    SKIPPED = "skipped"
    COUNTER = "counter"
    BACK = "back"
    LISTED = "listed"
    UNFINISHED = "unfinished"


@dataclass(frozen=True, slots=True)
class Missing:
    """So many recordings that should exist; with the camera's numbers where it has any."""

    why: Why
    count: int
    first: int | None = None
    last: int | None = None


def skipped(highest: int | None, given: int, awaited: Collection[int]) -> tuple[Missing, ...]:
    """Return the numbers a camera passed over when it gave this one after the highest so far.

    ``awaited`` numbers were listed at a dock and may still come.
    """
    if highest is None:
        return ()
    return tuple(_between(highest, given, awaited))


def missing_on_camera(
    before: int | None, after: int | None, listed: Collection[int], items: int
) -> tuple[Missing, ...]:
    """Return what a camera counted since it was last read and does not have any more.

    ``before`` and ``after`` are its counter then and now, ``listed`` the numbers of
    what lies on it, and ``items`` how many recordings of it are not held yet.
    """
    if before is None or after is None:
        return ()
    if after < before:
        return (Missing(Why.BACK, 0),)
    if listed:
        return tuple(_between(before, after + 1, listed))
    moved = after - before
    return (Missing(Why.COUNTER, moved - items, before + 1, after),) if moved > items else ()


def _between(low: int, high: int, there: Collection[int]) -> Iterator[Missing]:
    """Yield the runs of numbers between two that are not there."""
    before = low
    for number in sorted({each for each in there if low < each < high} | {high}):
        if number > before + 1:
            yield Missing(Why.SKIPPED, number - before - 1, before + 1, number - 1)
        before = number
