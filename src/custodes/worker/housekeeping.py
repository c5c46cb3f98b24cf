"""What is done now and then, whatever happens: finish what was cut off, clear what is over."""

from __future__ import annotations

from datetime import datetime, timedelta

from custodes.custody.rules import Actor
from custodes.intake.resumable import discard_expired
from custodes.kernel.clock import rfc3339
from custodes.recordings.actions.deliver import finish_what_was_sealed
from custodes.worker import engine

BY = Actor(handle="", name="Custodes", door="worker")
# The engine's notes are kept for a day, for whoever looks into a failure.
_NOTES_KEPT = timedelta(days=1)


def keep_house(at: datetime) -> None:
    """Take in what a crash left whole at the door; clear away what nobody goes on with."""
    finish_what_was_sealed(at)
    discard_expired(at, by=BY)
    engine.forget_finished(rfc3339(at - _NOTES_KEPT))
