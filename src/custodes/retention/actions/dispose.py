"""Destroy what the rules let go, a batch at a time, and nothing else.

Lock, gather, decide, destroy, record: one transaction, in which a hold either stands
already, and then keeps, or comes after, and then finds the recording gone. Nobody and
nothing else in the house deletes footage.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from django.db import transaction
from django.db.models import Count

from custodes.custody.actions import record_all
from custodes.custody.appending import Happening
from custodes.custody.events import RecordingDeleted
from custodes.custody.models import Entry
from custodes.custody.rules import Actor
from custodes.kernel.clock import rfc3339
from custodes.kernel.digest import b64u
from custodes.ledger.tree import leaf_hash
from custodes.recordings.actions.dispose import Gone, forget_footage
from custodes.recordings.models import Recording
from custodes.recordings.rules import State
from custodes.retention.actions.hold import catch
from custodes.retention.actions.notices import queue_notices
from custodes.retention.actions.outlook import look_ahead
from custodes.retention.facts import facts_of
from custodes.retention.models import (
    HeldRecording,
    LettingGo,
    MatterRecording,
    Outlook,
    Review,
    Sweep,
    Tombstone,
    Unlinking,
)
from custodes.retention.policy import Policy
from custodes.retention.rules.decision import Decision, Facts, Verdict, decide
from custodes.retention.rules.notices import Change


@transaction.atomic
def dispose(
    recordings: Sequence[int], policy: Policy, sweep: Sweep, *, by: Actor, at: datetime
) -> tuple[int, int]:
    """Destroy those of the recordings that may go at this moment; return how many went and stayed.

    1. Lock them. 2. Put them under the standing holds that reach for them. 3. Gather
    what is known, and compare holds and cases with what the record tells of them.
    4. Decide. 5. Destroy keys and forget contents. 6. Record, and owe a letter to whoever
    was given one of them.
    """
    locked = _lock(recordings)
    catch(list(locked), by=by, at=at)
    facts = _as_the_record_tells(locked, facts_of(list(locked)))
    decisions = {pk: decide(each, policy.schedule, at) for pk, each in facts.items()}
    going = {pk: d for pk, d in decisions.items() if d.verdict is Verdict.DISPOSE}

    gone = forget_footage(list(going))
    Outlook.objects.filter(recording__in=going).delete()
    approvals = _approvals([pk for pk, decision in going.items() if decision.by_people])
    happenings = [
        Happening(_deleted(decision, gone[pk], policy, approvals.get(pk)), locked[pk])
        for pk, decision in going.items()
    ]
    entries = record_all(happenings, by=by, at=at)
    queue_notices(list(going), Change.ERASED, by=by, at=at)
    _leave_tombstones(going, gone, locked, entries, policy, sweep, at)
    look_ahead([pk for pk in locked if pk not in going], at=at)
    return len(going), len(locked) - len(going)


def _lock(recordings: Sequence[int]) -> dict[int, str]:
    rows = Recording.objects.filter(pk__in=recordings).exclude(state=State.DISPOSED)
    return {row.pk: row.handle for row in rows.order_by("pk").select_for_update().only("handle")}


def _as_the_record_tells(handles: dict[int, str], facts: dict[int, Facts]) -> dict[int, Facts]:
    """Doubt the facts of recordings of whose holds or cases the record knows more than the tables.

    A row that was lost must not let anything go.
    """
    held = HeldRecording.objects.filter(recording__in=facts, hold__released_at=None)
    linked = MatterRecording.objects.filter(recording__in=facts, unlinked_at=None)
    told_and_known = (
        ("hold", _standing(handles, "hold.placed", "hold.released"), held),
        ("case", _standing(handles, "recording.linked", "recording.unlinked"), linked),
    )
    doubts: dict[int, tuple[str, ...]] = {}
    for what, told, rows in told_and_known:
        if not told:
            continue
        known = dict(rows.order_by().values_list("recording").annotate(Count("pk")))
        doubt = f"the record tells of a {what} that this database has lost"
        for pk in facts:
            if told.get(handles[pk], 0) > known.get(pk, 0):
                doubts[pk] = (*doubts.get(pk, ()), doubt)
    return {pk: replace(each, unsure=doubts.get(pk, ())) for pk, each in facts.items()}


def _standing(handles: dict[int, str], begins: str, ends: str) -> dict[str, int]:
    """Return how many of a kind the record tells of that did not end, by subject."""
    told = Entry.objects.filter(subject__in=handles.values(), kind__in=[begins, ends]).order_by()
    standing: dict[str, int] = {}
    for subject, kind, count in told.values_list("subject", "kind").annotate(Count("index")):
        standing[subject] = standing.get(subject, 0) + (count if kind == begins else -count)
    return standing


def _approvals(recordings: Sequence[int]) -> dict[int, list[str]]:
    """Return the leaf hashes of the entries in which people let recordings go."""
    if not recordings:
        return {}
    reviews = Review.objects.filter(recording__in=recordings).order_by("pk")
    latest = {row.recording_id: row.pk for row in reviews}
    agreed = LettingGo.objects.filter(review__in=latest.values()).order_by("pk")
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
    stones = [
        Tombstone(
            handle=handles[pk],
            sweep=sweep,
            line=decision.lines[0],
            version=policy.schedule.version,
            due_at=decision.due or at,
            disposed_at=at,
            entry=entry,
            epoch=gone[pk].epoch,
        )
        for entry, (pk, decision) in zip(entries, going.items(), strict=True)
    ]
    Tombstone.objects.bulk_create(stones)
    Unlinking.objects.bulk_create(
        [
            Unlinking(handle=handle, tombstone=handles[pk])
            for pk in going
            for handle in gone[pk].objects
        ]
    )
