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
    gaps do not agree with the record; ``accepted`` how much of all that two people accepted
    as lost for good; ``root`` is the tree over the objects
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
            "accepted": "acc",
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
    accepted: int


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


@event
@dataclass(frozen=True, slots=True)
class LossProposed(Event):
    """One person agreed that something is lost for good; a second one has to."""

    kind = "inventory.loss_proposed"
    law = Law.SYSTEM
    sentence = "{actor} agreed that the loss of {number} is for good: {because}"
    public = MappingProxyType({"document": "d"})

    number: int
    document: str


@event
@dataclass(frozen=True, slots=True)
class LossAccepted(Event):
    """A second person agreed: it stays lost and counted, and stops no sweep any more.

    ``document`` is the SHA-256 over the handles that were accepted, each with a line feed,
    in the order of their bytes; ``first`` and ``why`` are who agreed first, and their reason.
    """

    kind = "inventory.loss_accepted"
    law = Law.SYSTEM
    sentence = (
        "{first} and {actor} accepted the loss of {accepted} for good. {first}: {why} "
        "{actor}: {because}"
    )
    public = MappingProxyType({"accepted": "acc", "document": "d"})

    accepted: int
    document: str
    first: str
    why: str


@event
@dataclass(frozen=True, slots=True)
class LossWithdrawn(Event):
    """What waited for a second person was taken back; nothing was accepted."""

    kind = "inventory.loss_withdrawn"
    law = Law.SYSTEM
    sentence = "{actor} took back what was said of the loss of {number}: {because}"

    number: int
