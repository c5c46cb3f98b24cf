"""Rehearse when somebody asks, not only at night: nothing is deleted by it.

Never where somebody has agreed to a sweep that waits: a newer rehearsal would make void
what they agreed to. Only the night does that.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from custodes.custody.actions import record
from custodes.custody.events import RehearsalAsked
from custodes.custody.rules import Actor
from custodes.kernel.ids import new_handle
from custodes.people.rules import Permission, Viewer
from custodes.retention.actions.sweep import is_agreed, rehearse
from custodes.retention.certificates import rehearsal_under_way
from custodes.retention.errors import SweepStopped
from custodes.retention.models import Sweep


@transaction.atomic
def ask_for_rehearsal(viewer: Viewer, *, at: datetime) -> None:
    """Have a rehearsal worked out now; the worker does it. Raises SweepStopped.

    Not while one is under way, nor once somebody has agreed to a sweep that waits.
    """
    if not viewer.may(Permission.RUN_RETENTION):
        raise SweepStopped("None of your roles runs deletion.", "Nothing was rehearsed.")
    if rehearsal_under_way(viewer):
        raise SweepStopped("A rehearsal is under way.", "Its letter is here when it is done.")
    _nobody_has_agreed()
    record(RehearsalAsked(), subject=new_handle(), by=viewer.actor, at=at)


def rehearse_at_once(*, by: Actor, at: datetime) -> Sweep:
    """Rehearse now, for who works at the server; raises SweepStopped."""
    _nobody_has_agreed()
    return rehearse(by=by, at=at)


def sweep_to_run(*, by: Actor, at: datetime) -> Sweep:
    """Return what two people have agreed to, or rehearse; raises SweepStopped."""
    waiting = _waiting()
    if waiting is not None and is_agreed(waiting):
        return waiting
    return rehearse_at_once(by=by, at=at)


def _waiting() -> Sweep | None:
    newest = Sweep.objects.first()
    return newest if newest is not None and newest.begun_at is None else None


def _nobody_has_agreed() -> None:
    waiting = _waiting()
    if waiting is not None and waiting.agreements.exists():
        raise SweepStopped(
            "Somebody has agreed to a sweep that waits for a second person.",
            "Agree to it too, or wait for tonight's rehearsal. Nothing was rehearsed.",
        )
