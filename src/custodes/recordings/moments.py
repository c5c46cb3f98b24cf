"""When in the world a moment of a file was, and where in a file a moment is.

The camera's clock is what the footage shows; ours is used only where the difference
between the two was measured.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta

from custodes.intake.rules import Kind
from custodes.kernel.clock import parse_rfc3339
from custodes.recordings.errors import Unusable
from custodes.recordings.models import Original, Recording

_OVERLAP = timedelta(seconds=1)
_INTO = re.compile(r"(?:(?:(\d{1,3}):)?(\d{1,3}):)?(\d{1,6}(?:\.\d{1,6})?)\Z")


def filmed_from(original: Original) -> datetime:
    """Return when a file of the film begins, by the camera's clock: as it says, or in its turn."""
    recording = original.recording
    end = recording.started_at
    films = recording.originals.filter(kind=Kind.VIDEO, number__lt=original.number)
    for film in [*films.order_by("number"), original]:
        said = film.started_at
        begins = said if said is not None and said > end - _OVERLAP else end
        if film.pk == original.pk:
            return begins
        end = begins + timedelta(seconds=film.seconds or 0.0)
    return end


def by_our_clock(recording: Recording, moment: datetime) -> datetime | None:
    """Return a moment of the camera's clock in UTC, if the difference was measured."""
    ahead = recording.clock_offset_ms
    return None if ahead is None else moment + timedelta(milliseconds=ahead)


def seconds_into(original: Original, said: str) -> float:
    """Return how far into a file a moment is that somebody typed; see :func:`seconds_since`."""
    return seconds_since(filmed_from(original), said)


def seconds_since(began: datetime, said: str) -> float:
    """Return how far a moment that somebody typed is from a beginning.

    ``75.5``, ``1:15.5`` and ``0:01:15.5`` are so far from it; a time with a zone
    (RFC 3339) is by the camera's clock. Raises Unusable for anything else.
    """
    if found := _INTO.match(said.strip()):
        hours, minutes, seconds = (float(part or 0) for part in found.groups())
        return hours * 3600 + minutes * 60 + seconds
    try:
        return (parse_rfc3339(said.strip()) - began).total_seconds()
    except (ValueError, OverflowError):
        raise Unusable(f"{said[:40]!r} is no moment of the film.", _HOW) from None


_HOW = "Write it as minutes and seconds, such as 1:15 or 1:15.5, and try again."
