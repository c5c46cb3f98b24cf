"""The installation itself: its log was begun, its subjects counted, its store read again."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from custodes.custody.events.kind import Event, event
from custodes.custody.rules import Law


@event
@dataclass(frozen=True, slots=True)
class LogBegun(Event):
    """The log of this installation was begun.

    A successor of a log whose end was lost names its predecessor's last known checkpoint:
    ``old_origin``, ``old_size`` and ``old_root``. What it keeps of it stands before this entry.
    """

    kind = "log.genesis"
    law = Law.SYSTEM
    sentence = "The custody log {origin} was begun."
    public = MappingProxyType(
        {
            "origin": "o",
            "formats": "f",
            "old_origin": "po",
            "old_size": "pz",
            "old_root": "pr",
        }
    )

    origin: str
    formats: str
    old_origin: str = ""
    old_size: int | None = None
    old_root: str = ""


@event
@dataclass(frozen=True, slots=True)
class StoreScrubbed(Event):
    """What is stored was read again and compared with what was sealed."""

    kind = "integrity.scrubbed"
    law = Law.SYSTEM
    sentence = "{checked} sealed objects were read again: {sound} sound, {faults} not."
    public = MappingProxyType({"checked": "c", "sound": "g", "faults": "f"})

    checked: int
    sound: int
    faults: int
    findings: str = ""


@event
@dataclass(frozen=True, slots=True)
class CensusTaken(Event):
    """Every subject of the log was counted (custody format, section 2.4).

    ``size`` is how many entries were counted, ``root`` that of the tree over the subjects.
    """

    kind = "census"
    law = Law.SYSTEM
    sentence = "Everything in the log was counted: {subjects} subjects in its first {size} entries."
    public = MappingProxyType({"size": "z", "subjects": "c", "root": "r"})

    size: int
    subjects: int
    root: str
