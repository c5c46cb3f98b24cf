"""What state a recording is in, what of it plays, what is missing, and what a lock lets through.

Rules only: no table, no clock, no files.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Any

from custodes.intake.rules import LONGEST_RECORDING
from custodes.kernel.areas import Area, Position
from custodes.kernel.digest import unb64u
from custodes.kernel.spans import Span
from custodes.people.rules import Permission, Role


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
    CLIP = "clip"
    STILL = "still"


#: What people make, as often as they need; of everything else there is one a file.
MADE_BY_PEOPLE = (Purpose.CLIP, Purpose.STILL)


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


def believed(state: State, known: CameraTimes, told: CameraTimes) -> CameraTimes:
    """Return when it was filmed, once a dock has told other times of it.

    While it arrives, the last word counts. Of a complete recording nothing a dock says
    brings the end forward, and with it the day on which it is deleted (RET-01): its span
    only grows, and what was not said before is filled in. What is not believed is kept as
    it was told.
    """
    if state is State.ARRIVING:
        return told
    # Of what nobody knows the end of, the beginning is all there is: an end before it is none,
    # and a beginning moved back by one message would let the next one end it there.
    ends = known.ended_at or (told.ended_at and told.ended_at >= known.started_at)
    grown = widened(known, told) if ends else known
    return replace(
        grown,
        trigger_on=known.trigger_on or told.trigger_on,
        trigger_off=known.trigger_off or told.trigger_off,
        time_zone=known.time_zone or told.time_zone,
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


def codes_of(lines: str) -> tuple[str, ...]:
    """Return the codes of categories that are kept one a line."""
    return tuple(lines.split("\n")) if lines else ()


def with_code(lines: str, code: str) -> str:
    """Add the code of a category to those that are kept one a line; none stands there twice."""
    return "\n".join(dict.fromkeys([*codes_of(lines), code]))


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


class LockKind(StrEnum):
    """Why only those who are named may see a recording, or know that it is there."""

    POST_INCIDENT = "post-incident"
    RESTRICTED = "restricted"
    SCRUTINY = "scrutiny"


LOCK_NAMES: Mapping[LockKind, str] = MappingProxyType(
    {
        LockKind.POST_INCIDENT: "a death or serious injury is looked into",
        LockKind.RESTRICTED: "it is restricted instead of erased",
        LockKind.SCRUTINY: "it is kept for the scrutiny panel only",
    }
)


class OpenFor(StrEnum):
    """What somebody is named for who may see what a lock keeps from all others."""

    INVESTIGATION = "investigation"
    MANAGEMENT = "management"
    OWN_FOOTAGE = "own-footage"
    OTHER_KPW_FOOTAGE = "other-kpw-footage"
    DEBRIEF = "debrief"
    LEGAL = "legal"
    SCRUTINY = "scrutiny"


_LOOKS = frozenset({Permission.SEARCH, Permission.PLAY})
_MANAGES = _LOOKS | {Permission.SEE_CUSTODY, Permission.CHECK}
_TAKES = _MANAGES | {Permission.MAKE_CLIPS, Permission.FETCH_ORIGINAL, Permission.OPEN_DETAILS}
_OPENS: Mapping[OpenFor, frozenset[Permission]] = MappingProxyType(
    {
        OpenFor.INVESTIGATION: _TAKES,
        OpenFor.MANAGEMENT: _MANAGES,
        OpenFor.OWN_FOOTAGE: _LOOKS,
        OpenFor.OTHER_KPW_FOOTAGE: _LOOKS,
        OpenFor.DEBRIEF: _LOOKS,
        OpenFor.LEGAL: _TAKES,
        OpenFor.SCRUTINY: _LOOKS,
    }
)


def opens(
    kind: LockKind, roles: Collection[Role], named_for: Collection[OpenFor], permission: Permission
) -> bool:
    """Say whether a lock lets a permission through, for somebody with these roles who is named.

    Inside a lock roles count for nothing, with two exceptions: the police watchdog sees
    what a post-incident procedure keeps or kept from the force, and asks nobody for leave; what is
    kept for the scrutiny panel opens to its members only, and to them when they are named.
    """
    if kind is LockKind.POST_INCIDENT and Role.WATCHDOG in roles and permission in _TAKES:
        return True
    if kind is LockKind.SCRUTINY and Role.PANEL not in roles:
        return False
    return any(permission in _OPENS[purpose] for purpose in named_for)


def purposes_that_open(permission: Permission) -> frozenset[OpenFor]:
    """Return what somebody must be named for so that a lock lets the permission through."""
    return frozenset(purpose for purpose, given in _OPENS.items() if permission in given)


@dataclass(frozen=True, slots=True)
class Filmed:
    """What a lock that stands needs to know of a recording; handles, and the place's name.

    ``offset`` is how far our clock was ahead of the camera's, where that was measured;
    ``position`` is where it began, where anybody knows.
    """

    started_at: datetime
    ended_at: datetime | None
    camera: str
    wearer: str = ""
    place: str = ""
    offset: timedelta = timedelta(0)
    position: Position | None = None


@dataclass(frozen=True, slots=True)
class Net:
    """What a lock that stands reaches for: filmed in the span, by any of these people or
    cameras, at one of these places or in one of these areas. Handles, and names of places.
    """

    span: Span
    wearers: frozenset[str] = frozenset()
    cameras: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    areas: frozenset[Area] = frozenset()

    def catches(self, filmed: Filmed) -> bool:
        """Say whether a recording falls into it; whichever clock was right, if in doubt yes."""
        who = (
            filmed.wearer in self.wearers
            or filmed.camera in self.cameras
            or filmed.place in self.places
            or any(area.holds(filmed.position) for area in self.areas)
        )
        return who and (self._in_time(filmed, timedelta(0)) or self._in_time(filmed, filmed.offset))

    def _in_time(self, filmed: Filmed, moved: timedelta) -> bool:
        # One that does not say when it ended may have gone on for as long as any can.
        end = filmed.ended_at or filmed.started_at + LONGEST_RECORDING
        return filmed.started_at + moved < self.span.end and end + moved >= self.span.start
