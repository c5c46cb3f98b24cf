"""How large a file may be, and where to part one that is larger: at whole pictures.

Rules only. Courts in England and Wales take 500 MB of multimedia a file (Ministry of
Justice, written answer 104311; law DIS-09). Parts aim below that, for what a container adds.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil
from typing import Final

COURT_TAKES: Final = 500_000_000
AIM: Final = 450_000_000


@dataclass(frozen=True, slots=True)
class Part:
    """A stretch of a film, in its own seconds, and about how many bytes it has."""

    begins: float
    ends: float
    size: int


def parts_of(
    seconds: float, size: int, whole: Sequence[tuple[float, int]] = (), at_most: int = AIM
) -> tuple[Part, ...]:
    """Return into which parts to make a film so that each is small enough; as few as can be.

    ``whole`` says of each whole picture when it is shown and how many bytes come before it.
    A part holds more than ``at_most`` only where two whole pictures lie that far apart.
    Without ``whole`` all parts are equally long, for nobody knows better.
    """
    if size <= at_most or seconds <= 0:
        return (Part(0.0, seconds, size),)
    ends = _ends(seconds, size, whole) if len(whole) > 1 else _evenly(seconds, size, at_most)
    parts: list[Part] = []
    start = ends[0]
    for before, after in pairwise(ends):
        if after[1] - start[1] > at_most and before is not start:
            parts.append(Part(start[0], before[0], before[1] - start[1]))
            start = before
    parts.append(Part(start[0], ends[-1][0], ends[-1][1] - start[1]))
    return tuple(parts)


def _ends(seconds: float, size: int, whole: Sequence[tuple[float, int]]) -> list[tuple[float, int]]:
    """Return where parts may end, in order, from the begin to the end of the film."""
    found = [(0.0, 0)]
    for at, before in whole:
        if found[-1][0] < at < seconds and found[-1][1] <= before <= size:
            found.append((at, before))
    return [*found, (seconds, size)]


def _evenly(seconds: float, size: int, at_most: int) -> list[tuple[float, int]]:
    count = ceil(size / at_most)
    inner = [(seconds * nth / count, size * nth // count) for nth in range(count)]
    return [*inner, (seconds, size)]
