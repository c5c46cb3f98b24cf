"""What state a recording is in, and what of it a browser can play.

Rules only: no table, no clock, no files.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class State(StrEnum):
    """How far a recording has come."""

    ARRIVING = "arriving"
    COMPLETE = "complete"


class Purpose(StrEnum):
    """What a copy is for."""

    VIEWING = "viewing-copy"
    THUMBNAIL = "thumbnail"
    FILMSTRIP = "filmstrip"
    WAVEFORM = "waveform"
    TRACK = "track"


@dataclass(frozen=True, slots=True)
class CameraTimes:
    """When it was filmed, as the camera's own clock has it.

    ``started_at`` includes the pre-event buffer, so it may precede ``trigger_on``.
    """

    started_at: datetime
    ended_at: datetime | None = None
    trigger_on: datetime | None = None
    trigger_off: datetime | None = None
    time_zone: str = ""

    @property
    def pre_event(self) -> timedelta:
        """Return how much was filmed before the trigger."""
        if self.trigger_on is None:
            return timedelta(0)
        return max(self.trigger_on - self.started_at, timedelta(0))


def is_the_same_file(sha256: str, held_sha256: str) -> bool:
    """Say whether a file delivered under a known name is the one already held."""
    return sha256 == held_sha256
