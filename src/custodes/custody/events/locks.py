"""Locks: what only those who are named may see, and who tried all the same."""

from __future__ import annotations

from dataclasses import dataclass

from custodes.custody.events.kind import Event, event
from custodes.custody.rules import Law


@event
@dataclass(frozen=True, slots=True)
class RecordingLocked(Event):
    """From now on only those who are named may see the recording, or know that it is there."""

    kind = "recording.locked"
    law = Law.SYSTEM
    sentence = "It was locked by {actor}, because {what}: {because}"

    what: str


@event
@dataclass(frozen=True, slots=True)
class RecordingUnlocked(Event):
    """A lock on the recording was lifted."""

    kind = "recording.unlocked"
    law = Law.SYSTEM
    sentence = "The lock on it, because {what}, was lifted by {actor}: {because}"

    what: str


@event
@dataclass(frozen=True, slots=True)
class LockOpened(Event):
    """Somebody was named to whom a lock is open."""

    kind = "lock.opened"
    law = Law.SYSTEM
    sentence = "{actor} opened the lock to {person}, for {purpose}, {until}: {because}"

    person: str
    purpose: str
    until: str


@event
@dataclass(frozen=True, slots=True)
class LockClosed(Event):
    """A lock is no longer open to somebody who had been named."""

    kind = "lock.closed"
    law = Law.SYSTEM
    sentence = "{actor} closed the lock to {person}: {because}"

    person: str


@event
@dataclass(frozen=True, slots=True)
class AccessWithheld(Event):
    """Somebody asked for a recording that a lock keeps from them. They were told of no recording.

    The entry belongs to the recording, so that whoever looks after the lock sees who tried.
    """

    kind = "access.withheld"
    law = Law.SYSTEM
    sentence = "{actor} was refused, as it is locked: {asked}"

    asked: str
