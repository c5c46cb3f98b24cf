"""The register of complaints, requests and forms that concern footage."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from custodes.custody.events.kind import Event, event
from custodes.custody.rules import Law


@event
@dataclass(frozen=True, slots=True)
class RegisterEntered(Event):
    """A complaint, a request or a form that concerns footage came in.

    ``hold`` is what keeps all that it is about from that moment.
    """

    kind = "register.entered"
    law = Law.COLLECTION
    sentence = (
        "{actor} entered the {what} {reference} of {who}; {number} recordings are held for it. "
        "About: {because}"
    )
    public = MappingProxyType({"hold": "h"})

    hold: str
    what: str
    reference: str
    who: str
    number: str


@event
@dataclass(frozen=True, slots=True)
class RegisterClosed(Event):
    """A complaint, a request or a form that concerns footage was brought to its end."""

    kind = "register.closed"
    law = Law.ALTERATION
    sentence = (
        "{actor} closed the {what} {reference}: {outcome}. Grounds of a refusal: {grounds}. "
        "{because}"
    )

    what: str
    reference: str
    outcome: str
    grounds: str
