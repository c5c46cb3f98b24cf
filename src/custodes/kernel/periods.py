"""Lengths of time as a schedule has them: days, and calendar months and years."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta


@dataclass(frozen=True, slots=True)
class Period:
    """A length of time in days, or in calendar months and years, or in both.

    Months are calendar months: six months after 31 August is the last day of
    February. A period is never negative, and one of no length is written ``NONE``.
    """

    years: int = 0
    months: int = 0
    days: int = 0

    def __post_init__(self) -> None:
        if min(self.years, self.months, self.days) < 0:
            raise ValueError("a period cannot be negative")

    def after_date(self, start: date) -> date:
        """Return the date this long after another; the end of a shorter month is its last day."""
        month = start.month - 1 + self.months + 12 * self.years
        year, month = start.year + month // 12, month % 12 + 1
        day = min(start.day, monthrange(year, month)[1])
        return date(year, month, day) + timedelta(days=self.days)

    def after(self, start: datetime) -> datetime:
        """Return the moment this long after another, counted in UTC."""
        start = start.astimezone(UTC)
        return datetime.combine(self.after_date(start.date()), start.timetz())

    def __str__(self) -> str:
        named = ((self.years, "year"), (self.months, "month"), (self.days, "day"))
        parts = [f"{count} {unit}{'s' * (count != 1)}" for count, unit in named if count]
        return " and ".join(parts) or "no time"


NONE = Period()
