"""Why a recording is kept, what is due, which holds there are: as far as the viewer may know."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from custodes.kernel.errors import NotFound
from custodes.people.rules import Permission, Viewer
from custodes.recordings.queries import recording_for
from custodes.retention.errors import ScheduleRefused
from custodes.retention.facts import facts_of, schedule_at
from custodes.retention.models import Hold
from custodes.retention.rules.decision import Decision, decide


def explain(viewer: Viewer, handle: str, at: datetime) -> Decision:
    """Say what may become of one recording now, and why; raises NotFound."""
    recording = recording_for(viewer, handle)
    schedule = schedule_at(at)
    if schedule is None:
        raise ScheduleRefused("No schedule is in force: nothing is deleted.")
    facts = facts_of([recording.pk]).get(recording.pk)
    if facts is None:
        raise NotFound("This recording has been deleted.")
    return decide(facts, schedule, at)


def holds_for(viewer: Viewer) -> QuerySet[Hold]:
    """Return the holds this viewer may know of, newest first."""
    holds = Hold.objects.order_by("-pk")
    return holds if viewer.may(Permission.SEE_RETENTION) else holds.none()


def hold_for(viewer: Viewer, handle: str) -> Hold:
    """Return one hold, if this person may know that it exists."""
    hold = holds_for(viewer).filter(handle=handle).first()
    if hold is None:
        raise NotFound("There is no such hold.")
    return hold
