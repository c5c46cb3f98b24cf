"""Find cases and what belongs to them, as far as the one who asks may know of them.

Hidden and missing look the same. A recording of a case is shown only to whoever may
know of the recording, too: what keeps somebody from a recording keeps its exhibits
and its place in a list from them.
"""

from __future__ import annotations

from django.db.models import Q, QuerySet

from custodes.cases.models import Assignment, Case, Exhibit, Material
from custodes.cases.rules.urn import NotAUrn, read_urn
from custodes.kernel.errors import NotFound
from custodes.people.rules import Permission, Reach, Viewer
from custodes.recordings.queries import recordings_for

_NO_SUCH = "There is no such case."


def cases_for(viewer: Viewer, permission: Permission = Permission.SEE_CASES) -> QuerySet[Case]:
    """Return the cases a permission of this viewer reaches, the newest first."""
    cases = Case.objects.select_related("team")
    mine = Q(pk__in=_assigned_to(viewer).values("case"))
    match viewer.reach(permission):
        case Reach.ALL:
            return cases
        case Reach.TEAM if viewer.team is not None:
            return cases.filter(mine | Q(team_id=viewer.team))
        case Reach.NONE:
            return cases.none()
        case _:
            return cases.filter(mine)


def my_cases(viewer: Viewer) -> QuerySet[Case]:
    """Return the cases this viewer is assigned to and may see."""
    return cases_for(viewer).filter(pk__in=_assigned_to(viewer).values("case"))


def case_for(viewer: Viewer, handle: str) -> Case:
    """Return one case, if this person may know that it exists."""
    found = cases_for(viewer).filter(handle=handle).first()
    if found is None:
        raise NotFound(_NO_SUCH)
    return found


def case_called(viewer: Viewer, called: str) -> Case:
    """Return one case by its URN as a person writes it, or by its handle; raises NotFound."""
    try:
        urn = read_urn(called)
    except NotAUrn:
        return case_for(viewer, called)
    found = cases_for(viewer).filter(urn=urn).first()
    if found is None:
        raise NotFound(_NO_SUCH)
    return found


def within_case(viewer: Viewer, permission: Permission, case: Case) -> bool:
    """Say whether a permission of this viewer reaches this case."""
    return cases_for(viewer, permission).filter(pk=case.pk).exists()


def people_of(viewer: Viewer, case: Case) -> QuerySet[Assignment]:
    """Return who works on a case this viewer may know of now."""
    working = Assignment.objects.filter(case__in=cases_for(viewer).filter(pk=case.pk), until=None)
    return working.select_related("person").order_by("part", "since")


def material_of(viewer: Viewer, case: Case) -> QuerySet[Material]:
    """Return the recordings of a case, in the order they were filmed, as far as known to both."""
    material = Material.objects.filter(case__in=cases_for(viewer).filter(pk=case.pk))
    material = material.filter(taken_out_at=None, recording__in=recordings_for(viewer))
    filmed = ("recording__camera", "recording__wearer", "recording__place", "recording__announced")
    return material.select_related(*filmed).order_by("recording__started_at", "pk")


def exhibits_of(viewer: Viewer, case: Case) -> QuerySet[Exhibit]:
    """Return the exhibits of a case, voided ones included, as far as their recordings are known."""
    exhibits = Exhibit.objects.filter(case__in=cases_for(viewer).filter(pk=case.pk))
    exhibits = exhibits.filter(recording__in=recordings_for(viewer))
    filmed = ("recording__camera", "recording__wearer", "recording__announced")
    return exhibits.select_related("case", "producer", "derived_from", *filmed)


def exhibit_for(viewer: Viewer, case: Case, handle: str) -> Exhibit:
    """Return one exhibit of a case, if this person may know that it exists."""
    found = exhibits_of(viewer, case).filter(handle=handle).first()
    if found is None:
        raise NotFound("There is no such exhibit.")
    return found


def _assigned_to(viewer: Viewer) -> QuerySet[Assignment]:
    return Assignment.objects.filter(person=viewer.person, until=None)
