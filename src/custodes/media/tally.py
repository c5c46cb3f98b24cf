"""Counting what a track really holds, packet by packet.

A header can claim anything. What is reported here was read: how many packets,
from when to when. Times are seconds on the container's own clock.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction


@dataclass(slots=True)
class Tally:
    """The running count of one track; times in units of ``time_base``."""

    time_base: Fraction
    packets: int = 0
    bytes: int = 0
    keyframes: int = 0
    timed: int = 0
    first: int | None = None
    last: int | None = None
    last_lasts: int = 0

    def count(self, pts: int | None, lasts: int, size: int, *, key: bool) -> None:
        """Count one packet."""
        self.packets += 1
        self.bytes += size
        self.keyframes += key
        # Before zero lies what an edit list hides: priming, not recording.
        if pts is None or (pts + lasts <= 0 and pts < 0):
            return
        pts = max(0, pts)
        self.timed += 1
        if self.first is None or pts < self.first:
            self.first = pts
        if self.last is None or pts >= self.last:
            self.last, self.last_lasts = pts, lasts

    @property
    def starts_at(self) -> float | None:
        """Return when its first packet is due."""
        return None if self.first is None else float(self.first * self.time_base)

    @property
    def ends_at(self) -> float | None:
        """Return when its last packet ends; a last packet claiming hours does not count."""
        if self.first is None or self.last is None:
            return None
        mean = (self.last - self.first) / (self.timed - 1) if self.timed > 1 else self.last_lasts
        lasts = min(max(0, self.last_lasts), 4 * mean) if mean else 0
        return float((self.last + lasts) * self.time_base)

    @property
    def seconds(self) -> float | None:
        """Return how long it lasts, by its packets; None when they carry no time."""
        if self.starts_at is None or self.ends_at is None:
            return None
        return self.ends_at - self.starts_at

    @property
    def per_second(self) -> float | None:
        """Return packets a second: for pictures, the frame rate."""
        if self.first is None or self.last is None or self.last == self.first:
            return None
        return float((self.timed - 1) / ((self.last - self.first) * self.time_base))
