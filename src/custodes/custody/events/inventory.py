"""The standing inventory: what should be held, what is, and that something was lost or found."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from custodes.custody.events.kind import Event, event
from custodes.custody.rules import Law


@event
@dataclass(frozen=True, slots=True)
class InventoryTaken(Event):
    """Everything that should be held was counted and compared with what the store holds.

    ``size`` is how many entries the log had when the look began; ``taken_in`` and
    ``deleted`` are how many entries ``recording.ingested`` and ``recording.deleted`` stand
    before this one. ``wanted`` is how many sealed objects there should be, ``held`` and
    ``missing`` how many of them are there and are not; ``miscounted`` how many cameras and
    gaps do not agree with the record; ``root`` is the tree over the objects
    (docs/reference/formats/inventory.md).
    """

    kind = "inventory.taken"
    law = Law.SYSTEM
    sentence = (
        "Of {wanted} sealed objects that should be held, {held} are and {missing} are not. "
        "{deleted} recordings have been deleted so far."
    )
    public = MappingProxyType(
        {
            "size": "z",
            "taken_in": "in",
            "deleted": "del",
            "wanted": "want",
            "held": "held",
            "missing": "miss",
            "forgotten": "lost",
            "surviving": "over",
            "unexpected": "more",
            "uncounted": "gaps",
            "miscounted": "cams",
            "root": "r",
        }
    )

    size: int
    taken_in: int
    deleted: int
    wanted: int
    held: int
    missing: int
    forgotten: int
    surviving: int
    unexpected: int
    uncounted: int
    root: str
    miscounted: int


@event
@dataclass(frozen=True, slots=True)
class LossNoticed(Event):
    """The regular look found objects missing that were there before; it names counts alone."""

    kind = "inventory.loss"
    law = Law.SYSTEM
    sentence = (
        "{lost} sealed objects that should be held were found missing; {missing} are missing now. "
        "{what}"
    )
    public = MappingProxyType({"lost": "new", "missing": "miss"})

    lost: int
    missing: int
    what: str


@event
@dataclass(frozen=True, slots=True)
class LossMended(Event):
    """Objects that had been missing are there again, or nothing asks for them any more."""

    kind = "inventory.found"
    law = Law.SYSTEM
    sentence = "{found} sealed objects are not missing any more; {missing} still are."
    public = MappingProxyType({"found": "back", "missing": "miss"})

    found: int
    missing: int
