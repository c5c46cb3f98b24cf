"""Which cameras of an incident no dock has read since it happened, and when one last had them.

Used by actions and queries of this stage.
"""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q

from custodes.custody.events import DockSession
from custodes.custody.queries import history_of
from custodes.fleet.models import Camera
from custodes.incidents.models import Incident
from custodes.incidents.rules import is_unrecovered


def docked_at(camera: Camera, since: datetime) -> datetime | None:
    """Return when a dock last had something of a camera: a file, or its word that it read it.

    None when it had nothing since then.
    """
    read = [told.at for told in history_of(camera.handle) if told.kind == DockSession.kind]
    times = [*read, *filter(None, [camera.heard_at])]
    last = max(times, default=None)
    return last if last is not None and last >= since else None


def holder_of(camera: Camera, at: datetime) -> str:
    """Return the name of who had a camera at a moment; empty where nobody is known to."""
    lasting = Q(until=None) | Q(until__gt=at)
    issue = camera.issues.filter(lasting, since__lte=at).order_by("-since").first()
    return issue.person.name if issue else ""


def still_out(incident: Incident) -> list[Camera]:
    """Return the cameras that were there and that no dock has read since."""
    happened_at = incident.happened_at
    there = [each.camera for each in incident.cameras.select_related("camera").order_by("pk")]
    return [each for each in there if is_unrecovered(docked_at(each, happened_at), happened_at)]
