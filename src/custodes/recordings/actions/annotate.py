"""Put a recording in a category, write a note, mark a moment."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection, transaction

from custodes.custody.actions import record, record_all
from custodes.custody.appending import Happening
from custodes.custody.events import (
    BookmarkAdded,
    CategoryAgreed,
    NoteAdded,
    RecordingClassified,
    RecordingPlaced,
)
from custodes.custody.rules import Actor
from custodes.intake.rules import LONGEST_RECORDING
from custodes.kernel.clock import rfc3339
from custodes.people.rules import Permission, Viewer
from custodes.recordings.actions.lock import lock_those_that_fall_in
from custodes.recordings.errors import NotYours, Unusable
from custodes.recordings.many import among
from custodes.recordings.models import (
    Bookmark,
    Category,
    CategoryChange,
    Note,
    Place,
    Recording,
)
from custodes.recordings.queries import recording_for, within_reach
from custodes.recordings.rules import with_code

_LONGEST_PLACE = 120
# Without the models: a whole shift's categories are noted at once.
_PUT = "UPDATE recordings_recording SET category_id = %s WHERE id = %s"


class Chosen(NamedTuple):
    """The code of a category that was chosen on a camera, and the dock that says so, if any."""

    code: str
    by: Actor | None = None


@transaction.atomic
def classify(viewer: Viewer, recording: Recording, code: str, *, at: datetime) -> Recording:
    """Put the recording in a category; the same category again records nothing.

    What it was before is kept, and counts on for how long it is kept: one person brings no
    deletion forward (retention.rules.decision).
    """
    recording = _changeable(viewer, recording)
    category = Category.objects.filter(code=code, is_offered=True).first()
    if category is None:
        raise Unusable("There is no such category.")
    if recording.category_id == category.code:
        return recording

    before, code_before = str(recording.category or "no category"), recording.category_id or ""
    if code_before:
        recording.category_before = with_code(recording.category_before, code_before)
    recording.category = category
    recording.save(update_fields=["category", "category_before"])
    changed = RecordingClassified(before=before, after=category.name)
    record(changed, subject=recording.handle, by=viewer.actor, at=at)
    CategoryChange.objects.create(
        recording=recording, before=code_before, after=category.code, by_id=viewer.person, at=at
    )
    return recording


@transaction.atomic
def settle_category(recording: Recording, because: str, *, by: Actor, at: datetime) -> None:
    """Let only the category it has now count; the caller has locked it and asks who may agree."""
    names = dict(Category.objects.values_list("code", "name"))
    before = [names.get(code, code) for code in recording.categories_before]
    agreed = CategoryAgreed(
        before=", ".join(before) or "no category", after=str(recording.category)
    )
    record(agreed, subject=recording.handle, by=by, at=at, because=because)
    recording.category_before, recording.category_agreed_at = "", at
    recording.save(update_fields=["category_before", "category_agreed_at"])
    recording.category_changes.filter(settled_at=None).update(settled_at=at)


@transaction.atomic
def name_place(viewer: Viewer, recording: Recording, words: str, *, at: datetime) -> Recording:
    """Say in words where it was filmed; the same words again record nothing."""
    recording = _changeable(viewer, recording)
    words = " ".join(words.split())
    if not words or len(words) > _LONGEST_PLACE:
        raise Unusable(f"A place has between 1 and {_LONGEST_PLACE} characters.")
    if recording.place is not None and recording.place.name == words:
        return recording

    before = str(recording.place or "nothing was said")
    recording.place, _ = Place.objects.get_or_create(name=words)
    recording.save(update_fields=["place"])
    placed = RecordingPlaced(before=before, place=words)
    record(placed, subject=recording.handle, by=viewer.actor, at=at)
    lock_those_that_fall_in([recording], by=viewer.actor, at=at)
    return recording


@transaction.atomic
def add_note(viewer: Viewer, recording: Recording, text: str, *, at: datetime) -> Note:
    """Write a note. Notes are never changed; a correction is another note."""
    recording = _changeable(viewer, recording)
    text = text.strip()
    if not text or len(text) > 4000:
        raise Unusable("A note has between 1 and 4,000 characters.")
    record(NoteAdded(text=text), subject=recording.handle, by=viewer.actor, at=at)
    return Note.objects.create(recording=recording, text=text, by_id=viewer.person, at=at)


@transaction.atomic
def mark_moment(
    viewer: Viewer, recording: Recording, moment: datetime, label: str, *, at: datetime
) -> Bookmark:
    """Mark a moment of the recording, by the camera's clock."""
    recording = _changeable(viewer, recording)
    end = recording.ended_at or recording.started_at + LONGEST_RECORDING
    if not recording.started_at <= moment <= end:
        raise Unusable("That moment is not in this recording.")
    label = label.strip()[:200]
    return _bookmark(recording, moment, label, {}, by=viewer.actor, person=viewer.person, at=at)


@transaction.atomic
def bookmark_from_camera(
    recording: Recording,
    moment: datetime,
    label: str,
    told: dict[str, Any],
    *,
    by: Actor,
    at: datetime,
) -> Bookmark:
    """Keep a moment that was marked on the camera, with all that it said."""
    return _bookmark(recording, moment, label[:200], told, by=by, person=None, at=at)


@transaction.atomic
def classify_from_camera(
    recording: Recording, code: str, *, by: Actor, at: datetime, name: str = ""
) -> None:
    """Keep a category chosen on the camera, unless a person has chosen one since.

    A category we no longer offer is kept all the same: the officer chose it.
    """
    recording = Recording.objects.select_for_update().get(pk=recording.pk)
    if recording.category_id is not None:
        return
    category, _ = Category.objects.get_or_create(
        code=code[:20], defaults={"name": (name or code)[:100], "is_offered": False}
    )
    recording.category = category
    recording.save(update_fields=["category"])
    changed = RecordingClassified(before="no category", after=category.name)
    record(changed, subject=recording.handle, by=by, at=at)


@transaction.atomic
def classify_together(chosen: Mapping[int, Chosen], *, by: Actor, at: datetime) -> None:
    """Keep categories chosen on cameras, by the key of each recording, as one by one.

    Only categories on offer; one that is not is refused with all the others. ``by`` is who
    enters what no dock says.
    """
    codes = {each.code for each in chosen.values()}
    offered = Category.objects.in_bulk(codes)
    if missing := codes.difference(offered):
        raise Unusable(f"There is no such category: {', '.join(sorted(missing))}.")
    # Asked for by their keys alone: by what has no category SQLite would look through all of it.
    rows = Recording.objects.filter(pk__in=among(chosen)).order_by("pk").select_for_update()
    found = rows.values_list("pk", "handle", "category")
    free = {pk: handle for pk, handle, category in found if category is None}
    with connection.cursor() as cursor:
        cursor.executemany(_PUT, [(chosen[pk].code, pk) for pk in free])
    said = {
        code: RecordingClassified(before="no category", after=category.name)
        for code, category in offered.items()
    }
    happenings = [
        Happening(said[chosen[pk].code], handle, by=chosen[pk].by) for pk, handle in free.items()
    ]
    record_all(happenings, by=by, at=at)


def _bookmark(
    recording: Recording,
    moment: datetime,
    label: str,
    told: dict[str, Any],
    *,
    by: Actor,
    person: int | None,
    at: datetime,
) -> Bookmark:
    marked = BookmarkAdded(moment=rfc3339(moment), label=label or "no label")
    record(marked, subject=recording.handle, by=by, at=at)
    return Bookmark.objects.create(
        recording=recording, at=moment, label=label, told=told, by_person_id=person, made_at=at
    )


def _changeable(viewer: Viewer, recording: Recording) -> Recording:
    recording = recording_for(viewer, recording.handle)
    if not within_reach(viewer, Permission.CATEGORISE, recording):
        raise NotYours("You may see this recording, but not change what is written about it.")
    return Recording.objects.select_for_update().get(pk=recording.pk)
