"""Things that recordings are copies of: what was seized or handed in, and what became of it.

What the thing is and whose it was are personal data: only the word for the origin is public.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from custodes.custody.events.kind import Event, event
from custodes.custody.rules import Law


@event
@dataclass(frozen=True, slots=True)
class OriginSaid(Event):
    """A recording was imported as a copy of something the police did not make themselves.

    Of a police-generated one there is no such entry.
    """

    kind = "recording.origin_said"
    law = Law.COLLECTION
    sentence = "{actor} took it in as a copy of what was {origin}: {what}, from {taken_from}."
    public = MappingProxyType({"origin": "or"})

    origin: str
    what: str
    taken_from: str
    thing: str


@event
@dataclass(frozen=True, slots=True)
class ThingSeized(Event):
    """The first copy of a seized thing was taken in: the thing itself is to be returned."""

    kind = "thing.seized"
    law = Law.COLLECTION
    sentence = "{actor} took in a copy of {what}, seized from {taken_from}. It is to be returned."

    what: str
    taken_from: str
    recording: str


@event
@dataclass(frozen=True, slots=True)
class ThingNeeded(Event):
    """Somebody said why a seized thing must be kept though there is a copy."""

    kind = "thing.needed"
    law = Law.SYSTEM
    sentence = "{actor} said why {what} itself must be kept, until {look_on} at first: {because}"

    what: str
    look_on: str


@event
@dataclass(frozen=True, slots=True)
class ThingReturned(Event):
    """A seized thing went back; the copies of it stay what they are."""

    kind = "thing.returned"
    law = Law.SYSTEM
    sentence = "{actor} entered that {what} was returned to {returned_to} on {returned_on}."

    what: str
    returned_on: str
    returned_to: str
