"""The picture of which camera saw what when: a lane a camera, drawn as wide as the page."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.urls import reverse
from django.utils.timezone import localtime

from custodes.incidents.queries import Sight
from custodes.kernel.spans import Span
from custodes.web.words import length

if TYPE_CHECKING:
    from custodes.recordings.models import Recording

WIDTH = 1000
# What lasts a moment is still to be seen.
_NARROWEST = 4


@dataclass(frozen=True, slots=True)
class Bar:
    """One recording in its lane, in thousandths of the time shown; ``url`` if it may be opened."""

    x: int
    width: int
    title: str
    url: str


@dataclass(frozen=True, slots=True)
class Lane:
    """One camera: what it is called, how it stands, and its bars."""

    sight: Sight
    kind: str
    word: str
    bars: tuple[Bar, ...]


def lanes(sights: Iterable[Sight], shown: Span, known: Collection[str]) -> list[Lane]:
    """Return the lanes of a picture; ``known`` are the recordings that may be opened."""
    return [
        Lane(sight, *_standing(sight), tuple(_bar(each, shown, known) for each in sight.recordings))
        for sight in sights
    ]


def place_of(at: datetime, shown: Span) -> int:
    """Return where a moment lies in the picture."""
    return round(WIDTH * min(max((at - shown.start) / shown.length, 0.0), 1.0))


def _standing(sight: Sight) -> tuple[str, str]:
    if sight.needs_recovery:
        return "refused", "Not docked for more than 12 hours"
    if sight.unrecovered:
        return "needs", "Not docked yet"
    return "quiet", "Docked" if sight.is_named else "Caught by where it filmed"


def _bar(recording: Recording, shown: Span, known: Collection[str]) -> Bar:
    start = localtime(recording.started_at)
    end = recording.ended_at or recording.started_at
    x = place_of(recording.started_at, shown)
    lasts = f", {length(recording.seconds)}" if recording.seconds else ""
    handle = recording.handle
    return Bar(
        x=min(x, WIDTH - _NARROWEST),
        width=max(place_of(end, shown) - x, _NARROWEST),
        title=f"{start:%-d %b %H:%M:%S %Z}{lasts}",
        url=reverse("recording", args=[handle]) if handle in known else "",
    )
