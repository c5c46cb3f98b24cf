"""One thing after the other for one recording; recordings side by side.

An errand may be sent when it is the first of its subject's line. It leaves the
line only when it is done, so one that fails holds up the rest of its own line
and nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from custodes.worker.models import Errand
from custodes.worker.rules import WAITS, wait_after

# As many are handed to the engine at once; the rest wait in our own table.
IN_FLIGHT = 100


@dataclass(frozen=True, slots=True)
class Run:
    """One run of one errand, and the id under which the engine knows it."""

    errand: int
    number: int
    work_id: str


def send_what_is_due(send: Callable[[Run], None], at: datetime) -> int:
    """Hand every errand that is due and first in its line to the engine; return how many.

    Sent first and marked after: the engine takes the same id only once, so a
    crash between the two, or two workers at once, do no harm.
    """
    room = IN_FLIGHT - Errand.objects.filter(state=Errand.State.SENT).count()
    before_it = Errand.objects.filter(subject=OuterRef("subject"), pk__lt=OuterRef("pk"))
    due = Errand.objects.filter(~Exists(before_it), state=Errand.State.WAITING, not_before__lte=at)
    sent = 0
    for errand in due.order_by("pk")[: max(room, 0)]:
        send(run_of(errand, errand.runs + 1))
        # If it was settled meanwhile, it is gone or its count of runs went up.
        Errand.objects.filter(pk=errand.pk, runs=errand.runs, state=Errand.State.WAITING).update(
            state=Errand.State.SENT, runs=errand.runs + 1
        )
        sent += 1
    return sent


def run_of(errand: Errand, number: int) -> Run:
    """Return a run of an errand: the first is called ``entry:reaction``, others have a number."""
    work_id = str(errand) if number == 1 else f"{errand}:{number}"
    return Run(errand.pk, number, work_id)


def finish(errand: int) -> None:
    """Take an errand that is done out of its line."""
    Errand.objects.filter(pk=errand).delete()


@transaction.atomic
def put_back(errand: int, number: int, at: datetime, *, failure: str | None = None) -> None:
    """Put an errand back to its place in the line, to be run again.

    ``failure`` is why it failed, in a sentence; None when it was only cut short.
    A run that is no longer the latest is not heard.
    """
    row = Errand.objects.select_for_update().filter(pk=errand, runs__lte=number).first()
    if row is None:
        return
    row.state, row.runs, row.not_before = Errand.State.WAITING, number, at
    if failure is not None:
        row.failures += 1
        row.said = failure[:500]
        row.not_before = at + wait_after(row.failures)
    row.save()


def take_up_lost(is_under_way: Callable[[Iterable[str]], set[str]], at: datetime) -> None:
    """Put back what was sent but what the engine knows nothing of, or has ended with.

    That happens when its database was lost, or ours came back from a backup.
    """
    sent = list(Errand.objects.filter(state=Errand.State.SENT))
    known = is_under_way([run_of(errand, errand.runs).work_id for errand in sent])
    for errand in sent:
        if run_of(errand, errand.runs).work_id not in known:
            put_back(errand.pk, errand.runs, at)


def try_stuck_again(at: datetime) -> None:
    """Let every stopped line try again now: a new worker may be a repaired one."""
    stuck = Errand.objects.filter(state=Errand.State.WAITING, failures__gt=len(WAITS))
    stuck.update(not_before=at)
