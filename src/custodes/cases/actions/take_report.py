"""Let the custody report of a case out: as a PDF, or as a package that proves each line."""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction

from custodes.cases.models import Case
from custodes.cases.queries import case_to_work_on
from custodes.cases.report import recordings_told_of
from custodes.custody.actions import record
from custodes.custody.checkpoints import publish
from custodes.custody.events import RecordTaken
from custodes.custody.queries import history_of
from custodes.package.assembling import parcel
from custodes.package.sending import Parcel
from custodes.people.errors import NotAllowed
from custodes.people.rules import Permission, Viewer
from custodes.recordings.actions.take_record import Handed
from custodes.recordings.errors import Unusable
from custodes.recordings.packaging import ALL_FIELDS, contents_of_acts

#: More than this its proof would outgrow what a package holds.
_LONGEST: Final = 5_000
_REMARK = (
    "It holds the history of the case and of {told} recordings in it, and none of the films."
    " {left} recordings of the case are left out."
)


@transaction.atomic
def take_case_report(viewer: Viewer, case: Case, handed: Handed, form: str, *, at: datetime) -> int:
    """Record that the report of a case is taken out; return how many recordings it leaves out.

    Raises NotFound, NotAllowed for who may not work on it, or NeedsAReason.
    """
    case = case_to_work_on(viewer, case.handle)
    handed = handed.checked()
    _, left_out = recordings_told_of(viewer, case)
    taken = RecordTaken(
        about=f"case {case} and the recordings in it",
        form=form,
        recipient=handed.recipient,
        opened="all",
        withheld=f"{left_out} recordings",
    )
    record(taken, subject=case.handle, by=viewer.actor, at=at, because=handed.because)
    return left_out


def hand_out_case_report(viewer: Viewer, case: Case, handed: Handed, *, at: datetime) -> Parcel:
    """Put on record that the package goes to somebody; return it ready to be sent.

    Every entry is opened, so it takes ``open-details``. Raises as above, or Unusable.
    """
    case = case_to_work_on(viewer, case.handle)
    if not viewer.may(Permission.OPEN_DETAILS):
        raise NotAllowed("You may read this history, but not open it to others.")
    recordings, _ = recordings_told_of(viewer, case)
    handles = [case.handle, *(each.handle for each in recordings)]
    left_out = take_case_report(viewer, case, handed, "a package", at=at)
    acts = sorted(
        (told for handle in handles for told in history_of(handle)), key=lambda told: told.index
    )
    if len(acts) > _LONGEST:
        raise Unusable(f"A package holds at most {_LONGEST:,} entries.", "Take the PDF.")
    publish(at)
    remark = _REMARK.format(told=len(recordings), left=left_out)
    contents = contents_of_acts(
        acts, f"Case {case}", [remark], {ALL_FIELDS}, at, whole=frozenset(handles)
    )
    return parcel(contents, f"case-{case.handle}")
