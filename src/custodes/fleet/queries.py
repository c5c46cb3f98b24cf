"""Find cameras and docks, as far as the one who asks may know of them."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery

from custodes.fleet.errors import UnknownCamera, UnknownWearer
from custodes.fleet.models import Camera, CameraIssue, Dock, Wearer
from custodes.kernel.errors import NotFound
from custodes.people.models import Person
from custodes.people.queries import people_named_to
from custodes.people.rules import Permission, Viewer


def docks_for(viewer: Viewer) -> QuerySet[Dock]:
    """Return the docks in use, if this viewer may see docks."""
    if not viewer.may(Permission.SEE_DOCKS):
        return Dock.objects.none()
    return Dock.objects.filter(is_active=True).order_by("name")


def docks_in_use() -> QuerySet[Dock]:
    """Return the docks in use, for whoever runs the server itself: a command, no viewer."""
    return Dock.objects.filter(is_active=True).order_by("name")


def cameras_for(viewer: Viewer, holding: str = "") -> QuerySet[Camera]:
    """Return the cameras whose serial, name or model holds the words, if this viewer may see them.

    Each carries ``holder``, the name of the person it is issued to now if the viewer may read
    it, or None; and ``is_issued``, whether it is issued at all.
    """
    if not viewer.may(Permission.SEE_DOCKS):
        return Camera.objects.none()
    words = Q(serial__icontains=holding) | Q(name__icontains=holding) | Q(model__icontains=holding)
    cameras = Camera.objects.filter(words) if holding else Camera.objects.all()
    issued = CameraIssue.objects.filter(camera=OuterRef("pk"), until__isnull=True)
    named = issued.filter(person__in=people_named_to(viewer))
    latest = named.order_by("-since").values("person__name")[:1]
    return cameras.annotate(holder=Subquery(latest), is_issued=Exists(issued)).order_by("serial")


def camera_for(viewer: Viewer, handle: str) -> Camera:
    """Return one camera, if this viewer may see docks and cameras."""
    camera = cameras_for(viewer).filter(handle=handle).first()
    if camera is None:
        raise NotFound("There is no such camera.")
    return camera


def issues_for(viewer: Viewer, camera: Camera) -> list[CameraIssue]:
    """Return who had the camera when, the latest first, as far as the viewer may read names."""
    if not viewer.may(Permission.SEE_DOCKS):
        return []
    named = camera.issues.filter(person__in=people_named_to(viewer))
    return list(named.select_related("person").order_by("-since")[:50])


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


def cameras_with_serials(serials: Iterable[str]) -> dict[str, Camera]:
    """Return those of the cameras a sender speaks of that are known, by serial number."""
    return {camera.serial: camera for camera in Camera.objects.filter(serial__in=set(serials))}


class Wearers:
    """Who had which of some cameras when, asked once for all of them; for actions that arrive."""

    def __init__(self, cameras: Iterable[Camera]) -> None:
        self._issues: dict[int, list[CameraIssue]] = defaultdict(list)
        issues = CameraIssue.objects.filter(camera__in={camera.pk for camera in cameras})
        for issue in issues.select_related("person").order_by("-since"):
            self._issues[issue.camera_id].append(issue)

    def at(self, camera: Camera, moment: datetime) -> Person | None:
        """Return the person who had this camera at that moment, if it was issued to one."""
        for issue in self._issues[camera.pk]:
            if issue.since <= moment and (issue.until is None or issue.until > moment):
                return issue.person
        return None
