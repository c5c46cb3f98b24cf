"""What is known of the installation before anything is deleted, and under which schedule."""

from __future__ import annotations

from datetime import datetime

from custodes.custody import strongroom
from custodes.custody.models import Head
from custodes.intake.models import Upload
from custodes.intake.rules import State as UploadState
from custodes.recordings.models import Category, Copy, Original
from custodes.retention.errors import SweepStopped
from custodes.retention.facts import schedule_at
from custodes.retention.models import Outlook, ScheduleVersion, Sweep, Unlinking
from custodes.retention.policy import Policy
from custodes.retention.rules.disposal import Condition
from custodes.retention.rules.schedule import faults_of


def condition_at(at: datetime, *, due_by: datetime) -> Condition:
    """Return what speaks for and against deleting now what was due by a moment."""
    head = Head.objects.first()
    known, present = _known(), sum(1 for _ in strongroom.vault().store.sealed_handles())
    last = Sweep.objects.exclude(ended_at=None).order_by("-pk").first()
    return Condition(
        at=at,
        last_entry_at=head.at if head else None,
        schedule_faults=_faults(at),
        behind="",
        objects_missing=max(known - present, 0),
        objects_unknown=max(present - known, 0),
        due=Outlook.objects.filter(due_at__lte=due_by).count(),
        due_last_time=last.disposed if last else None,
    )


def policy_at(at: datetime) -> Policy:
    """Return the schedule in force with its handle in the record; raises SweepStopped."""
    schedule = schedule_at(at)
    published = ScheduleVersion.objects.filter(version=schedule.version) if schedule else None
    version = published.first() if published is not None else None
    if schedule is None or version is None:
        raise SweepStopped("No schedule was published that is in force now.")
    return Policy(version.handle, schedule)


def _faults(at: datetime) -> tuple[str, ...]:
    try:
        schedule = schedule_at(at)
    except ValueError as error:
        return (f"The schedule cannot be read: {error}.",)
    if schedule is None:
        return ("No schedule is in force.",)
    offered = Category.objects.filter(is_offered=True).order_by("code")
    return faults_of(schedule, offered.values_list("code", flat=True))


def _known() -> int:
    """Return how many sealed objects the tables tell of."""
    kept = [UploadState.QUARANTINED, UploadState.RECEIVED]
    waiting = Upload.objects.filter(state__in=kept, original=None).exclude(sha256="")
    return (
        Original.objects.count()
        + Copy.objects.count()
        + waiting.count()
        + Unlinking.objects.count()
    )
