"""What retention does once something about a recording is in the record."""

from __future__ import annotations

from custodes.custody.rules import Actor
from custodes.kernel.clock import now
from custodes.retention.actions.night import take_notice
from custodes.worker.errand import Asked

BY = Actor(handle="", name="Custodes", door="worker")


def notice(asked: Asked) -> None:
    """Put a recording under the standing holds that reach for it, and note when it may go."""
    take_notice(asked.subject, by=BY, at=now())
