"""Make accounts, grant roles, note who signs in."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.timezone import localdate, localtime, make_aware

from custodes.custody.actions import record
from custodes.custody.events import PersonAdded, PersonChanged, SignedIn, TokenMade, TokenRevoked
from custodes.custody.rules import Actor
from custodes.kernel.digest import sha256
from custodes.people.errors import AccountRefused, NotAllowed
from custodes.people.models import Grant, Person, Team, Token
from custodes.people.queries import token_for
from custodes.people.rules import (
    ROLE_NAMES,
    Permission,
    Role,
    Viewer,
    may_be_combined,
    why_not_a_token,
)

# So that a token that was published by mistake is found by those who look for such things.
_BEGINS = "custodes_"


@dataclass(frozen=True, slots=True)
class NewToken:
    """A token somebody wants for a program of theirs."""

    name: str
    last_day: date
    reads_only: bool


@transaction.atomic
def add_person(
    username: str,
    name: str,
    roles: Iterable[Role],
    *,
    password: str | None,
    by: Actor,
    at: datetime,
    collar_number: str = "",
    team: str = "",
) -> Person:
    """Make an account. Raises AccountRefused when the name is taken or a rule forbids it.

    Without a password nobody can sign in to it: the person is known, and wears a camera.
    """
    held = frozenset(roles)
    if not may_be_combined(held):
        raise AccountRefused("One person cannot hold both of these roles.")
    if Person.objects.filter(username__iexact=username).exists():
        raise AccountRefused(f"The user name {username} is taken.")
    person = Person(
        username=username,
        name=name,
        collar_number=collar_number,
        team=Team.objects.get_or_create(name=team)[0] if team else None,
    )
    _set_password(person, password)
    person.save()
    Grant.objects.bulk_create([Grant(person=person, role=role) for role in sorted(held)])

    added = PersonAdded(person=name, username=username, roles=_in_words(held))
    record(added, subject=person.handle, by=by, at=at)
    return person


@transaction.atomic
def set_roles(person: Person, roles: Iterable[Role], *, by: Actor, at: datetime) -> None:
    """Let a person hold exactly these roles. Nobody changes their own."""
    held = frozenset(roles)
    if by.handle == person.handle:
        raise AccountRefused("Nobody can grant roles to themselves.")
    if not may_be_combined(held):
        raise AccountRefused("One person cannot hold both of these roles.")
    person.grants.all().delete()
    Grant.objects.bulk_create([Grant(person=person, role=role) for role in sorted(held)])

    change = PersonChanged(person=person.name, change=f"roles are now {_in_words(held)}")
    record(change, subject=person.handle, by=by, at=at)


@transaction.atomic
def note_sign_in(person: Person, *, address: str, by: Actor, at: datetime) -> None:
    """Record that a person signed in, and from where."""
    record(SignedIn(address=address), subject=person.handle, by=by, at=at)


@transaction.atomic
def note_own_change(person: Person, change: str, *, by: Actor, at: datetime) -> None:
    """Record that somebody changed how they sign in; the change commits with it or not at all."""
    changed = PersonChanged(person=person.name, change=change)
    record(changed, subject=person.handle, by=by, at=at)


@transaction.atomic
def make_token(viewer: Viewer, wanted: NewToken, *, at: datetime) -> tuple[Token, str]:
    """Make a token for the viewer's own programs; raises AccountRefused.

    Returns it with its secret, which is kept nowhere: whoever loses it makes another.
    """
    name, last_day = " ".join(wanted.name.split()), wanted.last_day
    days = settings.CUSTODES.api_token_days
    if why := why_not_a_token(name, last_day, localdate(at), days):
        raise AccountRefused(why)
    secret = _BEGINS + secrets.token_urlsafe(32)
    token = Token.objects.create(
        person=Person.objects.get(pk=viewer.person),
        name=name,
        reads_only=wanted.reads_only,
        digest=sha256(secret.encode()).hex(),
        made_at=at,
        until=make_aware(datetime.combine(last_day + timedelta(days=1), time.min)),
    )
    made = TokenMade(
        token=token.handle,
        name=name,
        reach="read and change nothing" if wanted.reads_only else "do whatever they may",
        until=f"{localtime(token.until):%-d %B %Y, %H:%M %Z}",
    )
    record(made, subject=viewer.handle, by=viewer.actor, at=at)
    return token, secret


@transaction.atomic
def revoke_token(viewer: Viewer, token: Token, *, at: datetime) -> Token:
    """Have a token open nothing any more: one's own, or anybody's for who manages people."""
    token = Token.objects.select_for_update().get(pk=token_for(viewer, token.handle).pk)
    if token.person_id != viewer.person and not viewer.may(Permission.MANAGE_PEOPLE):
        raise NotAllowed("You may see this token, but not revoke it.")
    if token.revoked_at is not None:
        raise AccountRefused("This token was revoked already.", "Nothing was changed.")
    token.revoked_at, token.revoked_by = at, viewer.name
    token.save(update_fields=["revoked_at", "revoked_by"])
    person = token.person
    revoked = TokenRevoked(token=token.handle, name=token.name, person=person.name)
    record(revoked, subject=person.handle, by=viewer.actor, at=at)
    return token


def _set_password(person: Person, password: str | None) -> None:
    if password is None:
        person.set_unusable_password()
        return
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise AccountRefused(" ".join(error.messages)) from None
    person.set_password(password)


def _in_words(roles: Iterable[Role]) -> str:
    return ", ".join(sorted(ROLE_NAMES[role] for role in roles)) or "none"
