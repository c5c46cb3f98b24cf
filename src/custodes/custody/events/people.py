"""People: accounts made and changed, and who signed in."""

from __future__ import annotations

from dataclasses import dataclass

from custodes.custody.events.kind import Event, event
from custodes.custody.rules import Law


@event
@dataclass(frozen=True, slots=True)
class PersonAdded(Event):
    """An account was made for a person."""

    kind = "person.added"
    law = Law.SYSTEM
    sentence = "{actor} made an account for {person} ({username}) with the roles: {roles}."

    person: str
    username: str
    roles: str


@event
@dataclass(frozen=True, slots=True)
class PersonChanged(Event):
    """An account's roles, team or standing changed."""

    kind = "admin.changed"
    law = Law.SYSTEM
    sentence = "{actor} changed the account of {person}: {change}."

    person: str
    change: str


@event
@dataclass(frozen=True, slots=True)
class SignedIn(Event):
    """A person signed in."""

    kind = "person.signed_in"
    law = Law.SYSTEM
    sentence = "{actor} signed in from {address}."

    address: str


@event
@dataclass(frozen=True, slots=True)
class TokenMade(Event):
    """A person made a token for a program that acts for them."""

    kind = "person.token_made"
    law = Law.SYSTEM
    sentence = "{actor} made a token for a program ({name}), which may {reach} until {until}."

    token: str
    name: str
    reach: str
    until: str


@event
@dataclass(frozen=True, slots=True)
class TokenRevoked(Event):
    """A token opens nothing any more."""

    kind = "person.token_revoked"
    law = Law.SYSTEM
    sentence = "{actor} revoked the token of {person} for a program ({name})."

    token: str
    name: str
    person: str
