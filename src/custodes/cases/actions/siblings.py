"""Look for other cameras that filmed the same time and place, and bring them into the case."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from custodes.cases.actions.material import bring_in
from custodes.cases.actions.working import locked_case
from custodes.cases.coverage import siblings_of
from custodes.cases.models import Case
from custodes.custody.actions import record
from custodes.custody.events import SiblingsSought
from custodes.people.rules import Permission, Reach, Viewer
from custodes.recordings.queries import recordings_for


@transaction.atomic
def look_for_siblings(viewer: Viewer, case: Case, *, at: datetime) -> int:
    """Bring in what other cameras filmed, as far as this viewer may know of it; say how many.

    Whoever works on the case reaches them from then on, as they must to say what
    becomes of them. Only the look of somebody who reaches every recording settles
    that there is no other.
    """
    case = locked_case(viewer, Permission.WORK_ON_CASES, case)
    whole = viewer.reach(Permission.SEARCH) is Reach.ALL
    why = siblings_of(case, recordings_for(viewer))
    recordings = list(recordings_for(viewer).filter(pk__in=why).order_by("pk"))
    reasons = {pk: f"another camera: {words}" for pk, words in why.items()}
    found = bring_in(case, recordings, reasons, sibling=True, by=viewer.actor, at=at)
    if whole:
        case.sought_at = at
        case.save(update_fields=["sought_at"])
    told = f"Their roles reach {'every recording' if whole else 'some recordings'}."
    sought = SiblingsSought(urn=str(case), found=len(found), whole=told)
    record(sought, subject=case.handle, by=viewer.actor, at=at)
    return len(found)
