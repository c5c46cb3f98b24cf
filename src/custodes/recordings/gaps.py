"""Find what should be here and is not, for those who may know of it."""

from __future__ import annotations

from django.db.models import QuerySet

from custodes.kernel.errors import NotFound
from custodes.people.rules import Permission, Viewer
from custodes.recordings.locks import withheld_among
from custodes.recordings.models import Gap, Recording


def gaps_for(viewer: Viewer) -> QuerySet[Gap]:
    """Return all gaps this viewer may know of, the newest first."""
    if not viewer.may(Permission.SEE_GAPS):
        return Gap.objects.none()
    gaps = Gap.objects.select_related("camera", "recording", "explained_by")
    return gaps.order_by("-opened_at", "-pk")


def open_gaps_for(viewer: Viewer) -> QuerySet[Gap]:
    """Return the gaps that nobody has explained and nothing has filled, the oldest first."""
    return gaps_for(viewer).filter(closed_at=None).order_by("opened_at", "pk")


def gap_for(viewer: Viewer, handle: str) -> Gap:
    """Return one gap, if this viewer may know of it."""
    gap = gaps_for(viewer).filter(handle=handle).first()
    if gap is None:
        raise NotFound("There is no such gap.")
    return gap


def part_of(viewer: Viewer, gap: Gap) -> Recording | None:
    """Return the recording a gap is in, unless a lock keeps it from this viewer."""
    found = gap.recording
    if found is None or withheld_among(viewer, [found.handle]):
        return None
    return found
