"""Give an exhibit its number, and void one. A number that was given is never given again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import transaction

from custodes.cases.actions.material import bring_in, matter_of
from custodes.cases.actions.working import locked_case, locked_recordings
from custodes.cases.errors import CaseRefused
from custodes.cases.models import Case, Exhibit
from custodes.cases.rules.exhibits import (
    Reference,
    next_reference,
    read_initials,
    read_reference,
)
from custodes.cases.rules.papers import DocumentType
from custodes.custody.actions import record_all
from custodes.custody.appending import Happening
from custodes.custody.events import ExhibitExplained, ExhibitNumbered, ExhibitVoided
from custodes.people.models import Person
from custodes.people.rules import Permission, Viewer
from custodes.recordings.clips import made_for
from custodes.recordings.models import Recording
from custodes.recordings.queries import recording_for
from custodes.recordings.reports import name_of
from custodes.recordings.rules import State
from custodes.retention.actions.proceedings import hold_exhibit


@dataclass(frozen=True, slots=True)
class NewExhibit:
    """An exhibit somebody wants numbered.

    ``producer`` None: the wearer. ``reference`` is one that was written down already;
    empty: the next of these initials. ``clip`` is the handle of a clip or still of the
    recording; without one it is the whole recording, and ``whole_because`` may say why.
    """

    item: str
    initials: str
    producer: Person | None = None
    reference: str = ""
    derived_from: Exhibit | None = None
    document_type: DocumentType = DocumentType.OTHER_EXHIBIT
    clip: str = ""
    whole_because: str = ""


@transaction.atomic
def number_exhibit(
    viewer: Viewer, case: Case, recording: Recording, wanted: NewExhibit, *, at: datetime
) -> Exhibit:
    """Make a recording, or something made from it, an exhibit; it is held from here on.

    A recording that is not in the case yet is added to it. Raises CaseRefused.
    """
    case = locked_case(viewer, Permission.WORK_ON_CASES, case)
    recording = recording_for(viewer, recording.handle)
    if recording.state == State.DISPOSED:
        raise CaseRefused("This recording has been deleted.")
    item = " ".join(wanted.item.split())
    if not item or len(item) > 300:
        raise CaseRefused("Say in at most 300 characters what the exhibit is.")
    if wanted.derived_from is not None and wanted.derived_from.case_id != case.pk:
        raise CaseRefused("What it was made from is an exhibit of another case.")
    clip = made_for(viewer, recording.handle, wanted.clip) if wanted.clip else None
    whole_because = "" if clip else _reason(wanted.whole_because, needed=False)
    reference = _reference(case, wanted)
    producer = wanted.producer or recording.wearer
    locked_recordings([recording])
    reasons = {recording.pk: f"exhibit {reference}"}
    bring_in(case, [recording], reasons, by=viewer.actor, at=at)
    _seek_beside(case, recording)
    exhibit = Exhibit.objects.create(
        case=case,
        recording=recording,
        derived_from=wanted.derived_from,
        clip=clip.handle if clip else "",
        whole_because=whole_because,
        initials=reference.initials,
        number=reference.number,
        suffix=reference.suffix,
        item=item,
        producer=producer,
        producer_name=str(producer or recording.announced or ""),
        document_type=wanted.document_type,
        made_by=viewer.name,
        made_at=at,
    )
    numbered = ExhibitNumbered(
        urn=str(case),
        exhibit=exhibit.handle,
        reference=str(reference),
        item=item,
        producer=exhibit.producer_name or "nobody yet",
        what=(f"{clip.purpose} {clip.handle} of the " if clip else "") + name_of(recording),
        recording=recording.handle,
    )
    both = [Happening(numbered, case.handle), Happening(numbered, recording.handle)]
    record_all(both, by=viewer.actor, at=at)
    matter = matter_of(case, by=viewer.actor, at=at)
    hold_exhibit(matter, recording, str(exhibit), by=viewer.actor, at=at)
    return exhibit


@transaction.atomic
def void_exhibit(viewer: Viewer, exhibit: Exhibit, because: str, *, at: datetime) -> Exhibit:
    """Say that an exhibit is none any more, and why. Its number stays used, its hold in force."""
    case = locked_case(viewer, Permission.WORK_ON_CASES, exhibit.case)
    recording_for(viewer, exhibit.recording.handle)
    exhibit = Exhibit.objects.select_for_update().get(pk=exhibit.pk)
    if exhibit.voided_at is not None:
        raise CaseRefused("This exhibit was voided already.")
    if not because.strip() or len(because) > 500:
        raise CaseRefused("Say in at most 500 characters why.")
    exhibit.voided_at, exhibit.voided_because = at, because.strip()
    exhibit.save(update_fields=["voided_at", "voided_because"])
    handle = exhibit.recording.handle
    voided = ExhibitVoided(
        urn=str(case), exhibit=exhibit.handle, reference=str(exhibit), recording=handle
    )
    both = [Happening(voided, subject, because.strip()) for subject in (case.handle, handle)]
    record_all(both, by=viewer.actor, at=at)
    return exhibit


class Why(StrEnum):
    """What the prosecutor wants a reason for."""

    WHOLE = "whole"
    UNHIDDEN = "unhidden"


_WHAT = {Why.WHOLE: "the whole recording is given", Why.UNHIDDEN: "nothing is hidden"}


@transaction.atomic
def explain_exhibit(
    viewer: Viewer, exhibit: Exhibit, why: Why, because: str, *, at: datetime
) -> Exhibit:
    """Say why the whole recording is given, or why nothing in it has to be hidden."""
    case = locked_case(viewer, Permission.WORK_ON_CASES, exhibit.case)
    recording_for(viewer, exhibit.recording.handle)
    exhibit = Exhibit.objects.select_for_update().get(pk=exhibit.pk)
    if exhibit.voided_at is not None:
        raise CaseRefused("This exhibit was voided.")
    because = _reason(because, needed=True)
    field = {Why.WHOLE: "whole_because", Why.UNHIDDEN: "unhidden_because"}[why]
    setattr(exhibit, field, because)
    exhibit.save(update_fields=[field])
    handle = exhibit.recording.handle
    said = ExhibitExplained(
        urn=str(case),
        exhibit=exhibit.handle,
        reference=str(exhibit),
        what=_WHAT[why],
        recording=handle,
    )
    both = [Happening(said, subject, because) for subject in (case.handle, handle)]
    record_all(both, by=viewer.actor, at=at)
    return exhibit


def _seek_beside(case: Case, recording: Recording) -> None:
    """Have other cameras sought anew beside another camera's recording that becomes an exhibit."""
    found = case.material.filter(recording=recording, taken_out_at=None, sibling=True)
    if found.exists() and not case.exhibits.filter(recording=recording, voided_at=None).exists():
        case.sought_at = None
        case.save(update_fields=["sought_at"])


def _reason(said: str, *, needed: bool) -> str:
    because = " ".join(said.split())
    if (needed and not because) or len(because) > 500:
        raise CaseRefused("Say in at most 500 characters why.")
    return because


def _reference(case: Case, wanted: NewExhibit) -> Reference:
    """Return the reference an exhibit gets; the case is locked, so nobody else gets it too."""
    given = [each.reference for each in case.exhibits.all()]
    try:
        if not wanted.reference.strip():
            return next_reference(read_initials(wanted.initials), given)
        reference = read_reference(wanted.reference)
    except ValueError as fault:
        raise CaseRefused(str(fault)) from None
    if reference in given:
        raise CaseRefused(f"{reference} was given in this case already, and is never given again.")
    return reference
