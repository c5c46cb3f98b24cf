"""Give an exhibit its number, and void one. A number that was given is never given again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

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
from custodes.custody.events import ExhibitNumbered, ExhibitVoided
from custodes.people.models import Person
from custodes.people.rules import Permission, Viewer
from custodes.recordings.models import Recording
from custodes.recordings.queries import recording_for
from custodes.recordings.reports import name_of
from custodes.recordings.rules import State
from custodes.retention.actions.proceedings import hold_exhibit


@dataclass(frozen=True, slots=True)
class NewExhibit:
    """An exhibit somebody wants numbered.

    ``producer`` None: the wearer. ``reference`` is one that was written down already;
    empty: the next of these initials. A clip says what it was ``derived_from``.
    """

    item: str
    initials: str
    producer: Person | None = None
    reference: str = ""
    derived_from: Exhibit | None = None
    document_type: DocumentType = DocumentType.OTHER_EXHIBIT


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
    reference = _reference(case, wanted)
    producer = wanted.producer or recording.wearer
    locked_recordings([recording])
    reasons = {recording.pk: f"exhibit {reference}"}
    bring_in(case, [recording], reasons, by=viewer.actor, at=at)
    # Another camera's recording that becomes an exhibit may have others beside it.
    case.sought_at = None
    case.save(update_fields=["sought_at"])
    exhibit = Exhibit.objects.create(
        case=case,
        recording=recording,
        derived_from=wanted.derived_from,
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
        what=name_of(recording),
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
