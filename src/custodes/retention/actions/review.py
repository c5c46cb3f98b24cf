"""Look whether a recording is still needed, and say so with a reason and a next date."""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction

from custodes.custody.actions import record
from custodes.custody.events import RecordingReviewed
from custodes.people.rules import Permission, Viewer
from custodes.recordings.models import Recording
from custodes.recordings.queries import recording_for
from custodes.retention.actions.outlook import look_ahead
from custodes.retention.errors import HoldRefused
from custodes.retention.models import Review
from custodes.retention.rules.periods import in_words


@transaction.atomic
def keep_after_review(
    viewer: Viewer, recording: Recording, reason: str, keep_until: date | None, *, at: datetime
) -> Review:
    """Keep a recording until a date on which somebody looks again (RET-12)."""
    recording = recording_for(viewer, recording.handle)
    if not viewer.may(Permission.REVIEW):
        raise HoldRefused("None of your roles reviews recordings.")
    if not reason.strip() or keep_until is None:
        raise HoldRefused("A review that keeps needs a reason and the date of the next one.")
    if keep_until <= at.date():
        raise HoldRefused("The date of the next review must lie ahead.")
    review = Review.objects.create(
        recording=recording, by=viewer.name, at=at, reason=reason.strip(), keep_until=keep_until
    )
    outcome = f"it is kept, and looked at again on {in_words(keep_until)}."
    reviewed = RecordingReviewed(outcome=outcome)
    record(reviewed, subject=recording.handle, by=viewer.actor, at=at, because=reason.strip())
    look_ahead([recording.pk], at=at)
    return review
