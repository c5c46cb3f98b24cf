"""Numbers, sizes and times in the words pages use."""

from __future__ import annotations

from datetime import date, timedelta

_SIZES = ("bytes", "KB", "MB", "GB", "TB")


def counted(number: int, noun: str) -> str:
    """Return ``1 file``, ``2 files``, ``12,408 files``."""
    return f"{number:,} {noun}{'' if number == 1 else 's'}"


def plainly(words: str) -> str:
    """Return what a dock said last without the machine's own names of recordings.

    Only ``announced`` and ``completed`` are followed by such a name; the rest stays as said.
    """
    verb, _, name = words.partition(" ")
    if name and verb in {"announced", "completed"}:
        return f"{verb} a recording"
    return words


def day(at: date) -> str:
    """Return ``14 November 2026``."""
    return f"{at.day} {at:%B %Y}"


def how_long(span: timedelta) -> str:
    """Return a stretch of time in its largest whole unit: ``40 minutes``, ``3 days``."""
    minutes = max(int(span.total_seconds()) // 60, 0)
    if minutes < 60:
        return counted(minutes, "minute")
    if minutes < 48 * 60:
        return counted(minutes // 60, "hour")
    return counted(minutes // (24 * 60), "day")


def length(seconds: float) -> str:
    """Return how long a recording lasts: ``42 s``, ``17 min``, ``1 h 5 min``."""
    whole = round(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes = round(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    return f"{hours} h {rest} min" if rest else f"{hours} h"


def clock_length(seconds: float) -> str:
    """Return a length as a player shows it: ``0:42``, ``17:03``, ``1:05:00``."""
    whole = round(seconds)
    hours, rest = divmod(whole, 3600)
    minutes, second = divmod(rest, 60)
    return f"{hours}:{minutes:02}:{second:02}" if hours else f"{minutes}:{second:02}"


def size(number: int) -> str:
    """Return ``812 bytes`` or ``1.4 GB`` (decimal, as disks and cameras say it)."""
    value = float(number)
    for unit in _SIZES:
        if value < 1000 or unit == _SIZES[-1]:
            break
        value /= 1000
    return f"{number} bytes" if unit == "bytes" else f"{value:.1f} {unit}"


def rate(number: int) -> str:
    """Return bytes a second as ``38.2`` (megabytes; the unit stands beside it)."""
    return f"{number / 1_000_000:.1f}"


def ahead(offset_ms: int | None) -> str:
    """Say how a camera's clock stood against ours; ``offset_ms`` is ours minus the camera's."""
    if offset_ms is None:
        return "not known: the device did not show its clock"
    if abs(offset_ms) < 100:
        return "none: the device's clock was right to a tenth of a second"
    way = "behind" if offset_ms > 0 else "ahead of"
    return f"the device was {abs(offset_ms) / 1000:.1f} s {way} ours"
