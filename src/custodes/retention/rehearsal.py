"""What would be deleted, counted the way a person wants to hear it before they agree.

The same for what a sweep would delete now and for what a proposed schedule would let go
sooner. Counted by sets: the sweep waits for it.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, F, Max, Min, QuerySet
from django.utils.timezone import localtime

from custodes.kernel.clock import rfc3339
from custodes.recordings.models import Recording
from custodes.retention.facts import readable_schedule_at
from custodes.retention.models import Outlook, Sweep
from custodes.retention.odd import named_of, odd_among
from custodes.retention.touched import touched_by

_NAMED = 10
#: What is counted of a rehearsal and can be compared with the one before.
COMPARED = ("by_category", "by_unit", "by_line")


def letter_at(at: datetime) -> dict[str, Any]:
    """Return what is due: counted, compared with the last sweep, and what to look at.

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
        "waiting": Outlook.objects.filter(verdict="review").count(),
        "last": last_sweep(),
        **worth_a_look(due, Outlook.objects.filter(due_at__lte=at)),
    }


def worth_a_look(due: QuerySet[Recording], keys: QuerySet[Any]) -> dict[str, Any]:
    """Return the oldest, the longest and the odd ones, and which cases and requests they touch.

    ``keys`` has the same keys, as quick to ask for one as there is.
    """
    return {
        "oldest": named_of(due.order_by("started_at", "pk")[:_NAMED]),
        "longest": named_of(due.order_by("-seconds", "pk")[:_NAMED]),
        "touched": touched_by(keys),
        **odd_among(keys),
    }


def last_sweep(*, before: Sweep | None = None) -> dict[str, Any] | None:
    """Return what the last sweep that ended was rehearsed with and deleted; None if none has.

    ``before`` one, or before now.
    """
    ended = Sweep.objects.exclude(ended_at=None).order_by("-pk")
    last = (ended.filter(pk__lt=before.pk) if before else ended).first()
    if last is None:
        return None
    counts = {key: last.letter[key] for key in COMPARED if key in last.letter}
    rehearsed = rfc3339(last.rehearsed_at)
    return {"rehearsed_at": rehearsed, "due": last.due, "disposed": last.disposed, **counts}


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
