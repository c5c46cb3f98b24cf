"""Find cameras and docks, as far as the one who asks may know of them."""

from __future__ import annotations

from django.db.models import QuerySet

from custodes.fleet.models import Camera, Dock
from custodes.people.rules import Permission, Viewer


def docks_for(viewer: Viewer) -> QuerySet[Dock]:
    """Return the docks in use, if this viewer may see docks."""
    if not viewer.may(Permission.SEE_DOCKS):
        return Dock.objects.none()
    return Dock.objects.filter(is_active=True).order_by("name")


def cameras_for(viewer: Viewer) -> QuerySet[Camera]:
    """Return the cameras, if this viewer may see docks and cameras."""
    if not viewer.may(Permission.SEE_DOCKS):
        return Camera.objects.none()
    return Camera.objects.order_by("serial")
