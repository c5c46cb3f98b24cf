"""What people are told of keeping and deleting: what came late, and what recipients are owed."""

from __future__ import annotations

from dataclasses import dataclass

from custodes.custody.events.kind import Event, event
from custodes.custody.rules import Law


@event
@dataclass(frozen=True, slots=True)
class NoticeQueued(Event):
    """Somebody who was given the recording is to be told what happened to it."""

    kind = "notice.queued"
    law = Law.SYSTEM
    sentence = "{recipient}, who was given it, is to be told that it was {change}. {because}"

    change: str
    recipient: str


@event
@dataclass(frozen=True, slots=True)
class NoticeSent(Event):
    """Somebody who was given the recording was told what happened to it."""

    kind = "notice.sent"
    law = Law.DISCLOSURE
    sentence = "{actor} told {recipient} that it was {change}: {how}."

    change: str
    recipient: str
    how: str


@event
@dataclass(frozen=True, slots=True)
class DockedLate(Event):
    """A recording came so late that nobody could have looked at it before its time was over."""

    kind = "recording.docked_late"
    law = Law.SYSTEM
    sentence = "It was docked {days} days after it was filmed; it stays until {until} at least."

    days: int
    until: str


@event
@dataclass(frozen=True, slots=True)
class LatenessExplained(Event):
    """Somebody said why a recording was docked late."""

    kind = "recording.late_explained"
    law = Law.ALTERATION
    sentence = "{actor} said why it was docked late: {reason}. {because}"

    reason: str
