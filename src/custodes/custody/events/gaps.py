"""What should be here and is not: dock sessions, and gaps from their opening to their end."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from custodes.custody.events.kind import Event, event
from custodes.custody.rules import Law


@event
@dataclass(frozen=True, slots=True)
class DockSession(Event):
    """A camera was read at a dock: what lay on it, and where its counter stood."""

    kind = "dock.session"
    law = Law.COLLECTION
    sentence = "{actor} read camera {serial}: {items} recordings to send, {held} held already."
    public = MappingProxyType(
        {
            "items": "i",
            "size": "z",
            "before": "cb",
            "after": "ca",
            "offset": "o",
            "log": "lh",
            "agent": "ag",
        }
    )

    items: int
    size: int
    before: int | None
    after: int | None
    offset: str
    log: str
    agent: str
    serial: str
    held: str


@event
@dataclass(frozen=True, slots=True)
class GapOpened(Event):
    """Footage that should exist did not arrive; the server itself says so."""

    kind = "gap.opened"
    law = Law.COLLECTION
    sentence = "Footage of camera {serial} is missing: {what}"
    public = MappingProxyType(
        {
            "device": "d",
            "grade": "g",
            "why": "w",
            "missing": "m",
            "first": "f",
            "last": "u",
        }
    )

    device: str
    grade: str
    why: str
    missing: int
    first: int | None
    last: int | None
    serial: str
    what: str


@event
@dataclass(frozen=True, slots=True)
class GapExplained(Event):
    """A person said why footage is missing."""

    kind = "gap.explained"
    law = Law.SYSTEM
    sentence = "{actor} explained why footage of camera {serial} is missing: {because}"

    serial: str


@event
@dataclass(frozen=True, slots=True)
class GapArrived(Event):
    """What was missing came after all."""

    kind = "gap.arrived"
    law = Law.COLLECTION
    sentence = "What was missing of camera {serial} arrived late."

    serial: str
