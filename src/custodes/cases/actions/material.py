"""Add recordings to a case, take them out, and say what becomes of them there.

What is added is held in the same transaction and opened to whoever works on the case.
Taking it out lets go of no hold: people do that, for a reason. From a case that has ended
nothing is taken.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from custodes.cases.actions.working import locked_case, locked_recordings, people_on
from custodes.cases.errors import CaseRefused
from custodes.cases.models import Case, Material
from custodes.cases.rules.material import STATUS_NAMES, Status, faults_of_assessment
from custodes.cases.rules.proceeding import OUTCOMES, STAYS_AS_DECIDED
from custodes.custody.actions import record, record_all
from custodes.custody.appending import Happening
from custodes.custody.events import MaterialAdded, MaterialAssessed, MaterialTakenOut
from custodes.custody.rules import Actor
from custodes.people.rules import Permission, Viewer
from custodes.recordings.actions.grant import close_recording, open_to
from custodes.recordings.models import Recording
from custodes.recordings.queries import recording_for
from custodes.recordings.reports import name_of
from custodes.recordings.rules import State
from custodes.retention.actions.hold import Wanted, extend_raised_hold, raise_hold
from custodes.retention.actions.proceedings import link, open_matter, unlink
from custodes.retention.models import Matter
from custodes.retention.rules.holds import FIRST_LOOK, HoldKind, Scope

_IN_GENERAL = "it may be relevant to the case"


@dataclass(frozen=True, slots=True)
class Assessment:
    """What somebody says of a recording of a case. ``reason``: of sensitive and not relevant."""

    status: Status
    description: str = ""
    reason: str = ""


@transaction.atomic
def add_recordings(
    viewer: Viewer, case: Case, recordings: Iterable[Recording], because: str, *, at: datetime
) -> int:
    """Add recordings this viewer may know of; return how many were not in the case before."""
    case = locked_case(viewer, Permission.WORK_ON_CASES, case)
    if len(because) > 500:
        raise CaseRefused("A reason has at most 500 characters.")
    known = [recording_for(viewer, each.handle) for each in recordings]
    if gone := [each for each in known if each.state == State.DISPOSED]:
        raise CaseRefused(f"The {name_of(gone[0])} has been deleted.")
    reasons = dict.fromkeys((each.pk for each in known), because.strip() or _IN_GENERAL)
    return len(bring_in(case, known, reasons, by=viewer.actor, at=at))


@transaction.atomic
def take_out(
    viewer: Viewer, case: Case, recording: Recording, because: str, *, at: datetime
) -> None:
    """Take a recording out of a case that goes on, for a reason; it stays held until that ends.

    Raises CaseRefused once the case has ended, and for the recording of an exhibit.
    """
    case = locked_case(viewer, Permission.WORK_ON_CASES, case)
    recording = recording_for(viewer, recording.handle)
    if case.state in OUTCOMES:
        raise CaseRefused(*STAYS_AS_DECIDED)
    if not because.strip() or len(because) > 500:
        raise CaseRefused("Say in at most 500 characters why.")
    material = _in(case, recording)
    if case.exhibits.filter(recording=recording, voided_at=None).exists():
        raise CaseRefused("It is an exhibit of this case.", "Void the exhibit first.")
    [locked] = locked_recordings([recording])
    if not _holds(case, locked):
        hold_material(case, [locked], by=viewer.actor, at=at)
    material.taken_out_at = at
    material.save(update_fields=["taken_out_at"])
    _search_again(case)
    close_recording(locked.pk, case.handle, at=at)
    gone = MaterialTakenOut(urn=str(case), what=name_of(recording), recording=recording.handle)
    record(gone, subject=case.handle, by=viewer.actor, at=at, because=because.strip())
    matter = matter_of(case, by=viewer.actor, at=at)
    unlink(matter, [recording], because.strip(), by=viewer.actor, at=at)


@transaction.atomic
def assess(
    viewer: Viewer, case: Case, recording: Recording, said: Assessment, *, at: datetime
) -> Material:
    """Say what becomes of a recording of a case; raises CaseRefused in the prosecutor's words."""
    case = locked_case(viewer, Permission.WORK_ON_CASES, case)
    recording = recording_for(viewer, recording.handle)
    material = _in(case, recording)
    description, reason = " ".join(said.description.split()), " ".join(said.reason.split())
    if len(description) > 2000 or len(reason) > 1000:
        raise CaseRefused("A description has at most 2,000 characters, a reason 1,000.")
    if faults := faults_of_assessment(said.status, description, reason):
        raise CaseRefused(" ".join(faults))
    material.status, material.description, material.reason = said.status, description, reason
    material.assessed_by, material.assessed_at = viewer.name, at
    material.save()
    assessed = MaterialAssessed(
        urn=str(case),
        what=name_of(recording),
        recording=recording.handle,
        status=STATUS_NAMES[said.status],
        description=description,
    )
    record(assessed, subject=case.handle, by=viewer.actor, at=at, because=reason)
    return material


@transaction.atomic
def bring_in(
    case: Case,
    recordings: Sequence[Recording],
    because: Mapping[int, str],
    *,
    sibling: bool = False,
    by: Actor,
    at: datetime,
) -> list[Recording]:
    """Add recordings to a case the caller has locked, after asking who may; return the new ones.

    ``because`` says why, for each by its key. ``sibling``: it was found as another camera's.
    """
    there = set(case.material.filter(taken_out_at=None).values_list("recording", flat=True))
    new = [each for each in recordings if each.pk not in there]
    if not new:
        return []
    if case.state in OUTCOMES:
        raise CaseRefused("This case has ended.", "Enter first that it goes on.")
    locked_recordings(new)
    Material.objects.bulk_create(
        Material(
            case=case,
            recording=each,
            because=because[each.pk][:500],
            sibling=sibling,
            added_by=by.name,
            added_at=at,
        )
        for each in new
    )
    if not sibling:
        _search_again(case)
    open_to(people_on(case), [each.pk for each in new], case.handle, f"case {case}", at=at)
    record_all((_added(case, each, because[each.pk]) for each in new), by=by, at=at)
    linked = link(matter_of(case, by=by, at=at), new, by=by, at=at)
    if linked != len(new):
        raise CaseRefused("A recording was deleted a moment ago.")
    hold_material(case, new, by=by, at=at)
    return new


@transaction.atomic
def hold_material(case: Case, recordings: Sequence[Recording], *, by: Actor, at: datetime) -> None:
    """Hold recordings until the case ends, whether or not they are still in it by then."""
    if case.hold is not None and case.hold.released_at is None:
        extend_raised_hold(case.hold, recordings, by=by, at=at)
        return
    scope = Scope(recordings=frozenset(each.handle for each in recordings))
    look_on = FIRST_LOOK.after_date(localdate(at))
    wanted = Wanted(HoldKind.CASE, "material of the case", look_on, scope, authority=str(case))
    case.hold = raise_hold(wanted, by=by, at=at)
    case.save(update_fields=["hold"])


def matter_of(case: Case, *, by: Actor, at: datetime) -> Matter:
    """Return what retention knows of a case, under the same handle."""
    return open_matter(str(case), handle=case.handle, by=by, at=at)


def _holds(case: Case, recording: Recording) -> bool:
    """Say whether the case still holds a recording: who releases holds may have let that go."""
    hold = case.hold
    if hold is None or hold.released_at is not None:
        return False
    return hold.held.filter(recording=recording).exists()


def _in(case: Case, recording: Recording) -> Material:
    found = case.material.filter(recording=recording, taken_out_at=None).first()
    if found is None:
        raise CaseRefused("This recording is not in this case.")
    return found


def _search_again(case: Case) -> None:
    """Note that the case shows other times and places now: other cameras must be sought anew."""
    case.sought_at = None
    case.save(update_fields=["sought_at"])


def _added(case: Case, recording: Recording, because: str) -> Happening:
    what = name_of(recording)
    added = MaterialAdded(urn=str(case), what=what, recording=recording.handle)
    return Happening(added, case.handle, because)
