"""Note down what the rules say of recordings, so that lists and the sweep know when to ask again.

A note is never a reason to delete: the sweep asks the rules anew, under a lock.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from custodes.recordings.many import among, as_stored, moment, rows_of
from custodes.recordings.models import Recording
from custodes.recordings.rules import State
from custodes.retention.facts import facts_of, readable_schedule_at
from custodes.retention.models import Outlook
from custodes.retention.rules.decision import Facts, Verdict, decide
from custodes.retention.rules.schedule import Schedule
from custodes.retention.rules.undated import why_undated

# Most of an index is touched by a batch, however many there are: the more the better, as far
# as others can wait for it.
_BATCH = 10_000
_NOTED = ("due_at", "verdict", "line", "held", "waits", "version", "why")


@transaction.atomic
def look_ahead(recordings: Sequence[int], *, at: datetime) -> None:
    """Note what the schedule in force says of these recordings now.

    Without one that can be read, what was noted is forgotten, and noted anew once there is
    one: something about them has changed.
    """
    schedule = readable_schedule_at(at)
    if schedule is None:
        Outlook.objects.filter(recording__in=among(recordings)).delete()
        return
    facts = facts_of(recordings)
    noted = _noted(facts)
    new: list[Outlook] = []
    other: dict[tuple[object, ...], list[int]] = defaultdict(list)
    for pk, each in facts.items():
        note = _note(each, schedule, at)
        if pk not in noted or noted[pk][0] != note[0]:
            new.append(Outlook(recording_id=pk, **dict(zip(_NOTED, note, strict=True))))
        elif noted[pk] != note:
            other[note[1:]].append(pk)
    Outlook.objects.bulk_create(
        new, update_conflicts=True, unique_fields=["recording"], update_fields=_NOTED
    )
    # When to ask again is as it was, for most: those are changed without touching its index.
    for rest, pks in other.items():
        changed = dict(zip(_NOTED[1:], rest, strict=True))
        Outlook.objects.filter(pk__in=among(pks)).update(**changed)


def look_ahead_at_all(*, at: datetime) -> int:
    """Note it of every recording without a note of this schedule; return of how many."""
    schedule = readable_schedule_at(at)
    if schedule is None:
        return 0
    done = 0
    for batch in _without_note(schedule.version):
        look_ahead(batch, at=at)
        done += len(batch)
    return done


def look_again_at_due(*, at: datetime) -> None:
    """Note anew what is due by now: most may go, and some wait for a person from then on."""
    if readable_schedule_at(at) is None:
        return
    for batch in in_order(Outlook.objects.filter(due_at__lte=at).exclude(verdict=Verdict.DISPOSE)):
        look_ahead(batch, at=at)


def in_order(due: QuerySet[Outlook]) -> Iterator[list[int]]:
    """Yield the recordings of notes, some at a time and each once, the longest due first.

    What is done to those that were yielded does not move the others.
    """
    due = due.order_by("due_at", "recording")
    left = due
    while batch := rows_of(left.values_list(*as_stored("due_at"), "recording")[:_BATCH]):
        since, last = moment(batch[-1][0]), batch[-1][1]
        # Not said as an OR: the index of what is due is read on from here.
        left = due.filter(due_at__gte=since).exclude(due_at=since, recording__lte=last)
        yield [recording for _, recording in batch]


def _without_note(version: int) -> Iterator[list[int]]:
    """Yield the recordings whose note is missing or old, some at a time, in order."""
    last = 0
    held = Recording.objects.exclude(state=State.DISPOSED)
    old = held.filter(Q(outlook=None) | ~Q(outlook__version=version)).order_by("pk")
    while batch := list(old.filter(pk__gt=last).values_list("pk", flat=True)[:_BATCH]):
        last = batch[-1]
        yield batch


def _noted(recordings: Iterable[int]) -> dict[int, tuple[object, ...]]:
    rows = Outlook.objects.filter(pk__in=among(recordings))
    due_at, *others = _NOTED
    notes = rows_of(rows.values_list("pk", *as_stored(due_at), *others))
    return {
        pk: (due and moment(due), verdict, line, bool(held), bool(waits), version, why)
        for pk, due, verdict, line, held, waits, version, why in notes
    }


def _note(facts: Facts, schedule: Schedule, at: datetime) -> tuple[object, ...]:
    """Return what is noted of a recording, in the order of _NOTED."""
    decision = decide(facts, schedule, at)
    line = decision.lines[0] if decision.lines else ""
    held = any(hold.binds(at) for hold in facts.holds)
    why = why_undated(facts, decision, at)
    known = (decision.due, decision.verdict.value, line, held, decision.waits)
    return *known, schedule.version, why and why.value
