"""Find cameras and docks, as far as the one who asks may know of them."""

from __future__ import annotations

from django.db.models import QuerySet

from custodes.fleet.errors import UnknownCamera, UnknownWearer
from custodes.fleet.models import Camera, Dock, Wearer
from custodes.people.rules import Permission, Viewer


def docks_for(viewer: Viewer) -> QuerySet[Dock]:
    """Return the docks in use, if this viewer may see docks."""
    if not viewer.may(Permission.SEE_DOCKS):
        return Dock.objects.none()
    return Dock.objects.filter(is_active=True).order_by("name")


def docks_in_use() -> QuerySet[Dock]:
    """Return the docks in use, for whoever runs the server itself: a command, no viewer."""
    return Dock.objects.filter(is_active=True).order_by("name")


def cameras_for(viewer: Viewer) -> QuerySet[Camera]:
    """Return the cameras, if this viewer may see docks and cameras."""
    if not viewer.may(Permission.SEE_DOCKS):
        return Camera.objects.none()
    return Camera.objects.order_by("serial")


def announced_wearer(dock_id: str) -> Wearer:
    """Return the wearer a dock speaks of, by the dock's own UUID. Raises UnknownWearer."""
    wearer = Wearer.objects.select_related("person").filter(dock_id=dock_id).first()
    if wearer is None:
        raise UnknownWearer(f"No wearer was announced under the id {dock_id[:100]}.")
    return wearer


def camera_with_serial(serial: str) -> Camera:
    """Return the camera a sender speaks of; raises UnknownCamera."""
    camera = Camera.objects.filter(serial=serial).first()
    if camera is None:
        raise UnknownCamera(f"No camera with the serial number {serial} is known here.")
    return camera
