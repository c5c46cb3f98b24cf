"""Nobody who is not signed in gets past the door, whatever address they try.

Walks the addresses that are there, so a new page cannot be forgotten. What a
person who *is* signed in may see is for tests/promises.
"""

from __future__ import annotations

from collections.abc import Iterator
from urllib.parse import urlsplit

import pytest
from django.test import Client
from django.urls import URLResolver, get_resolver, reverse

from custodes.custody.checkpoints import publish
from custodes.custody.genesis import begin_log
from custodes.custody.rules import SYSTEM
from custodes.kernel.clock import now

pytestmark = pytest.mark.django_db

# Whoever signs in is not signed in yet, and a health check is no person.
OPEN = {
    "health",
    "log-policy",
    "log-checkpoint",  # the log is for everybody, as far as the publication level says
    "log-tile",
    "account_inactive",  # says that an account was closed
    "account_login",
    "account_logout",  # sends strangers on to the first page, which sends them to sign in
    "account_signup",  # says that accounts are made by people who may
    "mfa_authenticate",  # the second factor, after the password
    "mfa_login_webauthn",
    "check-package",  # those who check us have no account here, and it is the same for all
    "verifier",
}
# The door of those who were given something: the link is what they show, and then a code.
BY_LINK = {
    "shared",
    "shared-code",
    "shared-item",
    "shared-media",
    "shared-out",
    "shared-receipt",
    "shared-received",
    "shared-seen",
    "shared-send-code",
    "shared-take",
    "shared-wish",
}
_EXAMPLES = {
    "token": "x" * 32,
    "wish": "x",
    "rest": "0/000.p/1",
    "handle": "x" * 22,
    "person": "x",
    "party": "x",
    "recording": "x",
    "exhibit": "x",
    "package": "x",
    "made": "x",
    "number": 1,
    "pk": 1,
    "day": "2026-11-14",
}


def routes(
    resolver: URLResolver | None = None, asked: frozenset[str] = frozenset()
) -> Iterator[tuple[str, frozenset[str]]]:
    """Yield the name of every route with what its address has to hold."""
    for each in (resolver or get_resolver()).url_patterns:
        wanted = asked | set(each.pattern.regex.groupindex)
        if isinstance(each, URLResolver) and each.namespace == "api":
            continue  # a door of its own, which asks for a token: tests/api/test_doors.py
        if isinstance(each, URLResolver):
            yield from routes(each, wanted)
        else:
            yield str(each.name), wanted


WANTED = dict(routes())


def address(name: str) -> str:
    return reverse(name, kwargs={each: _EXAMPLES[each] for each in WANTED[name]})


def test_every_route_has_a_name_to_be_found_by() -> None:
    assert "None" not in WANTED
    assert len(WANTED) > 20


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", sorted(set(WANTED) - OPEN - BY_LINK))
def test_a_stranger_is_sent_to_sign_in(name: str, method: str) -> None:
    answer = getattr(Client(), method)(address(name))

    assert answer.status_code == 302
    assert urlsplit(answer["Location"]).path == reverse("account_login")


@pytest.mark.parametrize("name", sorted(OPEN))
def test_what_is_open_exists_and_shows_a_stranger_nothing_of_footage(name: str) -> None:
    begin_log(by=SYSTEM, at=now())
    publish(now())

    answer = Client().get(address(name), follow=True)

    assert answer.status_code == 200
    assert b"/recordings" not in answer.content


@pytest.mark.parametrize("method", ["get", "post"])
@pytest.mark.parametrize("name", sorted(BY_LINK))
def test_without_a_link_of_ours_nothing_opens_by_one(name: str, method: str) -> None:
    answer = getattr(Client(), method)(address(name))

    assert answer.status_code in {404, 405}
    assert not answer.cookies
    assert b"/recordings" not in answer.content
