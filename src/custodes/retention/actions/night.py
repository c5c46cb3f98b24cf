"""What happens to the archive by itself: holds catch, outlooks are noted, the night sweeps."""

from __future__ import annotations

from datetime import datetime, time
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from custodes.custody.actions import record
from custodes.custody.events import SweepRehearsed
from custodes.custody.rules import Actor
from custodes.recordings.models import Recording
from custodes.retention.actions.hold import catch
from custodes.retention.actions.late import notice_lateness
from custodes.retention.actions.outlook import look_ahead
from custodes.retention.actions.sweep import go_on, is_agreed, rehearse, run
from custodes.retention.errors import SweepStopped, SweepUnderWay
from custodes.retention.models import Sweep


def take_notice(recording: str, *, by: Actor, at: datetime) -> None:
    """Hold a recording that something was told of, if a standing hold reaches for it."""
    known = Recording.objects.filter(handle=recording).values_list("pk", flat=True).first()
    if known is not None:
        catch([known], by=by, at=at)
        notice_lateness(known, by=by, at=at)
        look_ahead([known], at=at)


def sweep_if_due(*, by: Actor, at: datetime) -> Sweep | None:
    """Rehearse and sweep, once a night; one that has to stop waits for people until the next.

    One that two people have agreed to begins at once, and so does what is left of one
    that was cut off.
    """
    try:
        if (cut_off := go_on(by=by, at=at)) is not None:
            return cut_off
    except SweepUnderWay:
        return None
    last = Sweep.objects.first()
    if last is not None and last.begun_at is None and is_agreed(last):
        return _run_what_was_agreed(last, by=by, at=at)
    if at < _tonight(at) or (last is not None and last.rehearsed_at >= _tonight(at)):
        return None
    sweep = rehearse(by=by, at=at)
    if sweep.due and not sweep.stopped:
        try:
            run(sweep, by=by, at=at)
        except SweepUnderWay:
            return None  # it deletes what is due; what it leaves is for the next night
        except SweepStopped as stopped:
            if sweep.begun_at is None:
                sweep.stopped = stopped.reason
                sweep.save(update_fields=["stopped"])
    return sweep


def _run_what_was_agreed(sweep: Sweep, *, by: Actor, at: datetime) -> Sweep | None:
    """Begin it; if something else speaks against it now, what was agreed to is not this.

    While another sweep is under way it waits, and the agreements stand.
    """
    try:
        run(sweep, by=by, at=at)
    except SweepUnderWay:
        return None
    except SweepStopped as stopped:
        if sweep.begun_at is not None:
            return sweep  # it began as agreed, and ended before its time
        with transaction.atomic():
            sweep.stopped = stopped.reason
            sweep.save(update_fields=["stopped"])
            sweep.agreements.all().delete()
            record(
                SweepRehearsed(due=sweep.due, stopped=stopped.reason),
                subject=sweep.handle, by=by, at=at,
            )  # fmt: skip
    return sweep


def _tonight(at: datetime) -> datetime:
    """Return when this day's sweep begins, by the clock on the wall."""
    here = at.astimezone(ZoneInfo(settings.CUSTODES.time_zone))
    begins = time(settings.CUSTODES.sweep_hour)
    return datetime.combine(here.date(), begins, here.tzinfo)
