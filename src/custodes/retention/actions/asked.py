"""Rehearse when somebody asks, not only at night: nothing is deleted by it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from custodes.custody.actions import record
from custodes.custody.events import RehearsalAsked
from custodes.kernel.ids import new_handle
from custodes.people.rules import Permission, Viewer
from custodes.retention.certificates import rehearsal_under_way
from custodes.retention.coming import sweep_that_waits
from custodes.retention.errors import SweepStopped


@transaction.atomic
def ask_for_rehearsal(viewer: Viewer, *, at: datetime) -> None:
    """Have a rehearsal worked out now; the worker does it. Raises SweepStopped.

    Not while one is under way, nor once somebody has agreed to a sweep that waits: a newer
    rehearsal would make void what they agreed to.
    """
    if not viewer.may(Permission.RUN_RETENTION):
        raise SweepStopped("None of your roles runs deletion.", "Nothing was rehearsed.")
    if rehearsal_under_way(viewer):
        raise SweepStopped("A rehearsal is under way.", "Its letter is here when it is done.")
    waiting = sweep_that_waits(viewer)
    if waiting is not None and waiting.agreements.exists():
        raise SweepStopped(
            "Somebody has agreed to a sweep that waits for a second person.",
            "Agree to it too, or wait for tonight's rehearsal.",
        )
    record(RehearsalAsked(), subject=new_handle(), by=viewer.actor, at=at)
