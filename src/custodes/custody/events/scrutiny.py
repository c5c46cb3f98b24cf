"""Samples for the scrutiny panel: drawn, given out, judged."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from custodes.custody.events.kind import Event, event
from custodes.custody.rules import Law


@event
@dataclass(frozen=True, slots=True)
class SampleDrawn(Event):
    """A sample of what would be deleted next was drawn for the scrutiny panel.

    ``size`` is the number of entries under the checkpoint whose root is the seed, ``entries``
    how many recordings stood to be drawn, ``checked`` how many were, and ``document`` the
    SHA-256 of the list of all of them (base64url).
    """

    kind = "scrutiny.drawn"
    law = Law.SYSTEM
    sentence = "Of {entries} recordings that would go next, {checked} were drawn for the panel."
    public = MappingProxyType({"size": "z", "entries": "c", "checked": "n", "document": "d"})

    size: int
    entries: int
    checked: int
    document: str
    day: str


@event
@dataclass(frozen=True, slots=True)
class SampleAllotted(Event):
    """A sampled recording was given to somebody of the scrutiny panel to look at."""

    kind = "scrutiny.allotted"
    law = Law.DISCLOSURE
    sentence = "{actor} gave the recording to {person} of the scrutiny panel for {days} days."

    person: str
    days: str


@event
@dataclass(frozen=True, slots=True)
class SampleJudged(Event):
    """Somebody of the scrutiny panel said what they saw in a sampled recording."""

    kind = "scrutiny.judged"
    law = Law.ALTERATION
    sentence = "{actor}, for the scrutiny panel, said: {said}"

    said: str
