"""What keeps a recording once something about it is in the record."""

from __future__ import annotations

from custodes.incidents.actions.late import (
    count_in_what_came_after_the_end,
    hold_what_came_late,
)
from custodes.kernel.clock import now
from custodes.oversight.actions.handling import open_what_came_late
from custodes.retention.actions.night import take_notice
from custodes.retention.actions.proposal import work_out
from custodes.retention.actions.sweep import rehearse
from custodes.worker.errand import BY, Asked


def notice(asked: Asked) -> None:
    """Put a recording under the standing holds that reach for it, and note when it may go.

    What an ended incident's hold caught is one of the incident from then on; what a
    complaint's caught is open to those who look into it.
    """
    take_notice(asked.subject, by=BY, at=now())
    count_in_what_came_after_the_end(asked.subject, by=BY, at=now())
    open_what_came_late(asked.subject, at=now())


def rehearse_proposal(asked: Asked) -> None:
    """Work out what a proposed schedule would change, for who decides on it."""
    work_out(asked.subject, by=BY, at=now())


def rehearse_now(asked: Asked) -> None:
    """Rehearse because somebody asked; done again it is another rehearsal and deletes nothing."""
    del asked
    rehearse(by=BY, at=now())


def hold_with_incident(asked: Asked) -> None:
    """Put a recording that a lock caught under the hold of the incident the lock is for."""
    hold_what_came_late(asked.subject, by=BY, at=now())
