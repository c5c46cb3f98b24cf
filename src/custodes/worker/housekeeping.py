"""What is done now and then, whatever happens: finish, clear away; at night count and sweep."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.conf import settings

from custodes.custody.census import take_census_if_due
from custodes.disclosure.actions.hand_over import forget_papers
from custodes.disclosure.actions.revoke import end_what_is_over
from custodes.intake.resumable import discard_expired, set_apart_what_was_sealed
from custodes.kernel.clock import rfc3339
from custodes.oversight.actions.sample import draw_if_due, lock_what_is_over
from custodes.recordings.actions.deliver import finish_what_was_sealed
from custodes.recordings.actions.gaps import miss_what_is_overdue
from custodes.retention.actions.backups import note_backups_gone
from custodes.retention.actions.night import sweep_if_due
from custodes.retention.actions.roll import finish_destroying
from custodes.worker import engine
from custodes.worker.errand import BY

# The engine's notes are kept for a day, for whoever looks into a failure.
_NOTES_KEPT = timedelta(days=1)


def keep_house(at: datetime) -> None:
    """Finish what a crash left, clear away what nobody goes on with; at night count and sweep."""
    finish_what_was_sealed(at)
    set_apart_what_was_sealed(at, ("axis",), by=BY)
    discard_expired(at, by=BY)
    miss_what_is_overdue(by=BY, at=at)
    take_census_if_due(by=BY, at=at)
    draw_if_due(by=BY, at=at)
    lock_what_is_over(by=BY, at=at)
    end_what_is_over(by=BY, at=at)
    forget_papers(at=at)
    sweep_if_due(by=BY, at=at)
    note_backups_gone(settings.CUSTODES.backups_kept_days, by=BY, at=at)
    engine.forget_finished(rfc3339(at - _NOTES_KEPT))
    finish_destroying()
