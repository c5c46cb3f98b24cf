"""What arrives after an incident was declared: held with it, and of it, to the end and beyond.

Called once something is in the record; done twice it changes nothing.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localtime

from custodes.custody.rules import Actor
from custodes.incidents.models import Incident
from custodes.recordings.actions.lock import Locking, falls_under, lift_from, lock
from custodes.recordings.models import Recording
from custodes.recordings.rules import LockKind, State
from custodes.retention.actions.hold import extend_raised_hold


@transaction.atomic
def hold_what_came_late(recording: str, *, by: Actor, at: datetime) -> None:
    """Put a recording under the hold of every incident that has locked it."""
    for incident in Incident.objects.select_related("hold"):
        locked = Recording.objects.filter(
            handle=recording, locks__cause=incident.handle, locks__lifted_at=None
        )
        if locked and incident.hold.as_rule().binds(at):
            extend_raised_hold(incident.hold, locked, by=by, at=at)


@transaction.atomic
def count_in_what_came_after_the_end(recording: str, *, by: Actor, at: datetime) -> None:
    """Make a recording that an ended incident holds and reached for one of the incident.

    It is locked and unlocked in one moment: nobody loses sight of it, the police watchdog
    gains it, and its history says to what it belongs.
    """
    held = Incident.objects.filter(hold__held__recording__handle=recording)
    for incident in held.exclude(ended_at=None):
        rows = Recording.objects.filter(handle=recording).exclude(state=State.DISPOSED)
        found = rows.exclude(locks__cause=incident.handle).select_for_update(of=("self",)).first()
        if found is None or not falls_under(incident.handle, found):
            continue
        because = "it falls under what was declared, and came after the end of the procedure"
        lock([found], Locking(incident.handle, LockKind.POST_INCIDENT, because), by=by, at=at)
        lift_from(found, incident.handle, f"the procedure ended {_day(incident)}", by=by, at=at)


def _day(incident: Incident) -> str:
    return f"on {localtime(incident.ended_at):%-d %B %Y}" if incident.ended_at else ""
