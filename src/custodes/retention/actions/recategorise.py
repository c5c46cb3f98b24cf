"""Agree to a change of category, so that what a recording was before does not count any more.

Nothing is deleted here. By its new category alone a recording goes 14 days later at the
earliest, and only if no hold, no case and no restriction came meanwhile.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from custodes.people.rules import Viewer
from custodes.recordings.actions.annotate import settle_category
from custodes.recordings.models import Recording
from custodes.recordings.queries import recording_for
from custodes.retention.actions.outlook import look_ahead
from custodes.retention.category_changes import changes_of, number_that_wait
from custodes.retention.errors import CategoryRefused


@transaction.atomic
def agree_to_category(
    viewer: Viewer, recording: Recording, to: str, because: str, *, at: datetime
) -> Recording:
    """Agree to a change of category that somebody else made.

    ``to`` is the code of the category this viewer agrees to: if it was changed again since
    they looked, nothing is agreed to. Raises CategoryRefused.
    """
    known = recording_for(viewer, recording.handle)
    locked = Recording.objects.select_for_update().get(pk=known.pk)
    if not number_that_wait([locked], at):
        raise CategoryRefused(
            "Nothing about the category of this recording waits for a second person.",
            "Nothing was changed.",
        )
    [change] = changes_of(viewer, [locked])
    if change.why_not:
        raise CategoryRefused(change.why_not)
    if locked.category_id != to:
        raise CategoryRefused("The category was changed again meanwhile. Look at it anew.")
    if not because.strip() or len(because) > 500:
        raise CategoryRefused("Say in at most 500 characters why the new category is right.")
    settle_category(locked, because.strip(), by=viewer.actor, at=at)
    look_ahead([locked.pk], at=at)
    return locked
