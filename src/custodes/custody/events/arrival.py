"""What became of an upload that did not become part of a recording; what docks tell later."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from custodes.custody.events.kind import Event, event
from custodes.custody.rules import Law


@event
@dataclass(frozen=True, slots=True)
class ArrivalRefused(Event):
    """A dock offered something that cannot be taken in; it keeps its own copy."""

    kind = "arrival.refused"
    law = Law.COLLECTION
    sentence = "{actor} offered {name}, which was refused: {reason}"

    name: str
    reason: str


@event
@dataclass(frozen=True, slots=True)
class UploadQuarantined(Event):
    """What arrived failed a check; it is sealed and kept apart with the reason."""

    kind = "recording.rejected"
    law = Law.COLLECTION
    sentence = "{name} from {actor} was put in quarantine: {reason}"
    public = MappingProxyType({"size": "z"})

    size: int
    name: str
    reason: str
    sha256: str


@event
@dataclass(frozen=True, slots=True)
class UploadDiscarded(Event):
    """An unfinished upload that was never acknowledged was cleared away."""

    kind = "upload.discarded"
    law = Law.ERASURE
    sentence = "The unfinished upload of {name} ({size} of {promised} bytes) was cleared: {reason}"
    public = MappingProxyType({"size": "z"})

    size: int
    promised: str
    name: str
    reason: str


@event
@dataclass(frozen=True, slots=True)
class RecordingChangedByCamera(Event):
    """The dock sent new facts about a recording.

    ``before`` are the values that ``told`` replaces; ``span`` is when it is taken to have
    been filmed since, and before where that changed. What is told of the times of a complete
    recording only widens it.
    """

    kind = "recording.told"
    law = Law.COLLECTION
    sentence = (
        "{actor} sent facts about the recording: {told}. Before: {before}. Filmed, as far as it"
        " is believed: {span}."
    )

    told: str
    before: str = ""
    span: str = "as before"
