"""Which recordings go into which case, and what becomes of it: drawn from the seed, by moments.

Drawn apart from the films, so that what was filmed is the same whatever is done with it.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from random import Random

from custodes.simulation import chances
from custodes.simulation.year import Film, Force, Moment

_OPENED_WITHIN, _SHARED_WITHIN, _OPENED_BY_THEM_WITHIN, _ENDED_WITHIN = 10, 14, 7, 90
#: A force's own number, in a reference that police, prosecutor and court share: the
#: Metropolitan Police has 01.
_FORCE = "01"
#: So many cases at most begin with what one base docks at the end of one shift.
_MOST = 50
_SURNAMES = ("Alder", "Birch", "Cotton", "Dray", "Elm", "Farrow", "Gale", "Holt", "Iver", "Joss")


@dataclass(frozen=True, slots=True)
class Case:
    """One case: its recordings, all docked at one base at the end of one shift, and its days.

    Each is in how many days after docking it happens, None for never: ``opened`` by the
    evidence unit, ``shared`` with the prosecutor, ``looked_at`` by them, ``ended`` with an
    outcome, which ``ending`` names.
    """

    urn: str
    about: str
    suspect: str
    base: int
    films: tuple[Film, ...]
    opened: int
    shared: int | None
    looked_at: int | None
    ended: int | None
    ending: str


def cases_of(force: Force, moment: Moment) -> tuple[Case, ...]:
    """Return the cases that begin with what is docked at one moment."""
    draw = force.draw(moment.number, "cases")
    evidence = [film for film in moment.films if film.category in force.year.evidence]
    cases: list[Case] = []
    for base, films in groupby(evidence, key=lambda film: film.camera.base):
        gathered = list(_gathered(draw, force, list(films)))[:_MOST]
        for place, some in enumerate(gathered):
            serial = moment.number * _MOST + place
            urn = f"{_FORCE}{base + 1:02}{serial:05}{moment.at:%y}"
            cases.append(_case(draw, force, urn, base, some))
    return tuple(cases)


def _gathered(draw: Random, force: Force, films: Sequence[Film]) -> Iterator[tuple[Film, ...]]:
    """Yield what goes together into a case, of what may; the rest goes into none."""
    year, first = force.year, 0
    while first < len(films):
        number = chances.picked(draw.random(), year.films_in_a_case)
        if draw.random() < year.in_cases:
            yield tuple(films[first : first + number])
        first += number


def _case(draw: Random, force: Force, urn: str, base: int, films: tuple[Film, ...]) -> Case:
    year, first = force.year, films[0]
    opened = 1 + int(draw.random() * _OPENED_WITHIN)
    shared = _in_days(draw, year.cases_shared, _SHARED_WITHIN, since=opened)
    looked_at = _in_days(draw, year.shares_looked_at, _OPENED_BY_THEM_WITHIN, since=shared)
    ending = chances.picked(draw.random(), year.endings)
    ended = _in_days(draw, 1.0 if ending else 0.0, _ENDED_WITHIN, since=shared or opened)
    what = first.category.replace("-", " ")
    return Case(
        urn=urn,
        about=f"{what.capitalize()}, {first.camera.place}, {first.started_at:%d %B %Y}",
        suspect=f"{draw.choice('ABCDEFGHJKLM')}. {draw.choice(_SURNAMES)}",
        base=base,
        films=films,
        opened=opened,
        shared=shared,
        looked_at=looked_at,
        ended=ended,
        ending=ending,
    )


def _in_days(draw: Random, share: float, within: int, *, since: int | None) -> int | None:
    """Return a day after another one, as often as the share says; two draws, whatever comes."""
    chance, day = draw.random(), 1 + int(draw.random() * within)
    return since + day if since is not None and chance < share else None
