"""What was docked late, for supervisors and those who see everything of their force."""

from __future__ import annotations

from django.db.models import QuerySet

from custodes.kernel.errors import NotFound
from custodes.people.rules import Permission, Reach, Viewer
from custodes.recordings.queries import of_known
from custodes.retention.models import LateDocking


def may_explain(viewer: Viewer) -> bool:
    """Say whether this person answers for why others dock late."""
    return viewer.reach(Permission.CATEGORISE) >= Reach.TEAM


def late_for(viewer: Viewer) -> QuerySet[LateDocking]:
    """Return what was docked late, the newest first, as far as this person may know of it."""
    found = LateDocking.objects.filter(of_known(viewer))
    found = found.select_related("recording__camera", "recording__wearer")
    return found if viewer.reach(Permission.SEARCH) >= Reach.TEAM else found.none()


def late_one(viewer: Viewer, handle: str) -> LateDocking:
    """Return one that was docked late; raises NotFound."""
    late = late_for(viewer).filter(recording__handle=handle).first()
    if late is None:
        raise NotFound("No such recording was docked late.")
    return late


def late_to_explain(viewer: Viewer) -> QuerySet[LateDocking]:
    """Return those of which nobody has said why, for those who answer for it."""
    waiting = late_for(viewer).filter(reason="")
    return waiting if may_explain(viewer) else waiting.none()
