"""Destroy what the rules let go, a batch at a time, and nothing else.

Lock, gather, decide, destroy, record: one transaction, in which a hold either stands
already, and then keeps, or comes after, and then finds the recording gone. Nobody and
nothing else in the house deletes footage.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial

from django.db import connection, transaction
from django.db.models import Count, F

from custodes.custody.actions import record_all
from custodes.custody.appending import Happening, lock_end
from custodes.custody.events import RecordingDeleted
from custodes.custody.models import Entry
from custodes.custody.rules import Actor
from custodes.kernel.clock import rfc3339
from custodes.kernel.digest import b64u
from custodes.ledger.tree import leaf_hash
from custodes.recordings.actions.dispose import Gone, find_footage, forget_footage
from custodes.recordings.many import among, stored
from custodes.recordings.models import Lock, Recording
from custodes.recordings.rules import State
from custodes.retention.actions.hold import catch
from custodes.retention.actions.notices import queue_notices
from custodes.retention.actions.outlook import look_ahead
from custodes.retention.errors import SweepStopped
from custodes.retention.facts import facts_of, readable_schedule_at
from custodes.retention.models import (
    HeldRecording,
    LettingGo,
    MatterRecording,
    Outlook,
    Review,
    Sweep,
)
from custodes.retention.policy import Policy
from custodes.retention.rules.decision import Decision, Facts, Verdict, decide
from custodes.retention.rules.disposal import Stage
from custodes.retention.rules.notices import Change
from custodes.retention.told import CASE, HOLD, LOCK, REVIEW, Told

_ADD_STONES = (
    "INSERT INTO retention_tombstone (handle, sweep_id, line, version, due_at, disposed_at, entry,"
    " epoch, stage) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s)"
)
_ADD_OBJECTS = "INSERT INTO retention_unlinking (handle, tombstone) VALUES (%s, %s)"


@transaction.atomic
def dispose(
    recordings: Sequence[int],
    policy: Policy,
    sweep: Sweep,
    *,
    by: Actor,
    at: datetime,
    told: Told | None = None,
) -> tuple[int, int]:
    """Destroy those of the recordings that may go at this moment; return how many went and stayed.

    ``told`` saves reading again what the record told before; the sweep's own counts move
    with what they count.

    1. Lock them. 2. Put them under the standing holds that reach for them. 3. Gather
    what is known, and compare holds and cases with what the record tells of them.
    4. Decide. 5. Look that the version of the schedule decided by is the one in force at the
    time of the entries. 6. Destroy keys, forget contents, and record it. 7. Owe a letter to
    whoever was given one of them. Raises SweepStopped at 5, and then nothing was done.
    """
    locked = _lock(recordings)
    catch(list(locked), by=by, at=at)
    facts = _as_the_record_tells(locked, facts_of(list(locked)), told or Told())
    decisions = {pk: decide(each, policy.schedule, at) for pk, each in facts.items()}
    going = {pk: d for pk, d in decisions.items() if d.verdict is Verdict.DISPOSE}
    staying = [pk for pk in locked if pk not in going]

    Outlook.objects.filter(recording__in=among(going)).delete()
    approvals = _approvals([pk for pk, decision in going.items() if decision.by_people])
    footage = find_footage(list(going))
    gone = footage.gone
    happenings = [
        Happening(_deleted(decision, gone[pk], policy, approvals.get(pk)), locked[pk])
        for pk, decision in going.items()
    ]
    if happenings:
        _still_in_force(policy, at)
    entries = record_all(happenings, by=by, at=at, while_composed=partial(forget_footage, footage))
    queue_notices(list(going), Change.ERASED, by=by, at=at)
    _leave_tombstones(going, gone, locked, entries, policy, sweep, at)
    look_ahead(staying, at=at)
    Sweep.objects.filter(pk=sweep.pk).update(
        disposed=F("disposed") + len(going), kept=F("kept") + len(staying)
    )
    return len(going), len(staying)


def _lock(recordings: Sequence[int]) -> dict[int, str]:
    rows = Recording.objects.filter(pk__in=among(recordings)).exclude(state=State.DISPOSED)
    return dict(rows.order_by("pk").select_for_update().values_list("pk", "handle"))


def _still_in_force(policy: Policy, at: datetime) -> None:
    """Refuse to delete by a version that is in force no more when the entries are made.

    The record's time moves on while a sweep goes on, and it is by an entry's own time that
    anybody outside finds the version in force. From here to the end of the transaction
    nobody publishes another: the end of the log is locked.
    """
    last = lock_end().at
    entered_at = max(at, last) if last else at
    schedule = readable_schedule_at(entered_at)
    if schedule is None or schedule.version != policy.schedule.version:
        raise SweepStopped(
            "Another version of the schedule took effect while this sweep went on.",
            "Nothing more was deleted. What is due by it now is for the next rehearsal.",
        )


def _as_the_record_tells(
    handles: dict[int, str], facts: dict[int, Facts], told: Told
) -> dict[int, Facts]:
    """Doubt the facts of recordings of which the record knows more than the tables do.

    A row that was lost must not let anything go.
    """
    told.read_on()
    doubts: dict[int, tuple[str, ...]] = {}
    for name, what, rows in (
        ("hold", HOLD, HeldRecording.objects.filter(hold__released_at=None)),
        ("case", CASE, MatterRecording.objects.filter(unlinked_at=None)),
        ("lock", LOCK, Lock.objects.filter(lifted_at=None)),
        ("review", REVIEW, Review.objects.all()),
    ):
        standing = told.of(what)
        expected = {pk: count for pk in facts if (count := standing.get(handles[pk], 0)) > 0}
        if not expected:
            continue
        known = rows.filter(recording__in=among(expected)).order_by().values_list("recording")
        counted = dict(known.annotate(Count("pk")))
        doubt = f"the record tells of a {name} that this database has lost"
        for pk, count in expected.items():
            if count > counted.get(pk, 0):
                doubts[pk] = (*doubts.get(pk, ()), doubt)
    return {pk: replace(f, unsure=doubts[pk]) if pk in doubts else f for pk, f in facts.items()}


def _approvals(recordings: Sequence[int]) -> dict[int, list[str]]:
    """Return the leaf hashes of the entries in which people let recordings go."""
    if not recordings:
        return {}
    reviews = Review.objects.filter(recording__in=among(recordings)).order_by("pk")
    latest = {row.recording_id: row.pk for row in reviews}
    agreed = LettingGo.objects.filter(review__in=among(latest.values())).order_by("pk")
    entries = Entry.objects.in_bulk([each.entry for each in agreed])
    found: dict[int, list[str]] = {}
    for each in agreed:
        leaf = leaf_hash(bytes(entries[each.entry].data))
        found.setdefault(each.recording_id, []).append(b64u(leaf))
    return found


def _deleted(
    decision: Decision, gone: Gone, policy: Policy, approvals: list[str] | None
) -> RecordingDeleted:
    return RecordingDeleted(
        policy=policy.handle,
        rule=decision.lines[0],
        due=rfc3339(decision.due) if decision.due else "",
        mode="manual" if decision.by_people else "scheduled",
        keys=list(gone.keys[:64]),
        epoch=gone.epoch,
        approvals=approvals,
    )


def _leave_tombstones(
    going: dict[int, Decision],
    gone: dict[int, Gone],
    handles: dict[int, str],
    entries: range,
    policy: Policy,
    sweep: Sweep,
    at: datetime,
) -> None:
    version, epochs = policy.schedule.version, {pk: one.epoch for pk, one in gone.items()}
    disposed_at = stored(at)
    stones = [
        (handles[pk], sweep.pk, decision.lines[0], version, stored(decision.due or at), disposed_at,
         entry, epochs[pk], Stage.ACCESS_GONE)
        for entry, (pk, decision) in zip(entries, going.items(), strict=True)
    ]  # fmt: skip
    objects = [(handle, handles[pk]) for pk in going for handle in gone[pk].objects]
    # Past the models, which cost more for a row than the database does.
    with connection.cursor() as cursor:
        cursor.executemany(_ADD_STONES, stones)
        cursor.executemany(_ADD_OBJECTS, objects)
