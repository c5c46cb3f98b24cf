"""What becomes of recordings, as lists and the page of one tell it: as far as a viewer may know."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from custodes.people.rules import Permission, Viewer
from custodes.recordings.models import Recording
from custodes.recordings.queries import within_reach
from custodes.recordings.rules import State
from custodes.retention.facts import facts_of, readable_schedule_at
from custodes.retention.models import Hold, Outlook, Tombstone
from custodes.retention.queries import holds_for
from custodes.retention.rules.decision import Decision, Verdict, decide
from custodes.retention.rules.schedule import End, Schedule


@dataclass(frozen=True, slots=True)
class Keeping:
    """Why one recording is kept. ``decision`` None: it cannot be said, and so it stays.

    ``is_held`` is told to everybody who may know of the recording; for what, only to
    those who may see holds: ``holds`` is empty for others, and no reason names one.
    ``waits``: somebody else has to agree to its category before that alone counts.
    """

    decision: Decision | None
    then: End | None
    is_held: bool
    holds: tuple[Hold, ...]
    may_hold: bool
    waits: bool


@dataclass(frozen=True, slots=True)
class Coming:
    """What a list says of a recording: when what happens to it; ``at`` None: nobody knows."""

    at: datetime | None
    then: End
    is_held: bool


def keeping_of(viewer: Viewer, recording: Recording, at: datetime) -> Keeping:
    """Say why a recording is kept; the recording is one this viewer may know of."""
    schedule = readable_schedule_at(at)
    facts = facts_of([recording.pk]).get(recording.pk)
    decision = decide(facts, schedule, at) if facts and schedule else None
    waits = decision is not None and decision.waits
    is_held = facts is not None and any(hold.binds(at) for hold in facts.holds)
    if is_held and not viewer.may(Permission.SEE_RETENTION):
        until = decision.due if decision is not None else None
        decision = Decision(Verdict.KEEP, ("a hold keeps it",), until)
    return Keeping(
        decision=decision,
        then=_then(schedule, decision.lines) if schedule and decision else None,
        is_held=is_held,
        holds=tuple(holds_for(viewer).filter(held__recording=recording)),
        may_hold=viewer.may(Permission.PLACE_HOLD),
        waits=waits,
    )


def what_comes(recordings: Iterable[Recording], at: datetime) -> dict[int, Coming]:
    """Return what the notes say of recordings a viewer was given; without a note, nothing."""
    schedule = readable_schedule_at(at)
    if schedule is None:
        return {}
    notes = Outlook.objects.filter(recording__in=[each.pk for each in recordings])
    return {note.recording_id: _coming(note, schedule) for note in notes}


def tombstone_of(viewer: Viewer, recording: Recording) -> Tombstone | None:
    """Return what is left of a deleted recording that this viewer may know of."""
    if recording.state != State.DISPOSED or not within_reach(viewer, Permission.SEARCH, recording):
        return None
    return Tombstone.objects.select_related("sweep").filter(handle=recording.handle).first()


def _coming(note: Outlook, schedule: Schedule) -> Coming:
    looks = note.verdict == Verdict.REVIEW or _then(schedule, (note.line,)) is End.REVIEW
    return Coming(note.due_at, End.REVIEW if looks else End.DISPOSE, note.held)


def _then(schedule: Schedule, lines: Iterable[str]) -> End | None:
    """Return what happens when the time of these lines is over; one that looks is enough."""
    ends = {line.end for code in lines if (line := schedule.line(code)) is not None}
    return End.REVIEW if End.REVIEW in ends else next(iter(ends), None)
