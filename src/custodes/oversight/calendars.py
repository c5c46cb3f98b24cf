"""The bank holidays of the United Kingdom, from a package that is kept up to date."""

from __future__ import annotations

from functools import cache

import holidays

from custodes.oversight.rules import Calendars

_ENGLAND, _PARTS = "ENG", ("ENG", "SCT", "NIR", "WLS")


def calendars() -> Calendars:
    """Return the holidays of England and Wales, and of every part of the United Kingdom.

    Freedom of information counts a day off that is one in any part (FOIA 2000 s.10(6)).
    """
    return Calendars(
        here=lambda day: day in _of(_ENGLAND),
        anywhere=lambda day: any(day in _of(part) for part in _PARTS),
    )


@cache
def _of(part: str) -> holidays.HolidayBase:
    return holidays.country_holidays("GB", subdiv=part)
