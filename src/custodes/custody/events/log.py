"""The log itself: that it lives, was stamped, was put back or goes on under another name."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from custodes.custody.events.kind import Event, event
from custodes.custody.rules import Law


@event
@dataclass(frozen=True, slots=True)
class Heartbeat(Event):
    """Nothing may have happened, but the log is kept; written every 15 minutes."""

    kind = "heartbeat"
    law = Law.SYSTEM
    sentence = "The log is being kept."


@event
@dataclass(frozen=True, slots=True)
class CheckpointStamped(Event):
    """An authority outside put a time on a checkpoint.

    ``size`` is that of the checkpoint, ``token`` the SHA-256 of the authority's answer.
    """

    kind = "checkpoint.timestamped"
    law = Law.SYSTEM
    sentence = "{authority} put the time {stamped} on the checkpoint after {size} entries."
    public = MappingProxyType({"size": "z", "token": "h"})

    size: int
    token: str
    authority: str
    stamped: str


@event
@dataclass(frozen=True, slots=True)
class LogRecovered(Event):
    """Entries that a restored database did not have were put back from a mirror.

    ``first`` is the index of the first one and ``size`` how many entries the mirror had.
    Their private bodies, and whatever else the database held of them, stay lost.
    """

    kind = "log.recovered"
    law = Law.SYSTEM
    sentence = (
        "{actor} put back the entries from {first} on, up to {size} in all, from a mirror; "
        "their details are lost."
    )
    public = MappingProxyType({"first": "i", "size": "z"})

    first: int
    size: int
    mirror: str
