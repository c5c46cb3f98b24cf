"""Which other cameras may have filmed the same thing, and whether all were looked at.

A prosecution failed because footage of another officer's camera had not been
disclosed. So every recording that overlaps one of the case in time and place is found,
and stays open until somebody has said what becomes of it. If in doubt, it overlaps.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from custodes.kernel.areas import metres_between
from custodes.kernel.spans import Span

#: How far apart two cameras still film one scene, in metres (a proposal).
NEAR = 300
#: What clocks that nobody compared may differ by (a proposal).
SLACK = timedelta(minutes=2)
# A recording whose end nobody knows may have gone on for so long.
_AT_MOST = timedelta(hours=48)


@dataclass(frozen=True, slots=True)
class Filmed:
    """What is known of when and where a recording was made. Empty or None: not known.

    ``incidents`` names the deaths and serious injuries it is held for.
    """

    recording: int
    started_at: datetime
    ended_at: datetime | None = None
    place: str = ""
    latitude: float | None = None
    longitude: float | None = None
    camera: int | None = None
    wearer: int | None = None
    team: int | None = None
    incidents: frozenset[int] = frozenset()

    @property
    def span(self) -> Span:
        """Return when it was filmed, with room for clocks that are wrong."""
        end = self.ended_at if self.ended_at is not None else self.started_at + _AT_MOST
        return Span(self.started_at - SLACK, max(end, self.started_at) + SLACK)


def overlap(one: Filmed, other: Filmed) -> str:
    """Say why two recordings may show the same thing, or nothing when they cannot.

    What is held for the same death or serious injury belongs together whatever the
    clocks say. Else the same place by name decides, then positions where both are
    known; where neither can tell, the same camera, wearer or team is taken for the
    same place.
    """
    if one.recording == other.recording:
        return ""
    if one.incidents & other.incidents:
        return "held for the same death or serious injury"
    return _beside(one, other) if one.span.overlaps(other.span) else ""


def _beside(one: Filmed, other: Filmed) -> str:
    """Say why two recordings of one time may be of one place."""
    metres = distance(one, other)
    if one.place and one.place == other.place:
        return f"filmed at the same time at {one.place}"
    if metres is not None:
        return f"filmed at the same time {metres:,.0f} m away" if metres <= NEAR else ""
    for mine, others, words in (
        (one.camera, other.camera, "by the same camera at the same time"),
        (one.wearer, other.wearer, "by the same wearer at the same time"),
        (one.team, other.team, "at the same time by the same team; the places cannot be compared"),
    ):
        if mine is not None and mine == others:
            return f"filmed {words}"
    return ""


def distance(one: Filmed, other: Filmed) -> float | None:
    """Return how many metres lie between where two began, or None when nobody knows."""
    if one.latitude is None or one.longitude is None:
        return None
    if other.latitude is None or other.longitude is None:
        return None
    return metres_between((one.latitude, one.longitude), (other.latitude, other.longitude))


def siblings(of: Iterable[Filmed], among: Iterable[Filmed]) -> dict[int, str]:
    """Return which recordings overlap one of the case, each with why; never those of the case."""
    case = list(of)
    own = {each.recording for each in case}
    found = {}
    for other in among:
        if other.recording in own:
            continue
        if why := next(filter(None, (overlap(each, other) for each in case)), ""):
            found[other.recording] = why
    return found


def stretches(of: Iterable[Filmed]) -> list[Span]:
    """Return the stretches of time a case was filmed in, each once, in order."""
    merged: list[Span] = []
    for span in sorted((each.span for each in of), key=lambda span: span.start):
        if merged and span.start <= merged[-1].end:
            merged[-1] = Span(merged[-1].start, max(merged[-1].end, span.end))
        else:
            merged.append(span)
    return merged


def what_is_open(not_looked_at: int, *, sought: bool) -> tuple[str, ...]:
    """Return what keeps a case from being released; nothing when every camera is accounted for.

    ``sought``: somebody who may know of every recording has looked for other cameras
    and nothing has come since.
    """
    faults = []
    if not_looked_at:
        number = "1 recording" if not_looked_at == 1 else f"{not_looked_at:,} recordings"
        faults.append(f"Nobody has said what becomes of {number}.")
    if not sought:
        faults.append(
            "Somebody who reaches every recording, such as the evidence unit, has to look for"
            " other cameras."
        )
    return tuple(faults)
