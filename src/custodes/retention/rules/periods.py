"""Lengths of time, and ends of days, as the rules of keeping have them."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache

from custodes.kernel.periods import NONE, Period

__all__ = ["NONE", "Period", "end_of", "in_words"]


def end_of(day: date) -> datetime:
    """Return the moment a date is over, wherever in the United Kingdom one looks at it.

    Midnight UTC: in summer an hour later than local midnight, so never too early.
    """
    return datetime.combine(day + timedelta(days=1), time.min, UTC)


def in_words(day: date) -> str:
    """Write a date, or the UTC date of a moment, as people read it: 14 March 2027."""
    if isinstance(day, datetime):
        day = day.astimezone(UTC).date()
    return _written(day)


@lru_cache(maxsize=4096)
def _written(day: date) -> str:
    return f"{day.day} {day:%B %Y}"
