"""The nightly engine: rehearse, stop if anything is in doubt, destroy what is due, remove it.

One sweep at a time. What it does to each recording is in dispose.py; whether it may
begin is in rules/disposal.py.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import transaction
from django.db.models import QuerySet

from custodes.custody.actions import record
from custodes.custody.events import SweepAgreed, SweepDone, SweepRehearsed
from custodes.custody.rules import Actor
from custodes.people.rules import Permission, Viewer
from custodes.recordings.many import room_for_many
from custodes.retention.actions.dispose import dispose
from custodes.retention.actions.one_at_a_time import one_at_a_time
from custodes.retention.actions.outlook import in_order, look_again_at_due, look_ahead_at_all
from custodes.retention.actions.schedule import publish_first
from custodes.retention.actions.unlink import Unlinker, unlink_all
from custodes.retention.agreeing import ASKS_FOR_TWO, why_agreeing_is_no_help
from custodes.retention.condition import condition_at, policy_at
from custodes.retention.errors import SweepStopped, SweepUnderWay
from custodes.retention.models import Outlook, Sweep, SweepAgreement
from custodes.retention.policy import Policy
from custodes.retention.rehearsal import letter_at
from custodes.retention.rules.disposal import (
    Condition,
    enough_agree,
    why_not,
    why_two_people,
)
from custodes.retention.told import Told

#: So many sealed objects wait before they are removed together: the disk is waited for once.
_REMOVED_TOGETHER = 20_000


def rehearse(*, by: Actor, at: datetime) -> Sweep:
    """Work out what a sweep would delete now, and whether it may begin; delete nothing."""
    publish_first(by=by, at=at)
    with room_for_many():
        look_ahead_at_all(at=at)
        look_again_at_due(at=at)
        letter = letter_at(at)
        condition = condition_at(at, due_by=at)
    letter[ASKS_FOR_TWO] = " ".join(why_two_people(condition))
    stopped = " ".join([*why_not(condition), *why_two_people(condition)])
    with transaction.atomic():
        sweep = Sweep.objects.create(
            rehearsed_at=at, letter=letter, due=condition.due, stopped=stopped
        )
        rehearsed = SweepRehearsed(due=condition.due, stopped=stopped)
        record(rehearsed, subject=sweep.handle, by=by, at=at)
    return sweep


@transaction.atomic
def agree_to_sweep(viewer: Viewer, sweep: Sweep, because: str, *, at: datetime) -> bool:
    """Agree that a stopped sweep may begin; return whether two people have now."""
    if not viewer.may(Permission.RUN_RETENTION):
        raise SweepStopped("None of your roles runs deletion.")
    if not because.strip():
        raise SweepStopped("An agreement needs a reason.")
    if sweep.begun_at is not None:
        raise SweepStopped("This sweep has begun already.")
    if sweep.stopped and (nothing_helps := why_agreeing_is_no_help(sweep)):
        raise SweepStopped(nothing_helps, "You have not agreed, and nothing was deleted.")
    SweepAgreement.objects.update_or_create(
        sweep=sweep, person_id=viewer.person, defaults={"reason": because.strip(), "at": at}
    )
    agreed = SweepAgreed(due=sweep.due)
    record(agreed, subject=sweep.handle, by=viewer.actor, at=at, because=because.strip())
    return is_agreed(sweep)


def run(
    sweep: Sweep, *, by: Actor, at: datetime, progress: Callable[[int, int], None] | None = None
) -> Sweep:
    """Delete what a rehearsal found and the rules still let go; raises SweepStopped.

    ``progress`` is told how many went and how many there are. Killed and called
    again, it goes on with the same sheet: what is gone is gone and counted, and every
    recording that is left is looked at again. Stopped once it has begun, it ends with the
    counts so far. SweepUnderWay: another process is at it.
    """
    with one_at_a_time(), room_for_many():
        unlink_all()  # what a killed sweep left; it is counted as missing otherwise
        # It lists the whole store: others go on writing meanwhile.
        condition = condition_at(at, due_by=sweep.rehearsed_at)
        policy = _begin(sweep, condition, by=by, at=at)
        unlinker = Unlinker(_REMOVED_TOGETHER)
        try:
            _dispose_of_what_is_due(sweep, policy, unlinker, by=by, at=at, progress=progress)
        except SweepStopped as stopped:
            unlinker.end()
            _end(sweep, stopped.reason, by=by, at=at)
            raise
        unlinker.end()
        _end(sweep, by=by, at=at)
    return sweep


def _dispose_of_what_is_due(
    sweep: Sweep,
    policy: Policy,
    unlinker: Unlinker,
    *,
    by: Actor,
    at: datetime,
    progress: Callable[[int, int], None] | None,
) -> None:
    told = Told()
    for batch in in_order(Outlook.objects.filter(due_at__lte=sweep.rehearsed_at)):
        went, stayed = dispose(batch, policy, sweep, by=by, at=at, told=told)
        sweep.disposed += went
        sweep.kept += stayed
        unlinker.go_on()
        if progress is not None:
            progress(sweep.disposed, sweep.due)


def go_on(
    *, by: Actor, at: datetime, progress: Callable[[int, int], None] | None = None
) -> Sweep | None:
    """Finish a sweep that was cut off, on its own sheet; None when there is none.

    What speaks against it now closes it, with the counts so far: the rest is for the
    next rehearsal. Raises SweepUnderWay while another process is at it.
    """
    sweep = _begun().first()
    if sweep is None:
        return None
    try:
        return run(sweep, by=by, at=at, progress=progress)
    except SweepUnderWay:
        raise
    except SweepStopped as stopped:
        with one_at_a_time():
            _end(sweep, stopped.reason, by=by, at=at)
        return sweep


@transaction.atomic
def _begin(sweep: Sweep, condition: Condition, *, by: Actor, at: datetime) -> Policy:
    """Say that it has begun, or goes on, if what was seen just now lets it."""
    sweep.refresh_from_db(from_queryset=Sweep.objects.select_for_update())
    if sweep.ended_at is not None:
        raise SweepStopped("This sweep has ended already; rehearse a new one.")
    if faults := why_not(condition):
        raise SweepStopped(" ".join(faults))
    policy = policy_at(at)
    if sweep.letter.get("version", policy.schedule.version) != policy.schedule.version:
        raise SweepStopped("Another schedule is in force than when this was rehearsed.")
    left = sweep.due - sweep.disposed - sweep.kept
    if condition.due > left:
        more = f"{condition.due:,} recordings would go; the rehearsal found {left:,}."
        raise SweepStopped(more, "Nothing was deleted. Rehearse again.")
    if sweep.begun_at is None:
        two = why_two_people(condition)
        if two and not is_agreed(sweep):
            raise SweepStopped(" ".join(two), "Two people must agree before anything is deleted.")
        sweep.begun_at = at
        sweep.save(update_fields=["begun_at"])
    for other in _begun().exclude(pk=sweep.pk):
        _end(other, "A later sweep began before it was finished.", by=by, at=at)
    return policy


@transaction.atomic
def _end(sweep: Sweep, interrupted: str = "", *, by: Actor, at: datetime) -> None:
    """Say that it has ended, or was ``interrupted`` and why, with what it did."""
    sweep.refresh_from_db(from_queryset=Sweep.objects.select_for_update())
    if sweep.ended_at is not None:
        return
    sweep.ended_at, sweep.interrupted = at, interrupted
    sweep.save(update_fields=["ended_at", "interrupted"])
    done = SweepDone(disposed=sweep.disposed, kept=sweep.kept, interrupted=interrupted)
    record(done, subject=sweep.handle, by=by, at=at)


def _begun() -> QuerySet[Sweep]:
    """Return the sweeps that have begun and not ended: running, or cut off."""
    return Sweep.objects.filter(begun_at__isnull=False, ended_at=None)


def is_agreed(sweep: Sweep) -> bool:
    """Say whether two different people have agreed that a sweep may begin."""
    return enough_agree(str(each.person_id) for each in sweep.agreements.all())
