"""Let the custody report of a case out: as a PDF, or as a package that proves each line.

For whom is on the record before it goes, and decides what it tells of sensitive material.
"""

from __future__ import annotations

from datetime import datetime
from typing import Final

from django.db import transaction

from custodes.cases.models import Case
from custodes.cases.queries import case_to_work_on
from custodes.cases.report import (
    NOT_SENSITIVE,
    ToldOf,
    report_of_case,
    telling_of_sensitive,
    telling_of_unopened,
    told_of,
)
from custodes.cases.rules.audiences import AUDIENCE_NAMES, Audience, sees_sensitive
from custodes.custody.actions import record
from custodes.custody.checkpoints import publish
from custodes.custody.events import RecordTaken
from custodes.custody.queries import Told, histories_of, number_in_histories
from custodes.custody.report import Report
from custodes.package.assembling import parcel
from custodes.package.sending import Parcel
from custodes.people.errors import NotAllowed
from custodes.people.rules import Permission, Viewer
from custodes.recordings.actions.prove_acts import LONGEST
from custodes.recordings.actions.take_record import Handed
from custodes.recordings.errors import Unusable
from custodes.recordings.kept_apart import looks_of_watchdog, telling_of_withheld
from custodes.recordings.packaging import contents_of_acts
from custodes.recordings.shown_of_log import ALL_FIELDS

_LEFT_OUT: Final = "{left} of the recordings that whoever made this may know of"
_REMARKS: Final = (
    "It holds the history of the case and of {told} recordings in it, and none of the films.",
    f"Left out with their histories: {_LEFT_OUT}, which they may not open to others.",
    (
        "Some entries may have every detail closed: what tells of recordings that are not"
        " opened here, and what the police watchdog looked at. They are here so that no record"
        " has a hole."
    ),
)


@transaction.atomic
def take_case_report(
    viewer: Viewer, case: Case, audience: Audience, handed: Handed, *, at: datetime
) -> Report:
    """Record that the report of a case is taken out for somebody; return it, with that line.

    Raises NotFound, NotAllowed for who may not work on it, or NeedsAReason.
    """
    case = case_to_work_on(viewer, case.handle)
    of = told_of(viewer, case, Permission.SEE_CUSTODY, audience)
    _enter(viewer, of, audience, handed, "a PDF", at)
    return report_of_case(viewer, case, audience)


def hand_out_case_report(
    viewer: Viewer, case: Case, audience: Audience, handed: Handed, *, at: datetime
) -> Parcel:
    """Put on record that the package goes to somebody; return it ready to be sent.

    It opens what this viewer may open to others (``open-details``) and the audience may
    learn; the rest of the case's record stays closed. Raises as above, or Unusable.
    """
    of, acts = _gathered(viewer, case, audience, handed, at)
    publish(at)
    closed = telling_of_withheld(viewer, acts) | telling_of_unopened(viewer, acts)
    closed |= telling_of_sensitive(acts, of, audience) | looks_of_watchdog(viewer, acts)
    remarks = [each.format(told=len(of.recordings), left=of.left_out) for each in _REMARKS]
    if not sees_sensitive(audience):
        remarks.append(f"Not told of: {NOT_SENSITIVE}.")
    whole, opened = of.handles, {ALL_FIELDS}
    contents = contents_of_acts(
        acts, f"Case {of.case}", remarks, opened, at, whole=whole, closed=closed
    )
    return parcel(contents, f"case-{of.case.handle}")


@transaction.atomic
def _gathered(
    viewer: Viewer, case: Case, audience: Audience, handed: Handed, at: datetime
) -> tuple[ToldOf, list[Told]]:
    """Check that the package can be made, enter that it is, and return what goes into it."""
    case = case_to_work_on(viewer, case.handle)
    if not viewer.may(Permission.OPEN_DETAILS):
        raise NotAllowed("You may read this history, but not open it to others.")
    of = told_of(viewer, case, Permission.OPEN_DETAILS, audience)
    if number_in_histories(of.handles) >= LONGEST:  # the entry about this comes on top
        raise Unusable(f"A package holds at most {LONGEST:,} entries.", "Take the PDF.")
    _enter(viewer, of, audience, handed, "a package", at)
    return of, histories_of(of.handles)


def _enter(
    viewer: Viewer, of: ToldOf, audience: Audience, handed: Handed, form: str, at: datetime
) -> None:
    handed = handed.checked()
    withheld = _LEFT_OUT.format(left=of.left_out)
    taken = RecordTaken(
        about=f"case {of.case} and the recordings in it",
        form=form,
        recipient=f"{AUDIENCE_NAMES[audience]}, {handed.recipient}",
        opened="all else",
        withheld=withheld if sees_sensitive(audience) else f"{withheld}; {NOT_SENSITIVE}",
    )
    record(taken, subject=of.case.handle, by=viewer.actor, at=at, because=handed.because)
