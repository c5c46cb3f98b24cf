"""Nothing of this door opens without a good token, and none does more than it may."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from tests.api.conftest import Matter, Program, program_of
from tests.world import force

from custodes.api.urls import api
from custodes.cases.models import Case
from custodes.kernel.clock import now
from custodes.people.actions import revoke_token
from custodes.people.models import Token

pytestmark = pytest.mark.django_db
HERE = "x" * 22


def operations() -> list[tuple[str, str]]:
    """Return every method and address of this door, from its own document."""
    document = api.get_openapi_schema(path_prefix="/api/")
    return [(method, path) for path, found in document["paths"].items() for method in found]


WRITE = {
    ("post", "/api/cases"),
    ("post", "/api/cases/{case}/exhibits"),
    ("post", "/api/cases/{case}/material"),
    ("post", "/api/cases/{case}/packages"),
    ("post", "/api/cases/{case}/packages/{package}/release"),
    ("post", "/api/cases/{case}/shares"),
    ("post", "/api/recordings/{recording}/clips"),
    ("post", "/api/recordings/{recording}/stills"),
    ("post", "/api/shares/{share}/revoke"),
}


def asked(client: Client, method: str, path: str, **headers: str) -> Any:
    for name in ("case", "recording", "clip", "share", "package"):
        path = path.replace(f"{{{name}}}", HERE)
    return client.generic(method.upper(), path, "{}", "application/json", headers=headers)


def test_without_a_token_nothing_opens_not_even_to_a_browser_that_is_signed_in(
    matter: Matter,
) -> None:
    browser = Client()
    browser.force_login(matter.okafor)

    for method, path in operations():
        for client in (Client(), browser):
            answer = asked(client, method, path)

            assert answer.status_code == 401, path
            assert answer["WWW-Authenticate"] == "Bearer"
            assert answer["Content-Type"] == "application/problem+json"
            assert answer.json()["advice"].startswith("Nothing was changed.")
            assert not answer.cookies


def test_a_token_that_only_reads_changes_nothing_at_any_address(matter: Matter) -> None:
    reader = program_of(matter.okafor, reads_only=True)

    refused = set()
    for method, path in operations():
        answer = asked(Client(), method, path, Authorization=f"Bearer {reader.secret}")
        if answer.status_code == 403:
            assert answer.json()["detail"] == "This token reads, and changes nothing."
            refused.add((method, path))

    assert refused == WRITE
    assert Case.objects.count() == 1
    assert force.kinds(matter.okafor.handle).count("access.denied") == len(WRITE)


def test_a_token_is_over_when_it_is_revoked_or_its_day_has_passed(
    matter: Matter, officer: Program
) -> None:
    assert officer.get("/cases")["cases"]
    Token.objects.update(until=now() - timedelta(seconds=1))
    assert "over, or was revoked" in officer.get("/cases", status=401)["detail"]

    other = program_of(matter.okafor)
    revoke_token(matter.officer, other.token, at=now())
    other.get("/cases", status=401)


def test_a_token_of_somebody_who_lost_their_roles_opens_what_they_still_may(
    matter: Matter, officer: Program
) -> None:
    matter.okafor.grants.all().delete()

    refused = officer.get("/cases", status=403)

    assert refused["title"] == "You may not do this"
    assert officer.get(f"/recordings/{matter.recording.handle}", status=404)


def test_wrong_tokens_are_slowed_down_and_a_good_one_still_gets_in(officer: Program) -> None:
    wrong = Program(officer.token, "custodes_wrong")

    said = [wrong.asks("get", "/cases").status_code for _ in range(12)]

    assert said == [401] * 10 + [429] * 2
    assert wrong.asks("get", "/cases")["Retry-After"] == "60"
    assert officer.asks("get", "/cases").status_code == 200
    cache.clear()
    assert wrong.asks("get", "/cases").status_code == 401


def test_behind_a_proxy_wrong_tokens_are_counted_by_what_the_proxy_saw(
    officer: Program, settings: Any
) -> None:
    public = {"public_url": "https://evidence.police.example"}
    settings.CUSTODES = settings.CUSTODES.model_copy(update=public)
    wrong = Program(officer.token, "custodes_wrong")

    def shown(address: str) -> int:
        said = {"X-Forwarded-For": f"192.0.2.1, {address}"}
        return wrong.asks("get", "/cases", headers=said).status_code

    assert [shown("198.51.100.7") for _ in range(11)] == [401] * 10 + [429]
    assert shown("203.0.113.9") == 401


def test_an_address_that_is_none_says_so_in_the_same_form(officer: Program) -> None:
    assert officer.get("/nothing", status=404)["advice"].startswith("Nothing was changed.")


def test_what_is_no_json_or_has_a_nul_in_it_is_refused_and_not_repeated(officer: Program) -> None:
    body = {"urn": "01MP/45/26", "about": "Okafor\x00 did it"}

    refused = officer.asks("post", "/cases", body)
    unread = Client().post(
        "/api/cases",
        "{",
        content_type="application/json",
        headers={"Authorization": f"Bearer {officer.secret}"},
    )

    assert refused.status_code == 422
    assert refused.json()["faults"][0]["where"].endswith("about")
    assert "Okafor" not in refused.content.decode()
    assert (unread.status_code, unread["Content-Type"]) == (400, "application/problem+json")
    assert Case.objects.count() == 1


def test_the_document_is_there_for_everybody() -> None:
    document = Client().get("/api/openapi.json").json()

    assert document["openapi"].startswith("3.1")
    assert set(document["paths"]) == {path for _, path in operations()}
