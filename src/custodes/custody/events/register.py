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


@event
@dataclass(frozen=True, slots=True)
class ComplaintGiven(Event):
    """Somebody was given a complaint to look into, and reaches what is held for it from then on."""

    kind = "register.given"
    law = Law.SYSTEM
    sentence = "{actor} gave the {what} {reference} to {name} to look into."

    what: str
    reference: str
    person: str
    name: str


@event
@dataclass(frozen=True, slots=True)
class ComplaintTaken(Event):
    """A complaint was taken from somebody, and with it what it let them reach."""

    kind = "register.taken"
    law = Law.SYSTEM
    sentence = "{actor} took the {what} {reference} from {name}: {because}"

    what: str
    reference: str
    person: str
    name: str
