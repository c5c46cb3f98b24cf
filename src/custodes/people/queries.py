"""Find people, as far as the one who asks may know of them."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Q, QuerySet

from custodes.kernel.digest import sha256
from custodes.kernel.errors import NotFound
from custodes.people.models import Person, Token
from custodes.people.rules import Permission, Reach, Viewer


def wearers_for(viewer: Viewer) -> QuerySet[Person]:
    """Return the people whose recordings this viewer may search."""
    people = Person.objects.order_by("name")
    match viewer.reach(Permission.SEARCH):
        case Reach.ALL:
            return people
        case Reach.TEAM if viewer.team is not None:
            return people.filter(team_id=viewer.team)
        case Reach.TEAM | Reach.OWN:
            return people.filter(pk=viewer.person)
        case _:
            return people.none()


def people_named_to(viewer: Viewer) -> QuerySet[Person]:
    """Return the people whose names this viewer may read beside cameras and docks."""
    people = Person.objects.all()
    match viewer.reach(Permission.SEE_DOCKS):
        case Reach.ALL:
            return people
        case Reach.TEAM if viewer.team is not None:
            return people.filter(Q(team_id=viewer.team) | Q(pk=viewer.person))
        case Reach.TEAM | Reach.OWN:
            return people.filter(pk=viewer.person)
        case _:
            return people.none()


def names_for(viewer: Viewer) -> frozenset[str] | None:
    """Return the names this viewer may read beside cameras and docks; None for every name."""
    if viewer.reach(Permission.SEE_DOCKS) is Reach.ALL:
        return None
    return frozenset(people_named_to(viewer).values_list("name", flat=True))


def is_anybody_here() -> bool:
    """Say whether any account exists; asked once, by the first start."""
    return Person.objects.exists()


def person_known_as(username: str) -> Person:
    """Return the person of a user name, for whoever runs the server; raises NotFound."""
    person = Person.objects.filter(username__iexact=username).first()
    if person is None:
        raise NotFound(f"Nobody signs in as {username}.", "Make an account: custodes user add.")
    return person


def person_with_password(username: str, password: str) -> Person:
    """Return the person who says who they are at the server; raises NotFound."""
    person = Person.objects.filter(username__iexact=username, is_active=True).first()
    if person is None or not person.check_password(password):
        raise NotFound("No account has this user name and password.", "Nothing was changed.")
    return person


def people_for(viewer: Viewer) -> QuerySet[Person]:
    """Return everybody with an account, for those who look after accounts."""
    if not viewer.may(Permission.MANAGE_PEOPLE):
        return Person.objects.none()
    return Person.objects.select_related("team").prefetch_related("grants").order_by("name")


def person_for(viewer: Viewer, handle: str) -> Person:
    """Return one person with an account, for those who look after accounts."""
    person = people_for(viewer).filter(handle=handle).first()
    if person is None:
        raise NotFound("There is no such person.")
    return person


def person_called(known_as: str) -> Person | None:
    """Return the one active person with this collar number or user name, or None."""
    called = Q(collar_number__iexact=known_as.strip()) | Q(username__iexact=known_as.strip())
    found = list(Person.objects.filter(called, is_active=True)[:2])
    return found[0] if len(found) == 1 else None


def tokens_of(viewer: Viewer) -> QuerySet[Token]:
    """Return the viewer's own tokens, the newest first, those that are over among them."""
    return Token.objects.filter(person=viewer.person)


def tokens_for(viewer: Viewer) -> QuerySet[Token]:
    """Return everybody's tokens for those who watch over them, else the viewer's own."""
    if not viewer.may(Permission.SEE_TOKENS):
        return tokens_of(viewer)
    return Token.objects.select_related("person")


def token_for(viewer: Viewer, handle: str) -> Token:
    """Return one token, if this person may know that it exists."""
    found = tokens_for(viewer).filter(handle=handle).first()
    if found is None:
        raise NotFound("There is no such token.")
    return found


def token_shown(secret: str, at: datetime) -> Token | None:
    """Return the token a program shows, if it is good now and its person's account is open.

    What is shown has 256 random bits, so its plain digest is as good as a slow one.
    """
    found = Token.objects.select_related("person").filter(digest=sha256(secret.encode()).hex())
    token = found.filter(person__is_active=True).first()
    return token if token is not None and token.opens(at) else None
