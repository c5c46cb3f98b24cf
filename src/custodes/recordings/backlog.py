"""What waits for somebody: recordings without a category, and ones that never completed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from custodes.people.rules import Permission, Reach, Viewer
from custodes.recordings.locks import not_shut_to
from custodes.recordings.models import Recording
from custodes.recordings.rules import State

COUNTED = 1_000


@dataclass(frozen=True, slots=True)
class Backlog:
    """How many wait, up to COUNTED, and when the oldest was filmed."""

    count: int
    oldest: datetime | None

    @property
    def more(self) -> bool:
        """Say whether there are more than were counted."""
        return self.count > COUNTED


def own_without_category(viewer: Viewer) -> Backlog:
    """Return the viewer's own recordings that have no category, if they may sort them."""
    if not viewer.may(Permission.CATEGORISE):
        return Backlog(0, None)
    return _of(
        Recording.objects.filter(not_shut_to(viewer), wearer_id=viewer.person, category=None)
    )


def team_without_category(viewer: Viewer) -> Backlog:
    """Return what the rest of the viewer's team has left without a category."""
    if viewer.reach(Permission.CATEGORISE) != Reach.TEAM or viewer.team is None:
        return Backlog(0, None)
    others = Recording.objects.filter(not_shut_to(viewer), team_id=viewer.team, category=None)
    return _of(others.exclude(wearer_id=viewer.person))


def still_arriving(viewer: Viewer, since_before: datetime) -> Backlog:
    """Return recordings announced before a moment whose files have not all come."""
    if viewer.reach(Permission.SEARCH) != Reach.ALL:
        return Backlog(0, None)
    stuck = Recording.objects.filter(
        not_shut_to(viewer), state=State.ARRIVING, received_at__lt=since_before
    )
    return _of(stuck)


def _of(waiting: QuerySet[Recording]) -> Backlog:
    waiting = waiting.exclude(state=State.DISPOSED)
    count = waiting.order_by()[: COUNTED + 1].count()
    oldest = waiting.order_by("started_at").values_list("started_at", flat=True).first()
    return Backlog(count, oldest if count else None)
