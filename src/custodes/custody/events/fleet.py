"""Cameras, docks, and the wearers that docks tell of."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from custodes.custody.events.kind import Event, event
from custodes.custody.rules import Law


@event
@dataclass(frozen=True, slots=True)
class DockEnrolled(Event):
    """A dock was given its credential."""

    kind = "dock.enrolled"
    law = Law.SYSTEM
    sentence = "{actor} enrolled the dock {dock}."

    dock: str


@event
@dataclass(frozen=True, slots=True)
class DockDescribedItself(Event):
    """A controller said what the system behind it is called."""

    kind = "dock.described"
    law = Law.SYSTEM
    sentence = "{actor} said of its system {system}: {told}."

    system: str
    told: str


@event
@dataclass(frozen=True, slots=True)
class CameraEnrolled(Event):
    """A camera became known, by a dock or by a person."""

    kind = "device.enrol"
    law = Law.SYSTEM
    sentence = "{actor} enrolled the camera {serial} ({model})."
    public = MappingProxyType({"grade": "g"})

    grade: str
    serial: str
    model: str


@event
@dataclass(frozen=True, slots=True)
class CameraChanged(Event):
    """A camera's name, mount or standing changed."""

    kind = "device.changed"
    law = Law.SYSTEM
    sentence = "{actor} changed the camera {serial}: {change}."

    serial: str
    change: str


@event
@dataclass(frozen=True, slots=True)
class CameraIssued(Event):
    """A camera was issued to a wearer."""

    kind = "device.issued"
    law = Law.SYSTEM
    sentence = "{actor} issued the camera {serial} to {wearer}, worn {mount}."

    serial: str
    wearer: str
    mount: str


@event
@dataclass(frozen=True, slots=True)
class WearerAnnounced(Event):
    """A dock told of a person who wears its cameras."""

    kind = "wearer.announced"
    law = Law.SYSTEM
    sentence = "{actor} told of the wearer {wearer}: {change}."

    wearer: str
    change: str
