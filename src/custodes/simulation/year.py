"""Who docks which films when, through a year, from a seed: at the ends of its shifts.

Every moment is drawn by itself, from the seed and its number, so a run that was killed
goes on from any of them. Nothing is random but the even chances that ``random`` gives.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import accumulate
from random import Random

from custodes.simulation import chances
from custodes.simulation.met_2017 import Year

_LATEST_VISIT = timedelta(days=40)
_COMPLAINT_WITHIN = 28
_TAGGED_WITHIN = 20
_BETWEEN_SWEEPS = 28
#: Below this scale a base has too little to dock at the end of each shift: it docks once a day.
_ONCE_A_DAY = 0.05


def name_of_base(number: int) -> str:
    """Return what a base is called, whose number begins with 0."""
    return f"Base {number + 1:02}"


@dataclass(frozen=True, slots=True)
class Worn:
    """A camera, who wears it, and at which base it docks."""

    number: int
    base: int
    on_the_head: bool

    @property
    def serial(self) -> str:
        """Return its serial number."""
        return f"MPS-{self.number:05}"

    @property
    def collar(self) -> str:
        """Return the number of the officer it is issued to."""
        return f"{self.number:05}"

    @property
    def place(self) -> str:
        """Return what its base is called."""
        return name_of_base(self.base)


@dataclass(frozen=True, slots=True)
class Film:
    """One recording on its camera, and what will become of it.

    ``category`` is what the officer chose before docking, empty for nothing; ``later``
    is in how many days the evidence unit chooses another, ``complaint`` in how many
    somebody watches it because of a complaint; None for never.
    """

    camera: Worn
    started_at: datetime
    length: timedelta
    pre_event: int
    category: str
    look: float
    later: int | None
    complaint: int | None
    #: The camera's name for it.
    key: str = field(init=False)

    def __post_init__(self) -> None:
        key = f"{self.camera.serial}_{self.started_at:%Y%m%dT%H%M%S}"
        object.__setattr__(self, "key", key)  # once: it is asked for at every step

    @property
    def ended_at(self) -> datetime:
        """Return when it ended."""
        return self.started_at + self.length


@dataclass(frozen=True, slots=True)
class Moment:
    """The end of a shift: cameras that are new, and what every base's dock takes in.

    ``issued`` are handed out then, ``stocked`` only enrolled. ``incident`` is a camera that
    was where somebody died or was badly hurt; what it filmed is kept, docked or not.
    """

    number: int
    at: datetime
    day: int
    is_the_days_last: bool
    issued: range
    stocked: range
    films: tuple[Film, ...]
    incident: Worn | None

    @property
    def is_swept_after(self) -> bool:
        """Say whether the engine sweeps in the night that follows: every fourth week."""
        return self.day % _BETWEEN_SWEEPS == 0 and self.is_the_days_last


class Force:
    """A force of a year at a scale; the same seed gives the same force."""

    def __init__(self, year: Year, scale: float, seed: int = 1) -> None:
        self.year = year
        self.scale = scale
        self.seed = seed
        self.recordings = max(round(year.recordings * scale), 1)
        self.cameras = max(round(year.cameras * scale), 2)
        self.issued_at_first = max(round(year.issued_at_first * scale), 1)
        self._last = max(round(year.issued_at_last * scale), self.issued_at_first)
        self.bases = max(round(year.bases * scale), 1)
        self._shifts = dict(year.by_shift)
        if scale < _ONCE_A_DAY:
            self._shifts = {max(self._shifts): 1.0}
        self._span = timedelta(hours=24) / len(self._shifts)
        self._times = list(self._ends_of_shifts())
        self._until = list(accumulate(self._share(at) for at in self._times))
        incidents = max(round(year.incidents * scale), 1)
        step = len(self._times) // (incidents + 1)
        self._incidents = {step * (number + 1) for number in range(incidents)}

    def __len__(self) -> int:
        return len(self._times)

    @property
    def ends(self) -> datetime:
        """Return when the year is over."""
        return self.year.begins + timedelta(days=self.year.days)

    def recorded_before(self, number: int) -> int:
        """Return how many films there are before a moment."""
        return self._recorded(number - 1) if number else 0

    def worn(self, number: int) -> Worn:
        """Return one camera; so many of them as there were are worn on the head."""
        each = self.year.issued_at_last // self.year.on_the_head
        return Worn(number, number % self.bases, number % each == each - 1)

    def draw(self, number: int, of: str = "") -> Random:
        """Return the chances of one moment, or those of something else that begins with it."""
        named = f"{self.year.name} {self.seed} {self.scale} {number} {of}".rstrip()
        return Random(named)  # noqa: S311 - made up

    def moment(self, number: int) -> Moment:
        """Return what happens at the end of one shift."""
        at = self._times[number]
        draw = self.draw(number)
        issued = range(self._issued(number - 1), self._issued(number))
        out = self._issued(number - 2)  # what was issued since is worn now, and docks later
        count = self._recorded(number) - self.recorded_before(number)
        films = sorted(self._films(draw, at, out, count), key=lambda film: film.camera.base)
        there = [film.camera for film in films] or [self.worn(draw.randrange(out))]
        incident = draw.choice(there) if number in self._incidents else None
        is_last = number == len(self) - 1
        stocked = range(issued.stop, self.cameras) if is_last else range(0)
        day = (at - self.year.begins).days + 1
        is_the_days_last = at.hour == max(self._shifts)
        return Moment(number, at, day, is_the_days_last, issued, stocked, tuple(films), incident)

    def _ends_of_shifts(self) -> Iterator[datetime]:
        for day in range(self.year.days):
            for hour in sorted(self._shifts):
                yield self.year.begins + timedelta(days=day, hours=hour)

    def _share(self, at: datetime) -> float:
        """Return what part of the year's films this shift brings, in no unit."""
        out = self.issued_at_first + (self._last - self.issued_at_first) * self._elapsed(at)
        return out * self.year.by_weekday[at.weekday()] * self._shifts[at.hour]

    def _elapsed(self, at: datetime) -> float:
        return (at - self.year.begins) / timedelta(days=self.year.days)

    def _issued(self, number: int) -> int:
        """Return how many cameras are out after a moment, or before the first."""
        if number < 0:
            return self.issued_at_first
        if number == len(self) - 1:
            return self._last
        grown = (self._last - self.issued_at_first) * self._elapsed(self._times[number])
        return self.issued_at_first + int(grown)

    def _recorded(self, number: int) -> int:
        """Return how many films there are after a moment; after the last, all of them."""
        return round(self.recordings * self._until[number] / self._until[-1])

    def _films(self, draw: Random, at: datetime, out: int, count: int) -> Iterator[Film]:
        seen: set[int] = set()
        while count:
            camera = draw.randrange(out)
            if camera in seen and len(seen) < out:
                continue
            alone = len(seen) == out - 1  # a tiny force: whoever is left brings the rest
            seen.add(camera)
            wanted = chances.picked(draw.random(), self.year.films_in_a_visit)
            number = count if alone else min(wanted, count)
            count -= number
            yield from self._visit(draw, self.worn(camera), at, number)

    def _visit(self, draw: Random, camera: Worn, at: datetime, number: int) -> Iterator[Film]:
        """Yield what one camera brings, in the order it was filmed, no two at one moment."""
        year = self.year
        late = draw.random() < year.docked_late
        ago = timedelta(days=1 + int(draw.random() * _LATEST_VISIT.days)) if late else timedelta(0)
        step = self._span / number
        mix = year.categories_on_the_head if camera.on_the_head else year.categories
        for place in range(number):
            length = min(chances.length(draw.random(), year.mean_length), step * 0.9)
            starts = draw.random() * (step - length) + place * step
            started_at = (at - ago - self._span + starts).replace(microsecond=0)
            yield Film(
                camera=camera,
                started_at=started_at,
                length=timedelta(seconds=int(length.total_seconds())),
                pre_event=0 if draw.random() < year.without_pre_event else 30,
                category=chances.picked(draw.random(), mix),
                look=draw.random(),
                later=_in_days(draw, year.categorised_later, _TAGGED_WITHIN),
                complaint=_in_days(draw, year.complaints, _COMPLAINT_WITHIN),
            )


def _in_days(draw: Random, share: float, within: int) -> int | None:
    return 1 + int(draw.random() * within) if draw.random() < share else None
