"""Security keys, passkeys, apps and recovery codes in a real browser with a made-up key in it."""

from __future__ import annotations

import re
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import (
    format_hotp_value,
    hotp_value,
    yield_hotp_counters_from_time,
)
from playwright.sync_api import Page, expect
from tests.web.test_in_a_browser import AXE, found_by_axe, sign_in
from tests.world import force
from tests.world.browser import open_browser

from custodes.people.models import Person

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]


@pytest.fixture
def address(live_server: Any, monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright runs a loop beside us
    # Web Authentication level 2, section 5.1.2: a relying party has a name, not an IP address.
    return str(live_server.url).replace("127.0.0.1", "localhost")


@pytest.fixture
def okafor(transactional_db: None) -> Person:
    return force.person("Okafor", team="A", number="4711")


def put_a_key_in(page: Page) -> None:
    """Give the browser a made-up device that says yes to everything (WebAuthn, section 11)."""
    devtools = page.context.new_cdp_session(page)
    devtools.send("WebAuthn.enable")
    options = {
        "protocol": "ctap2", "transport": "internal", "hasResidentKey": True,
        "hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True,
    }  # fmt: skip
    devtools.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def register(page: Page, address: str, *, alone: bool) -> None:
    page.goto(f"{address}/account/second-factor/")
    page.get_by_role("link", name="Register a key or this device").click()
    if page.get_by_role("heading", name="Show that it is you").is_visible():
        page.get_by_label("Password").fill(force.PASSWORD)
        page.get_by_role("button", name="Go on").click()
    page.get_by_label("What you call it").fill("my key ring")
    page.get_by_label("Let me sign in with it alone").set_checked(alone)
    page.get_by_role("button", name="Register it").press("Enter")
    expect(page.get_by_role("status").filter(has_text="The key is registered")).to_be_focused()


def sign_out(page: Page) -> None:
    page.locator(".c-menu summary").click()
    page.get_by_role("button", name="Sign out").click()
    page.wait_for_url("**/account/login/**")


def test_a_passkey_signs_in_without_a_password_and_is_on_record(
    address: str, okafor: Person
) -> None:
    with open_browser() as page:
        put_a_key_in(page)
        sign_in(page, address, "okafor", force.PASSWORD)
        register(page, address, alone=True)
        page.goto(f"{address}/account/second-factor/webauthn/")
        expect(page.get_by_role("row").filter(has_text="my key ring")).to_contain_text("Passkey")
        sign_out(page)

        page.get_by_role("button", name="Sign in with a passkey").press("Enter")

        page.wait_for_url(f"{address}/")
        assert page.locator(".c-menu summary").inner_text() == str(okafor)
    assert force.kinds(okafor.handle).count("person.signed_in") == 2


def test_a_security_key_is_asked_for_after_the_password(address: str, okafor: Person) -> None:
    with open_browser() as page:
        put_a_key_in(page)
        sign_in(page, address, "okafor", force.PASSWORD)
        register(page, address, alone=False)
        sign_out(page)
        page.get_by_label("User name").fill("okafor")
        page.get_by_label("Password").fill(force.PASSWORD)
        page.keyboard.press("Enter")

        expect(page.get_by_role("heading", name="Your second factor")).to_be_visible()
        page.goto(f"{address}/recordings")
        expect(page.get_by_role("heading", name="Your second factor")).to_be_visible()
        page.get_by_role("button", name="Use a security key or passkey").press("Enter")

        page.wait_for_url(f"{address}/")


def test_a_key_that_is_not_there_is_said_and_changes_nothing(address: str, okafor: Person) -> None:
    with open_browser() as page:
        page.goto(f"{address}/account/login/")
        put_a_key_in(page)

        page.get_by_role("button", name="Sign in with a passkey").press("Enter")

        said = page.get_by_role("alert").filter(has_text="No key was read, or you stopped it.")
        expect(said).to_be_focused()
    assert "person.signed_in" not in force.kinds(okafor.handle)


def test_an_app_is_set_up_a_wrong_code_is_said_and_the_pages_are_ours(
    address: str, okafor: Person
) -> None:
    wrong: list[str] = []
    with open_browser(width=390) as page:
        sign_in(page, address, "okafor", force.PASSWORD)
        page.goto(f"{address}/account/second-factor/totp/activate/")
        page.get_by_label("Password").fill(force.PASSWORD)
        page.get_by_role("button", name="Go on").click()
        wrong += looked_at(page, "set up an app")
        page.get_by_label("The code that the app shows now").fill("000000")
        page.keyboard.press("Enter")
        expect(page.locator(".govuk-error-summary")).to_contain_text("This code is not right")

        page.get_by_label("The code that the app shows now").fill(code_for(page))
        page.keyboard.press("Enter")
        page.get_by_text("The app is set up.").wait_for()
        wrong += looked_at(page, "the codes")
        codes = page.locator(".c-codes code").all_inner_texts()
        page.goto(f"{address}/account/second-factor/")
        wrong += looked_at(page, "second factor")
        page.context.clear_cookies()
        page.goto(f"{address}/account/login/")
        page.get_by_label("User name").fill("okafor")
        page.get_by_label("Password").fill(force.PASSWORD)
        page.keyboard.press("Enter")
        page.get_by_label("The code from your app").fill("111111")
        page.keyboard.press("Enter")
        expect(page.locator(".govuk-error-summary")).to_contain_text("You are not signed in yet")
        wrong += looked_at(page, "asked for the code")
        page.get_by_label("The code from your app").fill(codes[0])
        page.keyboard.press("Enter")
        page.wait_for_url(f"{address}/")
        for place in ("totp/deactivate/", "webauthn/", "recovery-codes/generate/"):
            page.goto(f"{address}/account/second-factor/{place}")
            wrong += looked_at(page, place)
    assert wrong == []


def code_for(page: Page) -> str:
    """Return what an authenticator app shows for the secret on the page."""
    secret = page.locator(".c-secret").inner_text()
    return format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time())))


def looked_at(page: Page, called: str) -> list[str]:
    """Return what axe finds, and any word that is not ours."""
    strange = re.findall(
        "authenticator code|Two-Factor|reauthenticate|Deactivate", page.locator("main").inner_text()
    )
    found = [f"{called}: says {word}" for word in strange]
    return found + (found_by_axe(page, called, 390) if AXE.exists() else [])
