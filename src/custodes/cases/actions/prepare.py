"""Make a clip an exhibit in one step, of a case that is there or that is opened with it."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from django.db import transaction

from custodes.cases.actions.exhibit import NewExhibit, number_exhibit
from custodes.cases.actions.open import NewCase, open_case
from custodes.cases.models import Case, Exhibit
from custodes.people.rules import Viewer
from custodes.recordings.models import Copy


@transaction.atomic
def make_exhibit_of(
    viewer: Viewer, clip: Copy, into: Case | NewCase, wanted: NewExhibit, *, at: datetime
) -> Exhibit:
    """Number a clip or still in a case; if that is refused, no case is opened either.

    Raises CaseRefused, NotAllowed, and NotFound for a clip this viewer may not know of.
    """
    case = open_case(viewer, into, at=at) if isinstance(into, NewCase) else into
    recording = clip.original.recording
    return number_exhibit(viewer, case, recording, replace(wanted, clip=clip.handle), at=at)
