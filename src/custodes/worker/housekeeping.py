"""What is done now and then, whatever happens: finish, clear away; at night count and sweep.

Each step is done by itself: what goes wrong with one holds up no other.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial

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
from custodes.retention.actions.proposal import count_anew
from custodes.retention.actions.roll import finish_destroying
from custodes.worker import engine
from custodes.worker.errand import BY
from custodes.worker.trouble import attempt

# The engine's notes are kept for a day, for whoever looks into a failure.
_NOTES_KEPT = timedelta(days=1)


def keep_house(at: datetime) -> None:
    """Finish what a crash left, clear away what nobody goes on with; at night count and sweep."""
    for name, step in STEPS:
        attempt(name, partial(step, at), at)


#: In their order: what arrived is finished before anything is counted or deleted.
STEPS: tuple[tuple[str, Callable[[datetime], object]], ...] = (
    ("taking in what was sealed before a crash", finish_what_was_sealed),
    (
        "setting apart what was sealed and never announced",
        lambda at: set_apart_what_was_sealed(at, ("axis",), by=BY),
    ),
    ("clearing away unfinished uploads", lambda at: discard_expired(at, by=BY)),
    ("missing what is overdue", lambda at: miss_what_is_overdue(by=BY, at=at)),
    ("the census", lambda at: take_census_if_due(by=BY, at=at)),
    ("drawing the sample for the panel", lambda at: draw_if_due(by=BY, at=at)),
    ("locking what is kept for the panel only", lambda at: lock_what_is_over(by=BY, at=at)),
    ("ending shares that are over", lambda at: end_what_is_over(by=BY, at=at)),
    ("clearing away papers of packages", lambda at: forget_papers(at=at)),
    ("counting anew what proposals would do", lambda at: count_anew(by=BY, at=at)),
    ("the nightly sweep", lambda at: sweep_if_due(by=BY, at=at)),
    (
        "noting which backups are gone",
        lambda at: note_backups_gone(settings.CUSTODES.backups_kept_days, by=BY, at=at),
    ),
    (
        "forgetting what the engine has done",
        lambda at: engine.forget_finished(rfc3339(at - _NOTES_KEPT)),
    ),
    ("destroying the keys of what was deleted", lambda _: finish_destroying()),
)
