"""The record itself: who read whose log, what was taken away of it, what was forgotten."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from custodes.custody.events.kind import Event, event
from custodes.custody.rules import Law


@event
@dataclass(frozen=True, slots=True)
class LogViewed(Event):
    """A person read the log of what somebody did, for one of the four lawful purposes.

    Written before anything is shown. The entry belongs to the one whose log it was.
    """

    kind = "log.viewed"
    law = Law.CONSULTATION
    sentence = (
        "{actor} read the log of what {person} did {period}, {purpose}. "
        "{found} entries were found. Reason: {because}"
    )

    person: str
    period: str
    purpose: str
    found: str


@event
@dataclass(frozen=True, slots=True)
class RecordTaken(Event):
    """A custody record was taken out of the system, with some of its details open."""

    kind = "record.taken"
    law = Law.DISCLOSURE
    sentence = (
        "{actor} took the custody record of {about} away as {form}, for {recipient}. "
        "Opened: {opened}. Withheld: {withheld}. Reason: {because}"
    )

    about: str
    form: str
    recipient: str
    opened: str
    withheld: str


@event
@dataclass(frozen=True, slots=True)
class ErasurePlanned(Event):
    """A person asked for the details of old entries to be erased; another has to agree."""

    kind = "metadata.erasure_planned"
    law = Law.SYSTEM
    sentence = (
        "{actor} asked for the details of {entries} old entries, all before entry {before}, "
        "to be erased. Reason: {because}"
    )
    public = MappingProxyType({"before": "u", "entries": "c"})

    before: int
    entries: int


@event
@dataclass(frozen=True, slots=True)
class DetailsErased(Event):
    """The details of old entries were destroyed with their seeds; the entries stand.

    ``before`` and ``rule`` say which: anybody can work out from the public entries
    which ones the rule lets go of.
    """

    kind = "metadata.erased"
    law = Law.ERASURE
    sentence = (
        "{actor} erased the details of {entries} old entries, all before entry {before}, and "
        "who had to do with recordings deleted as long ago ({recordings}), as {asked_by} had "
        "asked. The entries and their proofs stand. Reason: {because}"
    )
    public = MappingProxyType({"before": "u", "entries": "c", "rule": "r"})

    before: int
    entries: int
    rule: str
    asked_by: str
    recordings: int
