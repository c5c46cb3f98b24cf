"""Time, always aware and always UTC inside the system.

Rules never call :func:`now`; a door or an action does, and passes it on.
"""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """Return the server's time in UTC, cut to the millisecond."""
    return to_millisecond(datetime.now(UTC))


def to_millisecond(at: datetime) -> datetime:
    """Cut a time to the millisecond, the precision of a custody entry."""
    return at.astimezone(UTC).replace(microsecond=at.microsecond // 1000 * 1000)


def rfc3339(at: datetime) -> str:
    """Write a time as ``2026-11-03T09:15:02.123Z`` (RFC 3339, UTC, milliseconds).

    Raises ValueError for a time without a zone.
    """
    if at.tzinfo is None:
        raise ValueError("a time without a zone has no place here")
    return f"{at.astimezone(UTC).replace(tzinfo=None).isoformat(timespec='milliseconds')}Z"


def parse_rfc3339(text: str) -> datetime:
    """Read an RFC 3339 time; raises ValueError when it is not one or has no zone."""
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(f"{text!r} has no time zone")
    return at.astimezone(UTC)


def parse_exactly(text: object) -> datetime:
    """Read a time as :func:`rfc3339` writes it; raises ValueError for any other spelling."""
    at = parse_rfc3339(text) if isinstance(text, str) else None
    if at is None or rfc3339(at) != text:
        raise ValueError("it has a time that is not written as one")
    return at
