"""One position at one moment of a recording, and which positions are believed."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from custodes.kernel.clock import rfc3339

MAX_POINTS = 100_000
_LONGEST = 7 * 24 * 3600


@dataclass(frozen=True, slots=True)
class TrackPoint:
    """Seconds from the recording's start, degrees WGS 84, metres if known."""

    seconds: float
    longitude: float
    latitude: float
    accuracy: float | None = None
    at: datetime | None = None

    @property
    def believable(self) -> bool:
        """Say whether this can be a position: on Earth, in time, and not 0, 0.

        Receivers without a fix write 0, 0; nobody polices that piece of sea.
        """
        numbers = (self.seconds, self.longitude, self.latitude)
        return (
            all(math.isfinite(number) for number in numbers)
            and -180 <= self.longitude <= 180
            and -90 <= self.latitude <= 90
            and (abs(self.longitude) > 1e-4 or abs(self.latitude) > 1e-4)
            and abs(self.seconds) < _LONGEST
        )

    def as_json(self) -> dict[str, Any]:
        """Return the point as JSON members; ``at`` is RFC 3339, left out when unknown."""
        members: dict[str, Any] = {
            "seconds": round(self.seconds, 3),
            "longitude": round(self.longitude, 7),
            "latitude": round(self.latitude, 7),
        }
        if self.accuracy is not None and math.isfinite(self.accuracy):
            members["accuracy"] = round(self.accuracy, 2)
        if self.at is not None:
            members["at"] = rfc3339(self.at)
        return members


@dataclass(frozen=True, slots=True)
class Track:
    """The believed points in order of time, and how many were not believed."""

    kind: str
    points: tuple[TrackPoint, ...]
    dropped: int

    def as_json(self) -> dict[str, Any]:
        """Return the track as JSON members."""
        return {
            "kind": self.kind,
            "points": [point.as_json() for point in self.points],
            "dropped": self.dropped,
        }


def track_of(kind: str, points: Iterable[TrackPoint | None]) -> Track:
    """Keep what is believable, sorted; None stands for a point that could not be read."""
    kept: list[TrackPoint] = []
    dropped = 0
    for point in points:
        if point is not None and point.believable and len(kept) < MAX_POINTS:
            kept.append(point)
        else:
            dropped += 1
    return Track(kind, tuple(sorted(kept, key=lambda point: point.seconds)), dropped)
