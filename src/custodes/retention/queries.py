"""Why a recording is kept, what is due, which holds there are: as far as the viewer may know."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime

from django.db.models import Count, Exists, OuterRef, Q, QuerySet
from django.utils.timezone import localdate

from custodes.kernel.errors import NotFound
from custodes.people.rules import Permission, Viewer
from custodes.recordings.locks import not_shut_to
from custodes.recordings.models import Recording
from custodes.recordings.queries import recording_for, recordings_for
from custodes.recordings.rules import State
from custodes.retention.actions.hold import in_reach, missing_for_release
from custodes.retention.errors import ScheduleRefused
from custodes.retention.facts import facts_of, read_version, readable_schedule_at
from custodes.retention.models import HeldRecording, Hold, LettingGo, ScheduleVersion
from custodes.retention.rules.decision import Decision, decide
from custodes.retention.rules.holds import Scope
from custodes.retention.rules.looking import next_look
from custodes.retention.rules.schedule import Schedule


def explain(viewer: Viewer, handle: str, at: datetime) -> Decision:
    """Say what may become of one recording now, and why; raises NotFound."""
    recording = recording_for(viewer, handle)
    schedule = readable_schedule_at(at)
    if schedule is None:
        raise ScheduleRefused("No schedule that can be read is in force: nothing is deleted.")
    facts = facts_of([recording.pk]).get(recording.pk)
    if facts is None:
        raise NotFound("This recording has been deleted.")
    return decide(facts, schedule, at)


def let_go_by(viewer: Viewer, recording: Recording) -> QuerySet[LettingGo]:
    """Return who has agreed so far that a recording that waits may go."""
    agreed = LettingGo.objects.filter(recording=recording, review=None).order_by("pk")
    return agreed.select_related("person") if viewer.may(Permission.REVIEW) else agreed.none()


def look_again_by(viewer: Viewer, recording: Recording, at: datetime) -> date | None:
    """Return by when somebody looks again at a recording that is kept, for those who review."""
    if not viewer.may(Permission.REVIEW):
        return None
    known = facts_of([recording.pk]).get(recording.pk)
    return next_look(known, readable_schedule_at(at), today=localdate(at)).by


def holds_for(viewer: Viewer) -> QuerySet[Hold]:
    """Return the holds this viewer may know of, newest first."""
    holds = Hold.objects.order_by("-pk")
    return holds if viewer.may(Permission.SEE_RETENTION) else holds.none()


def holds_in_force(viewer: Viewer, at: datetime) -> QuerySet[Hold]:
    """Return those of them that bind: neither released, nor ended by themselves."""
    unreleased = holds_for(viewer).filter(released_at=None)
    return unreleased.filter(Q(until=None) | Q(until__gt=at))


def held_by(viewer: Viewer, hold: Hold) -> QuerySet[Recording]:
    """Return what a hold keeps, as far as this viewer may know of it, the newest first."""
    known = recordings_for(viewer).filter(holds__hold=hold)
    return known.select_related("camera", "wearer").order_by("-started_at", "-pk")


def number_held(viewer: Viewer, hold: Hold) -> int:
    """Return how many recordings a hold keeps, or kept and are still here.

    Without those that a lock keeps from the viewer.
    """
    return _here(viewer).filter(holds__hold=hold).count()


def numbers_held(viewer: Viewer, holds: Iterable[Hold]) -> dict[int, int]:
    """Return the same of many holds, by their keys; one that keeps nothing is left out."""
    here = _here(viewer).filter(pk=OuterRef("recording"))
    held = HeldRecording.objects.filter(Exists(here), hold__in=[each.pk for each in holds])
    return dict(held.order_by().values_list("hold").annotate(Count("pk")))


def _here(viewer: Viewer) -> QuerySet[Recording]:
    return Recording.objects.filter(not_shut_to(viewer)).exclude(state=State.DISPOSED)


def still_missing(viewer: Viewer, hold: Hold) -> tuple[str, ...]:
    """Return what it still takes to release a hold this viewer may know of."""
    if not viewer.may(Permission.SEE_RETENTION) or hold.released_at is not None:
        return ()
    return missing_for_release(hold)


def number_in_reach(viewer: Viewer, scope: Scope) -> int:
    """Return how many recordings a hold of this reach would keep today, for who may place it.

    Without those that a lock keeps from the viewer; those would be held too.
    """
    if not viewer.may(Permission.PLACE_HOLD):
        return 0
    return in_reach(scope).filter(not_shut_to(viewer)).count()


def schedules_for(viewer: Viewer) -> QuerySet[ScheduleVersion]:
    """Return the versions of the schedule, the newest first; they are no secret."""
    versions = ScheduleVersion.objects.order_by("-version")
    return versions if viewer.handle else versions.none()


def schedule_version_for(viewer: Viewer, number: int) -> tuple[ScheduleVersion, Schedule]:
    """Return one version with what it says; raises ScheduleRefused when it cannot be read."""
    version = schedules_for(viewer).filter(version=number).first()
    if version is None:
        raise NotFound("There is no such version of the schedule.")
    return version, read_version(version)


def hold_for(viewer: Viewer, handle: str) -> Hold:
    """Return one hold, if this person may know that it exists."""
    hold = holds_for(viewer).filter(handle=handle).first()
    if hold is None:
        raise NotFound("There is no such hold.")
    return hold
