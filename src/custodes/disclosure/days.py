"""Until when a link is open, by the days that people name."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.utils.timezone import localdate, make_aware

_USUAL_DAYS = 28


def last_moment_of(day: date) -> datetime:
    """Return the last second of a day by the force's clock, which reads as that very day."""
    return make_aware(datetime.combine(day, time(23, 59, 59)))


def usual_last_day(at: datetime) -> date:
    """Return the last day of a link for which nobody names another, as far as is allowed."""
    # The end of that day is meant, and must not lie beyond what is allowed.
    days = min(_USUAL_DAYS, settings.CUSTODES.share_days - 1)
    return localdate(at) + timedelta(days=days)
