"""Make accounts, grant roles, note who signs in."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction

from custodes.custody.actions import record
from custodes.custody.events import PersonAdded, PersonChanged, SignedIn
from custodes.custody.rules import Actor
from custodes.people.errors import AccountRefused
from custodes.people.models import Grant, Person, Team
from custodes.people.rules import ROLE_NAMES, Role, may_be_combined


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
