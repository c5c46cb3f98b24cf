"""Correct where a recording was filmed, and owe a letter to whoever was given it."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from custodes.people.rules import Viewer
from custodes.recordings.actions.annotate import name_place
from custodes.recordings.models import Recording
from custodes.retention.actions.notices import queue_notices
from custodes.retention.rules.notices import Change

#: What the letter says: neither place, for a letter names nothing that is filmed.
PLACE_WAS_WRONG = "The place that was noted for it was wrong, and has been corrected."


@transaction.atomic
def name_place_and_tell(
    viewer: Viewer, recording: Recording, words: str, *, at: datetime
) -> Recording:
    """Say where it was filmed; who was given it is told when that was wrong before (RET-15).

    DPA 2018 s.48(9). A place that was not said before was not wrong, and the same words again
    correct nothing.
    """
    before = Recording.objects.select_for_update().get(pk=recording.pk).place_id
    named = name_place(viewer, recording, words, at=at)
    if before is not None and named.place_id != before:
        queue_notices([named.pk], Change.CORRECTED, PLACE_WAS_WRONG, by=viewer.actor, at=at)
    return named
