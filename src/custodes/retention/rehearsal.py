"""What a sweep would delete, counted the way a person wants to hear it before they agree."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Max, Min, QuerySet
from django.utils.timezone import localtime

from custodes.kernel.clock import rfc3339
from custodes.recordings.models import Recording
from custodes.retention.facts import readable_schedule_at
from custodes.retention.models import Outlook

_STRANGEST = 10


def letter_at(at: datetime) -> dict[str, Any]:
    """Return the counts of what is due, by category, month and unit, and the odd ones out.

    ``version`` is that of the schedule by which they are due.
    """
    schedule = readable_schedule_at(at)
    due = Recording.objects.filter(outlook__due_at__lte=at)
    return {
        "version": schedule.version if schedule else 0,
        "due": due.count(),
        "by_category": _counted(due, F("category__name")),
        "by_month": _by_month(due),
        "by_unit": _counted(due, F("team__unit")),
        "by_line": _counted(due, F("outlook__line")),
        "oldest": _named(due.order_by("started_at", "pk")),
        "longest": _named(due.order_by("-seconds", "pk")),
        "waiting": Outlook.objects.filter(verdict="review").count(),
    }


def _counted(due: QuerySet[Recording], by: Any) -> list[list[Any]]:  # noqa: ANN401 - an expression
    rows = due.order_by().values_list(by).annotate(Count("pk")).order_by()
    counts: Counter[str] = Counter()
    for what, number in rows:  # no team and a team of no unit are both without a name
        counts[what or ""] += number
    return [list(row) for row in sorted(counts.items())]


def _by_month(due: QuerySet[Recording]) -> list[list[Any]]:
    """Count by the force's own months, each a stretch of the index of when filming began."""
    first, last = due.aggregate(first=Min("started_at"), last=Max("started_at")).values()
    counts: list[list[Any]] = []
    if first is None:
        return counts
    begin = localtime(first).replace(day=1, hour=0, minute=0, second=0, microsecond=0, fold=0)
    while begin <= last:
        following = (begin + timedelta(days=31)).replace(day=1)  # by the clock on the wall
        number = due.filter(started_at__gte=begin, started_at__lt=following).count()
        if number:
            counts.append([f"{begin:%Y-%m}", number])
        begin = following
    return counts


def _named(due: QuerySet[Recording]) -> list[dict[str, Any]]:
    return [
        {"handle": each.handle, "started_at": rfc3339(each.started_at), "seconds": each.seconds}
        for each in due[:_STRANGEST]
    ]
