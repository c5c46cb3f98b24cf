"""Tokens for programs, made and revoked on their pages."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    TOTP,
    format_hotp_value,
    generate_totp_secret,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client
from django.utils.timezone import localdate
from tests.web.conftest import signed_in
from tests.world import force

from custodes.kernel.clock import now
from custodes.people.models import Person, Token
from custodes.people.queries import token_shown
from custodes.people.rules import Role

pytestmark = pytest.mark.django_db
NEW = "/account/tokens/new"


def asked(days: int = 10) -> dict[str, str]:
    last_day = localdate(now()) + timedelta(days=days)
    return {"name": "A nightly list", "last_day": last_day.isoformat(), "reach": "reads"}


def fresh(person: Person) -> Client:
    """Return a browser in which this person has just signed in with their password."""
    client = Client()
    client.post("/account/login/", {"login": person.username, "password": force.PASSWORD})
    return client


def test_a_token_is_made_shown_once_and_revoked() -> None:
    okafor = force.person("Okafor")
    browser = fresh(okafor)

    page = browser.post(NEW, asked())
    secret = re.search(r"custodes_[\w-]+", page.content.decode())

    assert page.status_code == 201
    assert secret
    assert token_shown(secret[0], now()) == Token.objects.get()
    listed = browser.get("/account/tokens").content.decode()
    assert "A nightly list" in listed
    assert secret[0] not in listed

    browser.post(f"/account/tokens/{Token.objects.get().handle}/revoke")

    assert token_shown(secret[0], now()) is None
    assert "Revoked" in browser.get("/account/tokens").content.decode()


def test_what_is_refused_stands_in_the_form_and_makes_nothing() -> None:
    page = fresh(force.person("Okafor")).post(NEW, asked(days=91))

    assert page.status_code == 400
    assert "A token is good for 90 days at most." in page.content.decode()
    assert not Token.objects.exists()


def test_who_has_not_just_signed_in_shows_their_password_again() -> None:
    okafor = force.person("Okafor")
    browser = signed_in(okafor)

    answer = browser.post(NEW, asked())

    assert answer["Location"] == f"/account/reauthenticate/?next={NEW.replace('/', '%2F')}"
    assert not Token.objects.exists()


def test_who_has_a_second_factor_shows_it_again_and_a_password_will_not_do() -> None:
    okafor = force.person("Okafor")
    secret = generate_totp_secret()
    TOTP.activate(okafor, secret)
    browser = signed_in(okafor)
    browser.post("/account/reauthenticate/", {"password": force.PASSWORD})

    answer = browser.post(NEW, asked())
    assert answer["Location"].startswith("/account/second-factor/reauthenticate/?next=")
    assert not Token.objects.exists()

    code = format_hotp_value(hotp_value(secret, next(iter(yield_hotp_counters_from_time()))))
    browser.post(answer["Location"], {"code": code})
    assert browser.post(NEW, asked()).status_code == 201
    assert Authenticator.objects.get(user=okafor).last_used_at is not None


def test_an_auditor_sees_whose_tokens_there_are_and_an_administrator_revokes_them() -> None:
    okafor = force.person("Okafor")
    fresh(okafor).post(NEW, asked())
    handle = Token.objects.get().handle
    auditor = signed_in(force.person("Lindqvist", Role.AUDITOR))
    administrator = signed_in(force.person("Byrne", Role.ADMINISTRATOR))

    assert "Okafor" in auditor.get("/tokens").content.decode()
    assert auditor.post(f"/account/tokens/{handle}/revoke").status_code == 403
    assert signed_in(okafor).get("/tokens").status_code == 403
    other = signed_in(force.person("Lewis"))
    assert other.post(f"/account/tokens/{handle}/revoke").status_code == 404
    assert Token.objects.get().revoked_at is None
    assert administrator.post(f"/account/tokens/{handle}/revoke")["Location"] == "/tokens"
    assert "by Byrne" in administrator.get("/tokens").content.decode()
