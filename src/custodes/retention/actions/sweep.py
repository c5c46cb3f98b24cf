"""The nightly engine: rehearse, stop if anything is in doubt, destroy what is due, remove it.

One sweep at a time. What it does to each recording is in dispose.py; whether it may
begin is in rules/disposal.py.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from django.db import transaction

from custodes.custody.actions import record
from custodes.custody.events import SweepAgreed, SweepDone, SweepRehearsed
from custodes.custody.rules import Actor
from custodes.people.rules import Permission, Viewer
from custodes.retention.actions.dispose import dispose
from custodes.retention.actions.outlook import look_again_at_due, look_ahead_at_all
from custodes.retention.actions.schedule import publish_first
from custodes.retention.actions.unlink import unlink_all
from custodes.retention.condition import condition_at, policy_at
from custodes.retention.errors import SweepStopped
from custodes.retention.models import Outlook, Sweep, SweepAgreement
from custodes.retention.policy import Policy
from custodes.retention.rehearsal import letter_at
from custodes.retention.rules.disposal import (
    Condition,
    enough_agree,
    why_not,
    why_two_people,
)

_BATCH = 2000


def rehearse(*, by: Actor, at: datetime) -> Sweep:
    """Work out what a sweep would delete now, and whether it may begin; delete nothing."""
    publish_first(by=by, at=at)
    look_ahead_at_all(at=at)
    look_again_at_due(at=at)
    letter = letter_at(at)
    condition = condition_at(at, due_by=at)
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
    again, it goes on: what is gone is gone, and what is due is due.
    """
    # It lists the whole store: others go on writing meanwhile.
    condition = condition_at(at, due_by=sweep.rehearsed_at)
    policy = _begin(sweep, condition, at)
    for batch in _due(sweep.rehearsed_at):
        went, stayed = dispose(batch, policy, sweep, by=by, at=at)
        sweep.disposed += went
        sweep.kept += stayed
        sweep.save(update_fields=["disposed", "kept"])
        if progress is not None:
            progress(sweep.disposed, sweep.due)
    unlink_all()
    with transaction.atomic():
        sweep.ended_at = at
        sweep.save(update_fields=["ended_at"])
        done = SweepDone(disposed=sweep.disposed, kept=sweep.kept)
        record(done, subject=sweep.handle, by=by, at=at)
    return sweep


@transaction.atomic
def _begin(sweep: Sweep, condition: Condition, at: datetime) -> Policy:
    """Say that it has begun, if what was seen just now lets it."""
    if sweep.ended_at is not None:
        raise SweepStopped("This sweep has ended already; rehearse a new one.")
    if faults := why_not(condition):
        raise SweepStopped(" ".join(faults))
    if condition.due > sweep.due:
        more = f"{condition.due:,} recordings would go; the rehearsal found {sweep.due:,}."
        raise SweepStopped(more, "Nothing was deleted. Rehearse again.")
    if sweep.begun_at is None:
        two = why_two_people(condition)
        if two and not is_agreed(sweep):
            raise SweepStopped(" ".join(two), "Two people must agree before anything is deleted.")
        sweep.begun_at = at
        sweep.save(update_fields=["begun_at"])
    return policy_at(at)


def _due(at: datetime) -> Iterator[list[int]]:
    """Yield what is due, some at a time; what is kept after all has another date by then."""
    last = None
    while True:
        due = Outlook.objects.filter(due_at__lte=at).order_by("due_at", "recording")
        batch = list(due.values_list("recording", flat=True)[:_BATCH])
        if not batch or batch == last:
            return
        last = batch
        yield batch


def is_agreed(sweep: Sweep) -> bool:
    """Say whether two different people have agreed that a sweep may begin."""
    return enough_agree(str(each.person_id) for each in sweep.agreements.all())
