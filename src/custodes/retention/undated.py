"""What is kept with no date that time alone brings, by reason: so that nothing lies in no list."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Count, QuerySet

from custodes.kernel.errors import NotFound
from custodes.people.rules import Permission, Viewer
from custodes.recordings.models import Category, Recording
from custodes.recordings.queries import recordings_for
from custodes.recordings.rules import State
from custodes.retention.errors import ScheduleRefused
from custodes.retention.facts import newest_schedule
from custodes.retention.models import Outlook
from custodes.retention.rules.undated import Undated


@dataclass(frozen=True, slots=True)
class Unlined:
    """A category that the newest schedule has no line for, and how many recordings are in it."""

    code: str
    name: str
    number: int


def undated_by_reason(viewer: Viewer) -> dict[Undated, int]:
    """Return how many recordings are kept with no date, by why; of many reasons the first."""
    if not viewer.may(Permission.SEE_RETENTION):
        return {}
    undated = Outlook.objects.filter(why__isnull=False).order_by()
    counts = dict(undated.values_list("why").annotate(Count("pk")))
    return {why: counts[why] for why in Undated if why in counts}


def undated_for(viewer: Viewer, why: int) -> QuerySet[Recording]:
    """Return what is kept with no date for one reason, the oldest first; raises NotFound."""
    if why not in set(Undated):
        raise NotFound("There is no such reason.")
    if not viewer.may(Permission.SEE_RETENTION):
        return Recording.objects.none()
    found = recordings_for(viewer).filter(outlook__why=why)
    return found.select_related("camera", "wearer", "category").order_by("pk")


def unlined_for(viewer: Viewer) -> list[Unlined]:
    """Return the categories without a line in the newest schedule, for who sees keeping.

    A camera may send one that nobody offers; what is in it is kept until somebody decides.
    """
    if not viewer.may(Permission.SEE_RETENTION):
        return []
    try:
        lined = [category for category, _ in newest_schedule().by_category]
    except ScheduleRefused:
        return []  # it cannot be read, and then nothing is deleted at all
    others = Category.objects.exclude(code__in=lined).order_by("name")
    held = Recording.objects.exclude(state=State.DISPOSED).order_by()
    found = []
    for category in others:
        number = held.filter(category=category).count()
        if number or category.is_offered:
            found.append(Unlined(category.code, category.name, number))
    return found
