"""A changed password or second factor is on the record, or it is not changed."""

from __future__ import annotations

import re

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from django.test import Client
from tests.world import force

from custodes.custody.errors import LogBehind
from custodes.custody.queries import history_of
from custodes.people import actions
from custodes.people.models import Person

pytestmark = pytest.mark.django_db(transaction=True)

OLD, NEW = "old lamp corner", "a new lamp at the corner"
CHANGE = {"oldpassword": OLD, "password1": NEW, "password2": NEW}


@pytest.fixture
def okafor() -> Person:
    okafor = force.person("Okafor")
    okafor.set_password(OLD)
    okafor.save()
    return okafor


@pytest.fixture
def browser(okafor: Person) -> Client:
    browser = Client()
    browser.post("/account/login/", {"login": okafor.username, "password": OLD})
    return browser


def told(person: Person) -> list[str]:
    return [
        told.fields["change"] for told in history_of(person.handle) if told.kind == "admin.changed"
    ]


def test_a_changed_password_is_an_entry_without_the_password(
    okafor: Person, browser: Client
) -> None:
    browser.post("/account/password/change/", CHANGE)

    okafor.refresh_from_db()
    assert okafor.check_password(NEW)
    assert told(okafor) == ["the password was changed"]
    assert not any(NEW in str(each.fields) for each in history_of(okafor.handle))


def test_a_password_whose_change_cannot_be_recorded_stays(
    okafor: Person, browser: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fails(*_: object, **__: object) -> None:
        raise LogBehind("The log is behind.")

    monkeypatch.setattr(actions, "record", fails)

    answer = browser.post("/account/password/change/", CHANGE)

    okafor.refresh_from_db()
    assert answer.status_code >= 500
    assert okafor.check_password(OLD)


def test_a_second_factor_is_an_entry_when_it_comes_and_when_it_goes(
    okafor: Person, browser: Client
) -> None:
    browser.post("/account/reauthenticate/", {"password": OLD})
    page = browser.get("/account/second-factor/totp/activate/")

    secret = page.context["form"].secret
    counter = next(iter(yield_hotp_counters_from_time()))
    code = format_hotp_value(hotp_value(secret, counter))

    browser.post("/account/second-factor/totp/activate/", {"code": code})
    assert Authenticator.objects.filter(user=okafor).exists()
    browser.post("/account/second-factor/totp/deactivate/")

    said = " ".join(told(okafor))
    assert re.search("an authenticator app may be used .*an authenticator app may no longer", said)
    assert not Authenticator.objects.filter(user=okafor, type=Authenticator.Type.TOTP).exists()
