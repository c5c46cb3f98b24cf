"""Take a case a step on: to the prosecutor, to a charge, to an outcome, to an appeal.

What decides how long the evidence is kept is entered with retention in the same
transaction. A charge holds all that is in the case; an outcome ends what the case
itself held, and the law's own minimum takes over.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from custodes.cases.actions.material import hold_material, matter_of
from custodes.cases.actions.working import locked_case, locked_recordings
from custodes.cases.errors import CaseRefused
from custodes.cases.models import Case
from custodes.cases.rules.proceeding import (
    LONGEST_REASON,
    OUTCOME_OF,
    OUTCOMES,
    STATE_NAMES,
    Move,
    State,
    faults_of_move,
)
from custodes.custody.actions import record
from custodes.custody.events import CaseLookedOver, CaseMoved
from custodes.custody.rules import Actor
from custodes.people.rules import Permission, Viewer
from custodes.recordings.models import Recording
from custodes.recordings.rules import State as Stored
from custodes.retention.actions.hold import end_raised_hold, lock_what_is_held
from custodes.retention.actions.proceedings import (
    Challenge,
    decide_challenge,
    note_attention,
    open_challenge,
    record_charge,
    record_group,
    record_outcome,
)
from custodes.retention.rules.proceedings import Attention


@transaction.atomic
def move_case(viewer: Viewer, case: Case, move: Move, *, at: datetime) -> Case:
    """Take a case a step on; raises CaseRefused, or ProceedingsRefused for what cannot be."""
    case = locked_case(viewer, Permission.WORK_ON_CASES, case)
    before = State(case.state)
    if faults := faults_of_move(before, case.state_on, move, localdate(at)):
        raise CaseRefused(" ".join(faults))
    material = _locked_material(case)
    if case.hold is not None:
        lock_what_is_held(case.hold)
    case.state, case.state_on = move.to, move.on
    case.save(update_fields=["state", "state_on"])
    moved = CaseMoved(
        urn=str(case),
        before=STATE_NAMES[before],
        after=STATE_NAMES[move.to],
        on=move.on.isoformat(),
    )
    record(moved, subject=case.handle, by=viewer.actor, at=at, because=move.because.strip())
    _enter(case, before, move, by=viewer.actor, at=at)
    if move.to in OUTCOMES and case.hold is not None:
        ended = f"the case ended: {STATE_NAMES[move.to]}"
        end_raised_hold(case.hold, ended, by=viewer.actor, at=at)
    elif before in OUTCOMES and move.to not in OUTCOMES and material:
        hold_material(case, material, by=viewer.actor, at=at)
    return case


@transaction.atomic
def challenge_case(
    viewer: Viewer, case: Case, which: Challenge, decided_on: date | None, *, at: datetime
) -> Case:
    """Enter that an appeal or application is open (None), or on which day it was decided."""
    case = locked_case(viewer, Permission.WORK_ON_CASES, case)
    if case.state != State.CONVICTED:
        raise CaseRefused("Only a conviction is appealed against.")
    _locked_material(case)
    matter = matter_of(case, by=viewer.actor, at=at)
    if decided_on is None:
        open_challenge(matter, which, by=viewer.actor, at=at)
    else:
        decide_challenge(matter, which, decided_on, by=viewer.actor, at=at)
    return case


@transaction.atomic
def look_over(viewer: Viewer, case: Case, because: str, *, at: datetime) -> Case:
    """Enter that somebody looked whether what is kept for an open case is still needed: it is.

    Raises CaseRefused without a reason, or once the case has ended. Deletes nothing.
    """
    case = locked_case(viewer, Permission.WORK_ON_CASES, case)
    if case.state in OUTCOMES:
        raise CaseRefused("This case has ended; the schedule says how long it is kept.")
    if not because.strip() or len(because) > LONGEST_REASON:
        raise CaseRefused(f"Say in at most {LONGEST_REASON} characters why it is still needed.")
    case.looked_on = localdate(at)
    case.save(update_fields=["looked_on"])
    looked = CaseLookedOver(urn=str(case))
    record(looked, subject=case.handle, by=viewer.actor, at=at, because=because.strip())
    return case


@transaction.atomic
def note_attention_in_case(
    viewer: Viewer, case: Case, kind: Attention, on: date, *, at: datetime
) -> Case:
    """Enter that somebody of a case came to attention again: what counts begins its time anew.

    Raises CaseRefused while the case goes on: its clear period has not begun (RET-11).
    """
    case = locked_case(viewer, Permission.WORK_ON_CASES, case)
    if case.state not in OUTCOMES:
        raise CaseRefused("This case goes on, and all that is in it is kept for it.")
    _locked_material(case)
    note_attention(matter_of(case, by=viewer.actor, at=at), kind, on, by=viewer.actor, at=at)
    return case


def _enter(case: Case, before: State, move: Move, *, by: Actor, at: datetime) -> None:
    """Tell retention what is known now."""
    matter = matter_of(case, by=by, at=at)
    outcome = OUTCOME_OF[move.to]
    if move.to is State.CHARGED:
        record_charge(matter, move.because, by=by, at=at)
    elif move.to in OUTCOMES:
        record_outcome(
            matter,
            outcome,
            decided_on=move.on,
            custodial=move.custodial,
            released_on=move.released_on,
            by=by,
            at=at,
        )
    elif before in OUTCOMES:
        record_outcome(matter, outcome, by=by, at=at)
    if move.group is not None and move.group != matter.group:
        record_group(matter, move.group, by=by, at=at)


def _locked_material(case: Case) -> list[Recording]:
    """Return what is in a case and still there, locked before the log is."""
    inside = Recording.objects.filter(material__case=case, material__taken_out_at=None)
    return locked_recordings(inside.exclude(state=Stored.DISPOSED).only("pk"))
