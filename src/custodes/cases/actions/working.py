"""What every act on a case begins with: may this person, and the row locked."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from custodes.cases.models import Assignment, Case
from custodes.cases.queries import case_to_work_on
from custodes.people.rules import Permission, Viewer
from custodes.recordings.models import Recording


def locked_case(viewer: Viewer, permission: Permission, case: Case) -> Case:
    """Return the case as it is now, locked; raises NotFound or NotAllowed."""
    case_to_work_on(viewer, case.handle, permission)
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
