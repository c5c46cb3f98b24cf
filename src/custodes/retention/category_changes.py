"""Changes of category that would let recordings go sooner, and wait for a second person.

Whether one waits is what the schedule says of both categories (rules.decision); a note of
it is kept with what else the rules last said.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from custodes.people.rules import Permission, Viewer
from custodes.recordings.models import Category, CategoryChange, Recording
from custodes.recordings.queries import recordings_for, those_within_reach
from custodes.retention.facts import facts_of, readable_schedule_at
from custodes.retention.models import Outlook
from custodes.retention.rules.decision import decide


@dataclass(frozen=True, slots=True)
class WaitingChange:
    """That the category of a recording was changed, by whom, and what it was before.

    ``changed_at`` None: it was chosen on a camera. ``why_not`` says why this viewer may not
    agree to it; empty when they may.
    """

    recording: Recording
    before: tuple[str, ...]
    changed_by: str
    changed_at: datetime | None
    why_not: str


def changes_that_wait(viewer: Viewer) -> QuerySet[Recording]:
    """Return the recordings whose change of category waits, in the order they came.

    In the order of the index of what waits: those are few of all.
    """
    if not viewer.may(Permission.AGREE_CATEGORY):
        return Recording.objects.none()
    found = recordings_for(viewer).filter(outlook__waits=True)
    return found.select_related("camera", "wearer", "category").order_by("outlook__recording")


def number_of_changes(viewer: Viewer) -> int:
    """Return how many changes wait, for those who look after all of them."""
    if not (viewer.may(Permission.AGREE_CATEGORY) and viewer.may(Permission.SEE_RETENTION)):
        return 0
    return Outlook.objects.filter(waits=True).count()


def changes_of(viewer: Viewer, recordings: Collection[Recording]) -> list[WaitingChange]:
    """Return what was changed about the categories of recordings this viewer may know of.

    Whether it waits for a second person is not asked again here.
    """
    names = dict(Category.objects.values_list("code", "name"))
    made: dict[int, list[CategoryChange]] = defaultdict(list)
    unsettled = CategoryChange.objects.filter(recording__in=recordings, settled_at=None)
    for change in unsettled.select_related("by"):
        made[change.recording_id].append(change)
    reached = those_within_reach(viewer, Permission.AGREE_CATEGORY, recordings)
    return [
        WaitingChange(
            recording=each,
            before=tuple(_before(each, names)) or ("no category",),
            changed_by=str(made[each.pk][-1].by) if made[each.pk] else "the wearer on the camera",
            changed_at=made[each.pk][-1].at if made[each.pk] else None,
            why_not=_why_not(viewer, each, made[each.pk], is_reached=each.pk in reached),
        )
        for each in recordings
    ]


def number_that_wait(recordings: Collection[Recording], at: datetime) -> int:
    """Return of how many recordings somebody was given a change of category waits."""
    schedule = readable_schedule_at(at)
    if schedule is None:
        return 0
    facts = facts_of([each.pk for each in recordings])
    return sum(decide(each, schedule, at).waits for each in facts.values())


def _before(recording: Recording, names: Mapping[str, str]) -> Iterator[str]:
    """Yield what it was, by name; what it is again by now is left out."""
    for code in recording.categories_before:
        if code != recording.category_id:
            yield names.get(code, code)


def _why_not(
    viewer: Viewer, recording: Recording, made: list[CategoryChange], *, is_reached: bool
) -> str:
    """Return why this viewer may not agree to changes of category; empty when they may.

    Two people, and neither of them who filmed it: an officer lets no evidence of theirs go.
    """
    if not is_reached:
        return "None of your roles agrees to it."
    if recording.wearer_id == viewer.person:
        return "You filmed it yourself, so somebody else agrees."
    if any(each.by_id == viewer.person for each in made):
        return "You changed it yourself, so somebody else agrees."
    return ""
