"""The month a list is of, by the force's clock, and the months beside it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.utils.timezone import make_aware


@dataclass(frozen=True, slots=True)
class Month:
    """A month: from when until before when, and what those beside it are called in an address."""

    first: date
    after: str = ""

    @property
    def key(self) -> str:
        """Return what it is called in an address."""
        return f"{self.first:%Y-%m}"

    @property
    def name(self) -> str:
        """Return what a person calls it."""
        return f"{self.first:%B %Y}"

    @property
    def before(self) -> str:
        """Return what the month before is called in an address."""
        return f"{self.first - timedelta(days=1):%Y-%m}"

    @property
    def begins(self) -> datetime:
        """Return its first moment."""
        return make_aware(datetime.combine(self.first, time.min))

    @property
    def ends(self) -> datetime:
        """Return the first moment that is not of it any more."""
        return make_aware(datetime.combine(_next(self.first), time.min))


def month_of(asked: str, today: date) -> Month:
    """Return the month that was asked for, or this one where none was; none lies ahead."""
    this = today.replace(day=1)
    try:
        first = min(date.fromisoformat(f"{asked}-01"), this)
    except ValueError:
        first = this
    if first.year < 2000:  # nothing was worn then, and years end at 1
        first = this
    return Month(first, after=f"{_next(first):%Y-%m}" if first < this else "")


def _next(first: date) -> date:
    return (first + timedelta(days=32)).replace(day=1)
