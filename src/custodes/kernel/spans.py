"""Spans of time, half-open: the start belongs to it, the end does not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of time ``[start, end)``; both ends aware."""

    start: datetime
    end: datetime

    def __post_init__(self) -> None:
        if self.start.tzinfo is None or self.end.tzinfo is None:
            raise ValueError("a span needs times with a zone")
        if self.end < self.start:
            raise ValueError("a span cannot end before it starts")

    @property
    def length(self) -> timedelta:
        """Return how long the span lasts."""
        return self.end - self.start

    def contains(self, at: datetime) -> bool:
        """Say whether the moment lies in the span."""
        return self.start <= at < self.end

    def overlaps(self, other: Span) -> bool:
        """Say whether the two spans share at least one moment."""
        return self.start < other.end and other.start < self.end
