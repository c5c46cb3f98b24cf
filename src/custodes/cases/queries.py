"""Find cases and what belongs to them, as far as the one who asks may know of them.

Hidden and missing look the same. A recording of a case is shown only to whoever may
know of the recording, too: what keeps somebody from a recording keeps its exhibits
and its place in a list from them.
"""

from __future__ import annotations

from collections.abc import Iterable

from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from custodes.cases.models import Assignment, Case, Exhibit, Material, Party
from custodes.cases.rules.material import Status
from custodes.cases.rules.proceeding import OUTCOMES, Part
from custodes.cases.rules.urn import NotAUrn, read_urn
from custodes.kernel.errors import NotFound
from custodes.people.errors import NotAllowed
from custodes.people.rules import Permission, Reach, Viewer
from custodes.recordings.models import Recording
from custodes.recordings.queries import of_known, recordings_for
from custodes.retention.models import Matter
from custodes.retention.rules.proceedings import Proceedings

_NO_SUCH = "There is no such case."
_NOT_YOURS = {
    Permission.WORK_ON_CASES: "You may see this case, but not work on it.",
    Permission.ASSIGN_CASES: "You may see this case, but not say who works on it.",
    Permission.SHARE: "You may see this case, but not share what is in it.",
    Permission.RELEASE: "You may see this case, but not release anything to the defence.",
}


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


def older_than(viewer: Viewer, cases: QuerySet[Case], handle: str) -> QuerySet[Case]:
    """Return those of some cases that come after one in their order; all, when none is named.

    Raises NotFound for one that this viewer may not know of.
    """
    return cases.filter(pk__lt=case_for(viewer, handle).pk) if handle else cases


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


def case_to_work_on(
    viewer: Viewer, handle: str, permission: Permission = Permission.WORK_ON_CASES
) -> Case:
    """Return one case that this viewer may change; raises NotFound or NotAllowed."""
    case = case_for(viewer, handle)
    if not within_case(viewer, permission, case):
        raise NotAllowed(_NOT_YOURS[permission])
    return case


def people_of(viewer: Viewer, case: Case) -> QuerySet[Assignment]:
    """Return who works on a case this viewer may know of now."""
    working = Assignment.objects.filter(case__in=cases_for(viewer).filter(pk=case.pk), until=None)
    return working.select_related("person").order_by("part", "since")


def material_of(viewer: Viewer, case: Case) -> QuerySet[Material]:
    """Return the recordings of a case, in the order they were filmed, as far as known to both."""
    material = Material.objects.filter(case__in=cases_for(viewer).filter(pk=case.pk))
    material = material.filter(of_known(viewer), taken_out_at=None)
    filmed = ("recording__camera", "recording__wearer", "recording__place", "recording__announced")
    return material.select_related(*filmed).order_by("recording__started_at", "pk")


def exhibits_of(viewer: Viewer, case: Case) -> QuerySet[Exhibit]:
    """Return the exhibits of a case, voided ones included, as far as their recordings are known."""
    exhibits = Exhibit.objects.filter(case__in=cases_for(viewer).filter(pk=case.pk))
    exhibits = exhibits.filter(of_known(viewer))
    filmed = ("recording__camera", "recording__wearer", "recording__announced")
    return exhibits.select_related("case", "producer", "derived_from", *filmed)


def exhibit_for(viewer: Viewer, case: Case, handle: str) -> Exhibit:
    """Return one exhibit of a case, if this person may know that it exists."""
    found = exhibits_of(viewer, case).filter(handle=handle).first()
    if found is None:
        raise NotFound("There is no such exhibit.")
    return found


def cases_with(viewer: Viewer, recording: Recording) -> QuerySet[Case]:
    """Return the cases a recording belongs to, as far as this viewer may know of them."""
    now_in = Material.objects.filter(recording=recording, taken_out_at=None)
    return cases_for(viewer).filter(pk__in=now_in.values("case"))


def material_for(viewer: Viewer, case: Case, recording: str) -> Material:
    """Return a recording's place in a case, by its handle, if this person may know of both."""
    found = material_of(viewer, case).filter(recording__handle=recording).first()
    if found is None:
        raise NotFound("There is no such recording in this case.")
    return found


def parties_of(viewer: Viewer, case: Case) -> QuerySet[Party]:
    """Return who is in a case this viewer may know of."""
    return Party.objects.filter(case__in=cases_for(viewer).filter(pk=case.pk)).select_related(
        "case"
    )


def party_for(viewer: Viewer, case: Case, handle: str) -> Party:
    """Return one party of a case, if this person may know of it."""
    found = parties_of(viewer, case).filter(handle=handle).first()
    if found is None:
        raise NotFound("There is nobody like that in this case.")
    return found


def known_of(viewer: Viewer, case: Case) -> Proceedings | None:
    """Return what is known of the proceedings in a case this viewer may know of."""
    case = case_for(viewer, case.handle)
    matter = Matter.objects.filter(handle=case.handle).first()
    return matter.as_rule() if matter else None


def waiting_in(viewer: Viewer, cases: Iterable[Case]) -> dict[int, int]:
    """Return in how many recordings of each case nobody has looked yet, as far as known."""
    standing = Exhibit.objects.filter(
        case=OuterRef("case"), recording=OuterRef("recording"), voided_at=None
    )
    waiting = Material.objects.filter(
        case__in=[case.pk for case in cases], taken_out_at=None, status=Status.NOT_LOOKED_AT
    ).exclude(Exists(standing))
    known = waiting.filter(of_known(viewer))
    return dict(known.values_list("case").annotate(number=Count("pk")))


def to_search(viewer: Viewer) -> QuerySet[Case]:
    """Return the cases in which nobody who reaches every recording has looked for other cameras.

    Only for those whose look would settle it.
    """
    cases = cases_for(viewer, Permission.WORK_ON_CASES)
    if viewer.reach(Permission.SEARCH) is not Reach.ALL:
        return cases.none()
    filled = Material.objects.filter(taken_out_at=None).values("case")
    return cases.filter(sought_at=None, pk__in=filled).exclude(state__in=OUTCOMES)


def exhibits_made_of(viewer: Viewer, recording: Recording) -> QuerySet[Exhibit]:
    """Return the exhibits that stand of a recording, in cases this viewer may know of."""
    seen = recordings_for(viewer).filter(pk=recording.pk)
    standing = Exhibit.objects.filter(recording__in=seen, voided_at=None)
    return standing.filter(case__in=cases_for(viewer)).select_related("case")


def officers_of(viewer: Viewer, cases: Iterable[Case]) -> dict[int, str]:
    """Return who is in charge of each case that this viewer may know of."""
    seen = cases_for(viewer).filter(pk__in=[case.pk for case in cases])
    officers = Assignment.objects.filter(case__in=seen, part=Part.OFFICER, until=None)
    return dict(officers.values_list("case", "person__name"))


def _assigned_to(viewer: Viewer) -> QuerySet[Assignment]:
    return Assignment.objects.filter(person=viewer.person, until=None)
