"""Cases: opened, given to people, filled with recordings and exhibits, and decided.

All of it is private: a URN, a name or what a case is about is nobody's business who
reads the public log.
"""

from __future__ import annotations

from dataclasses import dataclass

from custodes.custody.events.kind import Event, event
from custodes.custody.rules import Law


@event
@dataclass(frozen=True, slots=True)
class CaseOpened(Event):
    """A case was opened."""

    kind = "case.opened"
    law = Law.COLLECTION
    sentence = "{actor} opened case {urn}: {about}. Unit: {unit}."

    urn: str
    about: str
    unit: str


@event
@dataclass(frozen=True, slots=True)
class CaseAssigned(Event):
    """A person was assigned to a case, and reaches its recordings from then on."""

    kind = "case.assigned"
    law = Law.SYSTEM
    sentence = "{actor} assigned {name} to case {urn}: {part}."

    urn: str
    person: str
    name: str
    part: str


@event
@dataclass(frozen=True, slots=True)
class CaseUnassigned(Event):
    """A person does not work on a case any more, nor reach its recordings because of it."""

    kind = "case.unassigned"
    law = Law.SYSTEM
    sentence = "{actor} took {name} off case {urn}: {because}"

    urn: str
    person: str
    name: str


@event
@dataclass(frozen=True, slots=True)
class PartyEntered(Event):
    """Somebody in a case was entered or corrected, with what they are in it."""

    kind = "case.party"
    law = Law.ALTERATION
    sentence = "{actor} entered {name} as {role}. Before: {before}."

    name: str
    role: str
    before: str


@event
@dataclass(frozen=True, slots=True)
class MaterialAdded(Event):
    """A recording was added to a case; ``recording.linked`` tells the recording so."""

    kind = "case.linked"
    law = Law.COMBINATION
    sentence = "{actor} added {what} to case {urn}: {because}"

    urn: str
    what: str
    recording: str


@event
@dataclass(frozen=True, slots=True)
class MaterialTakenOut(Event):
    """A recording was taken out of a case; what holds it keeps it."""

    kind = "case.unlinked"
    law = Law.COMBINATION
    sentence = "{actor} took {what} out of case {urn}: {because}"

    urn: str
    what: str
    recording: str


@event
@dataclass(frozen=True, slots=True)
class MaterialAssessed(Event):
    """Somebody said what becomes of a recording of a case."""

    kind = "case.assessed"
    law = Law.ALTERATION
    sentence = "{actor} said of {what} in case {urn}: {status}. {description}"

    urn: str
    what: str
    recording: str
    status: str
    description: str


@event
@dataclass(frozen=True, slots=True)
class SiblingsSought(Event):
    """Somebody looked for other cameras that filmed the same time and place."""

    kind = "case.siblings_sought"
    law = Law.COMBINATION
    sentence = "{actor} looked for other cameras for case {urn}; {found} more were found. {whole}"

    urn: str
    found: int
    whole: str


@event
@dataclass(frozen=True, slots=True)
class ExhibitNumbered(Event):
    """An exhibit got its number. Told of the case and of the recording."""

    kind = "exhibit.numbered"
    law = Law.ALTERATION
    sentence = (
        "{actor} made {what} exhibit {reference} of case {urn}, produced by {producer}: {item}"
    )

    urn: str
    exhibit: str
    reference: str
    item: str
    producer: str
    what: str
    recording: str


@event
@dataclass(frozen=True, slots=True)
class ExhibitExplained(Event):
    """Somebody said why an exhibit is given whole, or with nothing hidden. Told of both."""

    kind = "exhibit.explained"
    law = Law.ALTERATION
    sentence = "{actor} said why {what} of exhibit {reference} in case {urn}: {because}"

    urn: str
    exhibit: str
    reference: str
    what: str
    recording: str


@event
@dataclass(frozen=True, slots=True)
class ExhibitVoided(Event):
    """An exhibit is none any more; its number is not given again. Told of both."""

    kind = "exhibit.voided"
    law = Law.ALTERATION
    sentence = "{actor} voided exhibit {reference} of case {urn}: {because}"

    urn: str
    exhibit: str
    reference: str
    recording: str


@event
@dataclass(frozen=True, slots=True)
class CaseMoved(Event):
    """A case went a step on: submitted, charged, or decided."""

    kind = "case.moved"
    law = Law.ALTERATION
    sentence = "{actor} entered that case {urn} is {after} since {on}; it was {before}: {because}"

    urn: str
    before: str
    after: str
    on: str


@event
@dataclass(frozen=True, slots=True)
class CaseLookedOver(Event):
    """Somebody looked whether what is kept for an open case is still needed, and it is."""

    kind = "case.looked_over"
    law = Law.ALTERATION
    sentence = "{actor} looked over what is kept for case {urn}; it is still needed: {because}"

    urn: str


@event
@dataclass(frozen=True, slots=True)
class CaseViewed(Event):
    """A person looked at a case: who and what is in it."""

    kind = "case.viewed"
    law = Law.CONSULTATION
    sentence = "{actor} looked at case {urn}."

    urn: str


@event
@dataclass(frozen=True, slots=True)
class PaperTaken(Event):
    """A paper of a case was taken out of the system for somebody."""

    kind = "case.paper_taken"
    law = Law.DISCLOSURE
    sentence = (
        "{actor} took {paper} of case {urn} away as {form} for {audience}, {recipient}: {because}"
    )

    urn: str
    paper: str
    form: str
    audience: str
    recipient: str
