"""How long it took from what happened to who decides on it: each step's middle and slowest.

Rules only. A step is measured where both its ends are known and stand in order; what is not
measured is counted and said, never guessed.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, tzinfo
from enum import StrEnum
from math import log
from statistics import median_low
from typing import Final


class Step(StrEnum):
    """One step of the way, named by its end."""

    DOCKED = "docked"
    CUT = "cut"
    SERVED = "served"
    OPENED = "opened"


STEP_NAMES = {
    Step.DOCKED: "filmed to docked",
    Step.CUT: "docked to clip",
    Step.SERVED: "clip to served",
    Step.OPENED: "served to opened",
}
_BEFORE = {
    Step.DOCKED: "filmed",
    Step.CUT: "docked",
    Step.SERVED: "cut",
    Step.OPENED: "served",
}
# What the picture reaches from and to; beyond is drawn at its ends.
_SHORTEST: Final = timedelta(minutes=1)
_LONGEST: Final = timedelta(days=100)


@dataclass(frozen=True, slots=True)
class Way:
    """One clip's way. ``unit`` is whose footage it is of; None: it has not come that far.

    ``filmed`` is by our clock, or None where the camera's was never compared with it.
    ``recording`` is the handle of the recording it is of.
    """

    recording: str
    unit: str
    filmed: datetime | None
    docked: datetime
    cut: datetime
    served: datetime | None = None
    opened: datetime | None = None

    def took(self, step: Step) -> timedelta | None:
        """Return how long a step took; None when it cannot be told."""
        begun: datetime | None = getattr(self, _BEFORE[step])
        done: datetime | None = getattr(self, step.value)
        if begun is None or done is None or done < begun:
            return None
        return done - begun


@dataclass(frozen=True, slots=True)
class Spread:
    """How long one step took for some clips: the quickest, the middle, the slowest."""

    number: int = 0
    quickest: timedelta = timedelta(0)
    middle: timedelta = timedelta(0)
    slowest: timedelta = timedelta(0)
    slowest_of: str = ""


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit's clips: how many, how many came how far, and how long each step took."""

    name: str
    clips: int
    served: int
    opened: int
    steps: dict[Step, Spread] = field(default_factory=dict)


def by_unit(ways: Iterable[Way]) -> list[Unit]:
    """Return each unit's figures, in the order of their names; nothing for no clips."""
    of: dict[str, list[Way]] = defaultdict(list)
    for way in ways:
        of[way.unit].append(way)
    return [unit_of(name, of[name]) for name in sorted(of)]


def unit_of(name: str, ways: Sequence[Way]) -> Unit:
    """Return the figures of some clips together."""
    return Unit(
        name=name,
        clips=len(ways),
        served=sum(way.served is not None for way in ways),
        opened=sum(way.opened is not None for way in ways),
        steps={step: spread_of(ways, step) for step in Step},
    )


def spread_of(ways: Iterable[Way], step: Step) -> Spread:
    """Return how long a step took where it was measured.

    The middle is a clip's own figure: of an even number the smaller of the two.
    """
    took = sorted((lasted, way.recording) for way in ways if (lasted := way.took(step)) is not None)
    if not took:
        return Spread()
    lengths = [lasted for lasted, _ in took]
    return Spread(len(took), lengths[0], median_low(lengths), lengths[-1], took[-1][1])


def place(lasted: timedelta, width: int) -> int:
    """Return where on a line from a minute to 100 days a length stands, evenly by its powers."""
    within = min(max(lasted, _SHORTEST), _LONGEST)
    return round(width * log(within / _SHORTEST) / log(_LONGEST / _SHORTEST))


@dataclass(frozen=True, slots=True)
class Month:
    """Of the clips that were made in a month: how many were served and opened since."""

    begins: date
    clips: int
    served: int
    opened: int


def by_month(ways: Iterable[Way], zone: tzinfo) -> list[Month]:
    """Return each month in which clips were made, the newest first."""
    of: dict[date, list[Way]] = defaultdict(list)
    for way in ways:
        of[way.cut.astimezone(zone).date().replace(day=1)].append(way)
    months = ((begins, unit_of("", made)) for begins, made in sorted(of.items(), reverse=True))
    return [Month(begins, all_.clips, all_.served, all_.opened) for begins, all_ in months]
