"""Say who works on a case: from the next request on they reach its recordings, or no more."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from custodes.cases.actions.working import locked_case
from custodes.cases.errors import CaseRefused
from custodes.cases.models import Assignment, Case
from custodes.cases.rules.proceeding import PART_NAMES, Part
from custodes.custody.actions import record
from custodes.custody.events import CaseAssigned, CaseUnassigned
from custodes.custody.rules import Actor
from custodes.people.models import Person
from custodes.people.rules import Permission, Reach, Viewer
from custodes.recordings.actions.grant import close_to_person, open_to


@transaction.atomic
def assign(viewer: Viewer, case: Case, person: Person, part: Part, *, at: datetime) -> Assignment:
    """Put somebody on a case; raises CaseRefused when no role of theirs sees cases."""
    case = locked_case(viewer, Permission.ASSIGN_CASES, case)
    return put_on(case, person, part, by=viewer.actor, at=at)


@transaction.atomic
def unassign(viewer: Viewer, case: Case, person: Person, because: str, *, at: datetime) -> None:
    """Take somebody off a case, for a reason; what it let them reach goes with it.

    The officer in the case is replaced by assigning another, never just taken off.
    """
    case = locked_case(viewer, Permission.ASSIGN_CASES, case)
    if not because.strip() or len(because) > 1000:
        raise CaseRefused("Say in at most 1,000 characters why.")
    held = _held(case, person)
    if held is None:
        raise CaseRefused(f"{person} does not work on this case.")
    if held.part == Part.OFFICER:
        raise CaseRefused(
            "A case always has an officer in the case.", "Give that part to somebody else first."
        )
    held.until = at
    held.save(update_fields=["until"])
    close_to_person(person.pk, case.handle, at=at)
    gone = CaseUnassigned(urn=str(case), person=person.handle, name=person.name)
    record(gone, subject=case.handle, by=viewer.actor, at=at, because=because.strip())


@transaction.atomic
def put_on(case: Case, person: Person, part: Part, *, by: Actor, at: datetime) -> Assignment:
    """Put somebody on a case that the caller has locked, after asking who may."""
    if not person.is_active or person.as_viewer("").reach(Permission.SEE_CASES) is Reach.NONE:
        raise CaseRefused(f"No role of {person} works on cases.")
    held = _held(case, person)
    if held is not None and held.part == part:
        return held
    if held is not None and held.part == Part.OFFICER:
        raise CaseRefused(
            "A case always has an officer in the case.", "Give that part to somebody else first."
        )
    if part is Part.OFFICER:
        _relieve_officer(case, by=by, at=at)
    if held is not None:
        held.until = at
        held.save(update_fields=["until"])
    given = _give(case, person, part, by=by, at=at)
    recordings = case.material.filter(taken_out_at=None).values_list("recording", flat=True)
    open_to([person.pk], list(recordings), case.handle, f"case {case}", at=at)
    return given


def _relieve_officer(case: Case, *, by: Actor, at: datetime) -> None:
    """Let whoever was the officer in the case go on working on it."""
    before = case.assignments.filter(part=Part.OFFICER, until=None).select_related("person").first()
    if before is not None:
        before.until = at
        before.save(update_fields=["until"])
        _give(case, before.person, Part.WORKS, by=by, at=at)


def _give(case: Case, person: Person, part: Part, *, by: Actor, at: datetime) -> Assignment:
    given = Assignment.objects.create(case=case, person=person, part=part, by=by.name, since=at)
    said = CaseAssigned(
        urn=str(case), person=person.handle, name=person.name, part=PART_NAMES[part]
    )
    record(said, subject=case.handle, by=by, at=at)
    return given


def _held(case: Case, person: Person) -> Assignment | None:
    return case.assignments.filter(person=person, until=None).first()
