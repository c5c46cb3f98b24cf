"""Where on earth something was, and whether that is within so many metres of a point.

Positions are latitude and longitude in decimal degrees (WGS 84), as cameras give them. The
earth is a sphere here: a distance may be off by half a per cent, less than a position is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from math import asin, cos, degrees, radians, sin, sqrt

Position = tuple[float, float]

#: The mean radius of the earth in metres (IUGG).
EARTH = 6_371_008.8
#: The widest circle that is a place and not a county, in metres (a proposal).
FARTHEST = 50_000
# A millionth of a degree, 11 cm: what rounding may cost the box, and no more.
_SLACK = 1e-6
_TWO_NUMBERS = re.compile(
    r"([+-]?\d{1,3}(?:\.\d{1,15})?)(?:\s*,\s*|\s+)([+-]?\d{1,3}(?:\.\d{1,15})?)"
)


@dataclass(frozen=True, slots=True)
class Box:
    """What surely has all of an area in it; ``longitudes`` are two across the antimeridian."""

    south: float
    north: float
    longitudes: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True, order=True)
class Area:
    """A circle on the earth. Raises ValueError, with a sentence, for one that there cannot be."""

    latitude: float
    longitude: float
    metres: float

    def __post_init__(self) -> None:
        if not (-90 <= self.latitude <= 90 and -180 <= self.longitude <= 180):
            raise ValueError("A latitude goes from -90 to 90 degrees, a longitude to 180.")
        if not 0 < self.metres <= FARTHEST:
            raise ValueError(f"Give a distance of up to {FARTHEST:,} metres.")

    @property
    def reach(self) -> float:
        """Return the haversine of its radius, with which :func:`haversine` is compared."""
        return sin(self.metres / EARTH / 2) ** 2

    def holds(self, position: Position | None) -> bool:
        """Say whether a position lies in it, its edge included; one nobody knows does not."""
        if position is None:
            return False
        return haversine((self.latitude, self.longitude), position) <= self.reach

    def box(self) -> Box:
        """Return a box around it, for who asks a table before asking the rule."""
        angle = degrees(self.metres / EARTH) + _SLACK
        south, north = self.latitude - angle, self.latitude + angle
        if south <= -90 or north >= 90:
            return Box(max(south, -90.0), min(north, 90.0), ((-180.0, 180.0),))
        # The meridians that touch a circle touch it nearer to the pole than its middle is.
        wide = degrees(asin(sin(radians(angle)) / cos(radians(self.latitude)))) + _SLACK
        west, east = self.longitude - wide, self.longitude + wide
        if west < -180:
            return Box(south, north, ((west + 360, 180.0), (-180.0, east)))
        if east > 180:
            return Box(south, north, ((west, 180.0), (-180.0, east - 360)))
        return Box(south, north, ((west, east),))

    def __str__(self) -> str:
        where = f"{round(self.latitude, 6)}, {round(self.longitude, 6)}"
        return f"within {self.metres:,.0f} metres of {where}"


def haversine(one: Position, other: Position) -> float:
    """Return the haversine of the angle between two positions: it grows with the distance.

    Well-behaved for points that are close together, where a cosine would not be.
    """
    (north, east), (north2, east2) = map(_radians, (one, other))
    return sin((north2 - north) / 2) ** 2 + cos(north) * cos(north2) * sin((east2 - east) / 2) ** 2


def metres_between(one: Position, other: Position) -> float:
    """Return how many metres lie between two positions."""
    return 2 * EARTH * asin(sqrt(min(1.0, haversine(one, other))))


def area_around(words: str, metres: float) -> Area:
    """Read a position as people write one, "51.4613, -0.1156"; raises ValueError, as Area does."""
    found = _TWO_NUMBERS.fullmatch(words.strip().replace("\N{MINUS SIGN}", "-"))
    if found is None:
        raise ValueError("Give latitude and longitude in degrees, as in 51.4613, -0.1156.")
    return Area(float(found[1]), float(found[2]), metres)


def _radians(position: Position) -> Position:
    return radians(position[0]), radians(position[1])
