"""Whether what arrived is what was promised, and whether it may come in at all.

Rules only: the caller brings the facts. If in doubt, what arrived is kept in
quarantine; it is never thrown away.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

# A camera without a set clock says 1970 or 2000; one set wrongly may say 2099.
EARLIEST_YEAR = 2005
CLOCK_MAY_BE_AHEAD = timedelta(days=2)
LONGEST_RECORDING = timedelta(hours=48)
_NAME = re.compile(r"[^\x00-\x1f\x7f/\\]{1,255}\Z")


class State(StrEnum):
    """What has become of an upload."""

    RECEIVING = "receiving"
    RECEIVED = "received"
    ACCEPTED = "accepted"
    QUARANTINED = "quarantined"
    DISCARDED = "discarded"


class Kind(StrEnum):
    """What a file of a recording is, by what the camera calls it."""

    VIDEO = "video"
    TRACK = "track"
    BOOKMARK = "bookmark"
    KEY = "key"
    OTHER = "other"


@dataclass(frozen=True, slots=True)
class Promise:
    """What the sender said of a file before or after sending it; None where it said nothing."""

    size: int | None = None
    sha256: str | None = None
    md5: str | None = None


@dataclass(frozen=True, slots=True)
class Arrival:
    """What in fact arrived; digests are lower-case hex."""

    size: int
    sha256: str
    md5: str | None = None


def broken_promises(promise: Promise, arrival: Arrival) -> tuple[str, ...]:
    """Return, as sentences, where what arrived is not what was promised."""
    reasons = []
    if promise.size is not None and promise.size != arrival.size:
        reasons.append(f"{arrival.size} bytes arrived where {promise.size} were promised.")
    if promise.sha256 is not None and promise.sha256.lower() != arrival.sha256:
        reasons.append("The SHA-256 of what arrived is not the one the sender gave.")
    if promise.md5 is not None and arrival.md5 is not None and promise.md5.lower() != arrival.md5:
        reasons.append("The MD5 of what arrived is not the one the sender gave.")
    return tuple(reasons)


def why_not_storable(
    started_at: datetime | None, ended_at: datetime | None, now: datetime
) -> str | None:
    """Return why a recording with these device times can never be stored, or None."""
    if started_at is None:
        return "The recording has no start time."
    if started_at.year < EARLIEST_YEAR:
        return f"The recording starts in {started_at.year}: the camera's clock was not set."
    if started_at > now + CLOCK_MAY_BE_AHEAD:
        return f"The recording starts in the future, on {started_at:%d %B %Y}."
    return None if ended_at is None else _why_not_that_long(ended_at - started_at)


def _why_not_that_long(length: timedelta) -> str | None:
    if length <= timedelta(0):
        return "The recording has no duration."
    if length > LONGEST_RECORDING:
        return f"The recording claims to last longer than {LONGEST_RECORDING.days * 24} hours."
    return None


def is_safe_name(name: str) -> bool:
    """Say whether a name can be kept as it is: no path, no control characters, no dots alone."""
    return _NAME.match(name) is not None and name not in {".", ".."}
