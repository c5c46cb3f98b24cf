"""What is given to whom of a case, and what they do with it. Told of the case and its recordings.

Who, of which case, and which address is private; nothing of a link is in any entry.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from custodes.custody.events.kind import Event, event
from custodes.custody.rules import Law


@event
@dataclass(frozen=True, slots=True)
class ShareCreated(Event):
    """Something of a case was shared with one recipient, or prepared to be.

    ``items`` names each with its SHA-256, ``files`` how many they are; ``standing`` is
    whether the link opens at once or waits for a second person.
    """

    kind = "share.created"
    law = Law.DISCLOSURE
    sentence = (
        "{actor} shared with {recipient}, {organisation} ({audience}), of case {urn}, until"
        " {until}; the link {standing}: {items}. Reason: {because}"
    )
    public = MappingProxyType({"files": "f"})

    files: int
    urn: str
    share: str
    recipient: str
    organisation: str
    address: str
    audience: str
    until: str
    standing: str
    items: str


@event
@dataclass(frozen=True, slots=True)
class ShareReleased(Event):
    """A second person released what was prepared for the defence."""

    kind = "share.released"
    law = Law.DISCLOSURE
    sentence = "{actor} released what was prepared for {recipient} of case {urn}."

    urn: str
    share: str
    recipient: str


@event
@dataclass(frozen=True, slots=True)
class ShareRevoked(Event):
    """What was shared was called back: the link opens nothing from then on."""

    kind = "share.revoked"
    law = Law.DISCLOSURE
    sentence = "{actor} called back what {recipient} was given of case {urn}. Reason: {because}"

    urn: str
    share: str
    recipient: str


@event
@dataclass(frozen=True, slots=True)
class ShareExpired(Event):
    """The time of a share is over: its link opens nothing any more."""

    kind = "share.expired"
    law = Law.DISCLOSURE
    sentence = "The link of {recipient} to what they were given of case {urn} is over."

    urn: str
    share: str
    recipient: str
