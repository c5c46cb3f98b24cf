"""Note down what the rules say of recordings, so that lists and the sweep know when to ask again.

A note is never a reason to delete: the sweep asks the rules anew, under a lock.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import datetime

from django.db import transaction

from custodes.recordings.models import Recording
from custodes.recordings.rules import State
from custodes.retention.facts import facts_of, schedule_at
from custodes.retention.models import Outlook
from custodes.retention.rules.decision import Facts, Verdict, decide
from custodes.retention.rules.schedule import Schedule

_BATCH = 2000
_NOTED = ("verdict", "due_at", "line", "held", "version")


@transaction.atomic
def look_ahead(recordings: Sequence[int], *, at: datetime) -> None:
    """Note what the schedule in force says of these recordings now."""
    schedule = schedule_at(at)
    if schedule is None:
        return
    notes = [_note(pk, facts, schedule, at) for pk, facts in facts_of(recordings).items()]
    Outlook.objects.bulk_create(
        notes, update_conflicts=True, unique_fields=["recording"], update_fields=_NOTED
    )


def look_ahead_at_all(*, at: datetime) -> int:
    """Note it of every recording without a note of this schedule; return of how many."""
    schedule = schedule_at(at)
    if schedule is None:
        return 0
    done = 0
    for batch in _without_note(schedule.version):
        look_ahead(batch, at=at)
        done += len(batch)
    return done


def look_again_at_due(*, at: datetime) -> None:
    """Note anew what is due by now: most may go, and some wait for a person from then on."""
    last = 0
    while True:
        due = Outlook.objects.filter(due_at__lte=at, pk__gt=last).exclude(verdict=Verdict.DISPOSE)
        batch = list(due.order_by("pk").values_list("pk", flat=True)[:_BATCH])
        if not batch:
            return
        last = batch[-1]
        look_ahead(batch, at=at)


def _without_note(version: int) -> Iterator[list[int]]:
    """Yield the recordings whose note is missing or old, some at a time, in order."""
    last = 0
    while True:
        after = Recording.objects.filter(pk__gt=last).exclude(state=State.DISPOSED)
        batch = list(after.order_by("pk").values_list("pk", "outlook__version")[:_BATCH])
        if not batch:
            return
        last = batch[-1][0]
        if old := [pk for pk, noted in batch if noted != version]:
            yield old


def _note(recording: int, facts: Facts, schedule: Schedule, at: datetime) -> Outlook:
    decision = decide(facts, schedule, at)
    return Outlook(
        recording_id=recording,
        verdict=decision.verdict,
        due_at=decision.due,
        line=decision.lines[0] if decision.lines else "",
        held=any(hold.binds(at) for hold in facts.holds),
        version=schedule.version,
    )
