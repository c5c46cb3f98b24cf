"""What people at headquarters will do on which day, made anew from the year: nothing is kept."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import StrEnum

from custodes.simulation.casework import Case
from custodes.simulation.year import Film, Moment


class Deed(StrEnum):
    """What somebody does with a film, or with a case."""

    COMPLAIN = "complain"
    CLASSIFY = "classify"
    OPEN_CASE = "open-case"
    SHARE = "share"
    LOOK_AT_SHARE = "look-at-share"
    END_CASE = "end-case"


@dataclass(order=True, frozen=True, slots=True)
class Errand:
    """Something a person does on some day. ``key`` names the film or the case."""

    at: datetime
    key: str
    deed: Deed
    about: Film | Case = field(compare=False)


class Diary:
    """What people will do, by when."""

    def __init__(self) -> None:
        self._errands: list[Errand] = []

    def note(self, moment: Moment, cases: Sequence[Case]) -> None:
        """Take down what will be done with the films of a moment, and in cases about them."""
        for key, deed, days, about in (*_with_films(moment), *_with_cases(cases)):
            if days is not None:
                errand = Errand(moment.at + timedelta(days=days), key, deed, about)
                heapq.heappush(self._errands, errand)

    def due(self, at: datetime) -> list[Errand]:
        """Take out what is to be done by now, in order."""
        due = []
        while self._errands and self._errands[0].at <= at:
            due.append(heapq.heappop(self._errands))
        return due


_Noted = tuple[str, Deed, int | None, Film | Case]


def _with_films(moment: Moment) -> Iterator[_Noted]:
    for film in moment.films:
        yield film.key, Deed.COMPLAIN, film.complaint, film
        yield film.key, Deed.CLASSIFY, film.later, film


def _with_cases(cases: Sequence[Case]) -> Iterator[_Noted]:
    for case in cases:
        yield case.urn, Deed.OPEN_CASE, case.opened, case
        yield case.urn, Deed.SHARE, case.shared, case
        yield case.urn, Deed.LOOK_AT_SHARE, case.looked_at, case
        yield case.urn, Deed.END_CASE, case.ended, case
