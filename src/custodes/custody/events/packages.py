"""Packages of cases: made, released, taken away. Told of the case and its recordings.

For whom, of which case, and what is in them is private.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from custodes.custody.events.kind import Event, event
from custodes.custody.rules import Law


@event
@dataclass(frozen=True, slots=True)
class PackageBuilt(Event):
    """A package of a case was made for one recipient, or prepared to be released to them.

    Told of the case and of each recording in it. ``holds`` says which kinds of things it
    holds, ``items`` the exhibits, or of a recording its files, each with its SHA-256.
    ``passed_over`` is why it was made with a camera not accounted for.
    """

    kind = "package.built"
    law = Law.DISCLOSURE
    sentence = (
        "{actor} made a package of case {urn} for {recipient}, {organisation} ({audience}),"
        " which {standing}. It holds {holds}: {items}. {passed_over} Reason: {because}"
    )
    public = MappingProxyType({"files": "f"})

    files: int
    urn: str
    package: str
    recipient: str
    organisation: str
    audience: str
    standing: str
    holds: str
    items: str
    passed_over: str


@event
@dataclass(frozen=True, slots=True)
class PackageReleased(Event):
    """A second person released a package that was prepared."""

    kind = "package.released"
    law = Law.DISCLOSURE
    sentence = "{actor} released the package of case {urn} that was prepared for {recipient}."

    urn: str
    package: str
    recipient: str


@event
@dataclass(frozen=True, slots=True)
class PackageFetched(Event):
    """Somebody took a package away, to hand it over; told once an hour and person."""

    kind = "package.fetched"
    law = Law.DISCLOSURE
    sentence = "{actor} took away the package of case {urn} for {recipient}, {how}."

    urn: str
    package: str
    recipient: str
    how: str
