"""What every act on a case begins with: may this person, and the row locked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from custodes.cases.models import Assignment, Case
from custodes.cases.queries import case_for, within_case
from custodes.people.errors import NotAllowed
from custodes.people.rules import Permission, Viewer
from custodes.recordings.models import Recording

_WORDS = {
    Permission.WORK_ON_CASES: "You may see this case, but not work on it.",
    Permission.ASSIGN_CASES: "You may see this case, but not say who works on it.",
}


def locked_case(viewer: Viewer, permission: Permission, case: Case) -> Case:
    """Return the case as it is now, locked; raises NotFound or NotAllowed."""
    case_for(viewer, case.handle)
    if not within_case(viewer, permission, case):
        raise NotAllowed(_WORDS[permission])
    return Case.objects.select_for_update().get(pk=case.pk)


def locked_recordings(recordings: Iterable[Recording]) -> list[Recording]:
    """Return recordings locked in the order the sweep locks them, before the log is."""
    keys = [each.pk for each in recordings]
    rows = Recording.objects.filter(pk__in=keys).order_by("pk").select_for_update()
    return list(rows.select_related(None))


def people_on(case: Case) -> Sequence[int]:
    """Return who works on a case now."""
    working = Assignment.objects.filter(case=case, until=None)
    return list(working.values_list("person", flat=True))
