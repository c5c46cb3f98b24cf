"""Requests of people about footage of them: restricted instead of erased, and lifted again."""

from __future__ import annotations

from dataclasses import dataclass

from custodes.custody.events.kind import Event, event
from custodes.custody.rules import Law


@event
@dataclass(frozen=True, slots=True)
class RestrictionPlaced(Event):
    """Somebody asked for footage to be erased, or said it is wrong; it was restricted instead."""

    kind = "restriction.placed"
    law = Law.SYSTEM
    sentence = (
        "{actor} restricted {number} recordings, as {subject} had asked {ground}, "
        "reference {reference}: {because}"
    )

    subject: str
    ground: str
    reference: str
    number: str


@event
@dataclass(frozen=True, slots=True)
class RestrictionLetter(Event):
    """The answer to whoever asked was made, to be sent."""

    kind = "restriction.letter"
    law = Law.DISCLOSURE
    sentence = "{actor} made the letter to {subject}, reference {reference}."

    subject: str
    reference: str


@event
@dataclass(frozen=True, slots=True)
class RestrictionAnnounced(Event):
    """Whoever asked was told that the restriction will be lifted (DPA 2018 s.48(10))."""

    kind = "restriction.announced"
    law = Law.SYSTEM
    sentence = "{actor} noted that {subject} was told on {on}, by {how}, that it will be lifted."

    subject: str
    on: str
    how: str


@event
@dataclass(frozen=True, slots=True)
class RestrictionLifted(Event):
    """A restriction was lifted, after whoever had asked for it was told."""

    kind = "restriction.lifted"
    law = Law.SYSTEM
    sentence = "{actor} lifted the restriction of {number} recordings: {because}"

    number: str
