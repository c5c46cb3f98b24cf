"""What happens in a case, as far as it decides how long its recordings are kept."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from custodes.custody.events.kind import Event, event
from custodes.custody.rules import Law


@event
@dataclass(frozen=True, slots=True)
class MatterOpened(Event):
    """A case was opened whose proceedings say how long its recordings are kept."""

    kind = "matter.opened"
    law = Law.SYSTEM
    sentence = "{actor} had what belongs to case {reference} kept by what happens in it."

    reference: str


@event
@dataclass(frozen=True, slots=True)
class MatterChanged(Event):
    """Something happened in a case that decides how long its recordings are kept.

    ``before`` and ``after`` say what was and is known, in words.
    """

    kind = "matter.changed"
    law = Law.ALTERATION
    sentence = "{actor} entered in case {reference}: {after} Before: {before}"

    reference: str
    before: str
    after: str


@event
@dataclass(frozen=True, slots=True)
class RecordingLinked(Event):
    """A recording belongs to a case from now on, and is kept for it."""

    kind = "recording.linked"
    law = Law.COMBINATION
    sentence = "{actor} linked it to case {reference}."
    public = MappingProxyType({"matter": "m"})

    matter: str
    reference: str


@event
@dataclass(frozen=True, slots=True)
class RecordingUnlinked(Event):
    """A recording does not belong to a case any more."""

    kind = "recording.unlinked"
    law = Law.COMBINATION
    sentence = "{actor} took it out of case {reference}: {because}"
    public = MappingProxyType({"matter": "m"})

    matter: str
    reference: str
