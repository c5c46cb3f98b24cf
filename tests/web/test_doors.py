"""Who gets in, and what holds for every page."""

from __future__ import annotations

from typing import Any

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client, override_settings
from tests.web.conftest import Station, signed_in
from tests.world import force

from custodes.custody.queries import history_of
from custodes.web.urls import urlpatterns

pytestmark = pytest.mark.django_db

FILLED = {"handle": "AAAAAAAAAAAAAAAAAAAAAA", "number": "1"}


def our_routes() -> list[str]:
    addresses = []
    for pattern in urlpatterns:
        address = str(pattern.pattern)
        for kind, name in (("str", "handle"), ("int", "number")):
            address = address.replace(f"<{kind}:{name}>", FILLED[name])
        addresses.append(f"/{address}")
    return addresses


# A health check is no person; and those who check us have no account here.
OPEN = {
    "/health",
    "/check",
    "/check/verify.html",
    "/custody/policy",
    "/custody/checkpoint",
    "/custody/tile/<path:rest>",
}


#: Who was given something by a link has no account; the link and a code let them in.
BY_LINK = "/shared/"


def test_every_page_asks_for_a_sign_in() -> None:
    asked = [a for a in our_routes() if a not in OPEN and not a.startswith(BY_LINK)]
    answers = {a: [Client().get(a), Client().post(a)] for a in asked}

    assert not {
        address
        for address, two in answers.items()
        if any(
            answer.status_code != 302 or not answer["Location"].startswith("/account/login/?next=")
            for answer in two
        )
    }


def test_a_link_that_is_none_opens_nothing() -> None:
    by_link = [a for a in our_routes() if a.startswith(BY_LINK)]
    statuses = {a: (Client().get(a).status_code, Client().post(a).status_code) for a in by_link}

    assert len(by_link) > 5
    assert not {a for a, two in statuses.items() if not set(two) <= {404, 405}}


def test_every_page_refuses_a_form_without_its_token(station: Station) -> None:
    client = Client(enforce_csrf_checks=True)
    client.force_login(station.mirza)

    answers = {address: client.post(address).status_code for address in our_routes()}

    assert not {address for address, status in answers.items() if status not in {403, 405}}


def test_health_answers_without_a_sign_in_or_a_query(django_assert_num_queries: object) -> None:
    with django_assert_num_queries(0):  # type: ignore[operator]
        assert Client().get("/health").status_code == 200


def test_somebody_signs_in_with_name_and_password_and_it_is_recorded(station: Station) -> None:
    client = Client()

    answer = client.post("/account/login/", {"login": "okafor", "password": force.PASSWORD})

    assert answer.status_code == 302
    assert answer["Location"] == "/"
    told = history_of(station.okafor.handle)[-1]
    assert (told.kind, told.fields["address"]) == ("person.signed_in", "127.0.0.1")


def test_a_wrong_password_opens_nothing_and_says_so(station: Station) -> None:
    client = Client()

    answer = client.post("/account/login/", {"login": "okafor", "password": "not this one"})

    assert answer.status_code == 200
    assert b"errorlist" in answer.content
    assert client.get("/").status_code == 302


def test_behind_a_proxy_a_sign_in_is_counted_by_and_recorded_with_what_the_proxy_saw(
    station: Station, settings: Any
) -> None:
    public = {"public_url": "https://evidence.police.example"}
    settings.CUSTODES = settings.CUSTODES.model_copy(update=public)
    cache.clear()

    def signs_in(address: str, password: str) -> str:
        said = {"X-Forwarded-For": f"192.0.2.1, {address}", "X-Forwarded-Proto": "https"}
        form = {"login": "okafor" if password == force.PASSWORD else "eve", "password": password}
        return Client().post("/account/login/", form, headers=said).headers.get("Location", "")

    assert {signs_in("198.51.100.7", "not this one") for _ in range(12)} == {""}
    assert signs_in("198.51.100.7", force.PASSWORD) == ""  # that network has to wait
    assert signs_in("203.0.113.9", force.PASSWORD) == "/"

    told = history_of(station.okafor.handle)[-1]
    assert (told.kind, told.fields["address"]) == ("person.signed_in", "203.0.113.9")
    cache.clear()


def test_nobody_makes_an_account_for_themselves() -> None:
    client = Client()

    page = client.get("/account/signup/")
    client.post(
        "/account/signup/",
        {"username": "eve", "password1": force.PASSWORD, "password2": force.PASSWORD},
    )

    assert b"Accounts are made by your administrator" in page.content
    assert not client.login(username="eve", password=force.PASSWORD)


def test_a_passkey_and_a_password_are_both_offered() -> None:
    page = Client().get("/account/login/").content

    assert b"Sign in with a passkey" in page
    assert b"webauthn.js" in page


def test_where_a_second_factor_is_required_nothing_opens_without_one(station: Station) -> None:
    strict = settings.CUSTODES.model_copy(update={"second_factor_required": True})
    with override_settings(CUSTODES=strict):
        okafor = signed_in(station.okafor)
        for address in ("/", "/recordings", f"/recordings/{station.recording.handle}"):
            answer = okafor.get(address)
            assert (answer.status_code, answer["Location"]) == (302, "/account/second-factor/")
        assert okafor.get("/account/second-factor/").status_code == 200


@pytest.mark.parametrize(
    "address",
    ["/account/password/change/", "/account/second-factor/", "/account/sessions/",
     "/account/second-factor/totp/activate/", "/account/second-factor/webauthn/add/",
     "/account/logout/", "/account/reauthenticate/"],
)  # fmt: skip
def test_the_pages_of_an_account_open(station: Station, address: str) -> None:
    client = Client()
    client.post("/account/login/", {"login": "okafor", "password": force.PASSWORD})
    # What guards an account asks for the password once more.
    client.post("/account/reauthenticate/", {"password": force.PASSWORD})

    assert client.get(address).status_code == 200


def test_signing_out_makes_the_browser_forget(station: Station) -> None:
    okafor = signed_in(station.okafor)

    answer = okafor.post("/account/logout/")

    assert answer["Clear-Site-Data"] == '"cache"'
    assert okafor.get("/").status_code == 302


def test_every_page_says_what_a_browser_may_do_with_it(station: Station) -> None:
    for answer in (Client().get("/account/login/"), signed_in(station.okafor).get("/recordings")):
        assert "default-src 'self'" in answer["Content-Security-Policy"]
        assert "unsafe" not in answer["Content-Security-Policy"]
        assert answer["X-Content-Type-Options"] == "nosniff"
        assert answer["X-Frame-Options"] == "DENY"
        assert answer["Cache-Control"] == "no-store" or "no-store" in answer["Cache-Control"]


def test_navigation_shows_only_what_a_person_may_use(station: Station) -> None:
    officer = signed_in(station.okafor).get("/").content.decode()
    administrator = signed_in(station.byrne).get("/").content.decode()

    assert 'href="/people"' not in officer
    assert 'href="/recordings"' in officer
    assert 'href="/people"' in administrator
    assert 'href="/recordings"' not in administrator


def test_an_address_that_is_nothing_gets_a_designed_page(station: Station) -> None:
    answer = signed_in(station.okafor).get("/nothing/here")

    assert answer.status_code == 404
    assert b"There is no such page." in answer.content
