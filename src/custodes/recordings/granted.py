"""Recordings that somebody reaches because a case or another matter was assigned to them.

A grant adds to what a person's roles reach; it never stands in for a role. Who has
no permission at all gains nothing by it, and whoever may not look yet is kept out
by what forbids it, granted or not.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Q, QuerySet

from custodes.kernel.clock import now
from custodes.people.rules import Permission, Reach, Viewer
from custodes.recordings.models import Grant

# A list of keys is looked up one by one, whatever the order a list is read in; more
# than so many are asked for as a question within the question.
_LISTED = 2_000


def granted(viewer: Viewer) -> Q | None:
    """Return what narrows recordings to those granted to this viewer now; None for none."""
    found = _in_force(viewer).values_list("recording", flat=True)
    keys = list(found[: _LISTED + 1])
    if not keys:
        return None
    return Q(pk__in=keys if len(keys) <= _LISTED else found)


def is_granted(viewer: Viewer, permission: Permission, recording: int) -> bool:
    """Say whether a grant takes a permission of this viewer to one recording."""
    if viewer.reach(permission) is Reach.NONE:
        return False
    return _in_force(viewer).filter(recording=recording).exists()


def granted_among(viewer: Viewer, recordings: Iterable[int]) -> frozenset[int]:
    """Return which of these recordings are granted to this viewer now."""
    found = _in_force(viewer).filter(recording__in=list(recordings))
    return frozenset(found.values_list("recording", flat=True))


def _in_force(viewer: Viewer) -> QuerySet[Grant]:
    at = now()
    not_over = Q(until=None) | Q(until__gt=at)
    return Grant.objects.filter(not_over, person=viewer.person, since__lte=at)
