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


@event
@dataclass(frozen=True, slots=True)
class LogKeysChanged(Event):
    """Keys that sign the log were added, or were retired after others took over.

    ``added`` and ``retired`` name public keys, each ``algorithm:SHA-256`` (base64url), parted
    by a space.
    """

    kind = "key.rotate"
    law = Law.SYSTEM
    sentence = (
        "{actor} changed the keys that sign the log. Added: {added}. Retired: {retired}. "
        "Reason: {because}"
    )
    public = MappingProxyType({"added": "a", "retired": "r"})

    added: str
    retired: str


@event
@dataclass(frozen=True, slots=True)
class ReleaseInstalled(Event):
    """Another release of the software runs from here on.

    ``verifier`` is the SHA-256 of the verify.html that comes with it, in hex: what anybody
    who was given one by this force compares it with.
    """

    kind = "software.release"
    law = Law.SYSTEM
    sentence = "Custodes {version} was installed; its verifier has the SHA-256 {verifier}."
    public = MappingProxyType({"version": "v", "verifier": "h"})

    version: str
    verifier: str
