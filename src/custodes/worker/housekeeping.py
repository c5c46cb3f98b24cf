"""What is done now and then, whatever happens: clear away what is over."""

from __future__ import annotations

from datetime import datetime, timedelta

from custodes.custody.rules import Actor
from custodes.intake.resumable import discard_expired
from custodes.kernel.clock import rfc3339
from custodes.worker import engine

BY = Actor(handle="", name="Custodes", door="worker")
# The engine's notes are kept for a day, for whoever looks into a failure.
_NOTES_KEPT = timedelta(days=1)


def keep_house(at: datetime) -> None:
    """Clear away uploads that nobody goes on with, and old notes of the engine."""
    discard_expired(at, by=BY)
    engine.forget_finished(rfc3339(at - _NOTES_KEPT))
