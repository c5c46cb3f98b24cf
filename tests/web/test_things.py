"""The page of what was seized: who sees it, what it says, and how a thing goes back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from django.utils.timezone import localdate
from tests.web.conftest import signed_in
from tests.web.test_in_a_browser import AXE, on_both_screens, sign_in
from tests.world import force
from tests.world.browser import open_browser

from custodes.kernel.clock import now
from custodes.people.models import Person
from custodes.people.rules import Role
from custodes.recordings.actions.things import say_origin
from custodes.recordings.models import Recording, Thing
from custodes.recordings.origins import Origin, Source

pytestmark = pytest.mark.django_db
DISK = Source(Origin.SEIZED, "hard disk of the shop's recorder", "Mrs Oyelaran, Brixton Road")
PHONE = Source(Origin.VOLUNTEERED, "clip from a phone", "Mr Haddad")


def filmed(key: str) -> Recording:
    recording = force.recording(force.camera(f"DVR-{key}"), key)
    force.original(recording, key.encode())
    return recording


def taken_in(recording: Recording, source: Source = DISK) -> Thing:
    say_origin(recording, source, by_hand=True, by=force.CLERK, at=now())
    return Thing.objects.get(what=source.what)


def words(answer: Any) -> str:
    return " ".join(answer.content.decode().replace("&#x27;", "'").split())


@pytest.fixture
def disk() -> Thing:
    taken_in(filmed("a"))
    return taken_in(filmed("b"))


@pytest.fixture
def mirza() -> Person:
    return force.person("Mirza", Role.EVIDENCE_UNIT)


def test_what_was_seized_is_counted_on_today_and_listed(disk: Thing, mirza: Person) -> None:
    client = signed_in(mirza)

    assert "1 seized thing waits to be returned; copied on" in words(client.get("/"))
    assert "Give back, or say why not" in words(client.get("/"))
    listed = words(client.get("/things"))
    assert f'href="/things/{disk.handle}">hard disk of the shop\'s recorder</a>' in listed
    assert "2 recordings" in listed
    assert "To be returned" in listed


def test_a_thing_that_went_back_leaves_the_list_and_says_where_it_went(
    disk: Thing, mirza: Person
) -> None:
    client, place = signed_in(mirza), f"/things/{disk.handle}"
    refused = client.post(place, {"on": str(localdate() + timedelta(1)), "to": "Mrs Oyelaran"})
    assert refused.status_code == 200
    assert "has not come yet. Nothing was changed." in words(refused)

    done = client.post(place, {"on": str(localdate()), "to": "Mrs Oyelaran"}, follow=True)

    assert "Nothing waits to be returned" in words(done)
    assert "seized thing" not in words(client.get("/"))
    assert "to Mrs Oyelaran; entered by Mirza" in words(client.get(place))
    assert "Went back" in words(client.get("/things?all"))
    assert "It went back</h2>" not in words(client.get(place))


def test_a_thing_that_must_be_kept_says_why_and_asks_again(disk: Thing, mirza: Person) -> None:
    client, place = signed_in(mirza), f"/things/{disk.handle}"
    day = localdate() + timedelta(30)
    said = {"keep": "1", "keep-because": "The maker must look at it.", "keep-look_on": str(day)}

    refused = client.post(place, said | {"keep-because": "no"})
    assert "Say it in at least 10 characters" in words(refused)
    client.post(place, said)

    assert "Mirza said on" in words(client.get(place))
    assert "The maker must look at it." in words(client.get(place))
    assert "Kept" in words(client.get("/things"))
    assert "seized thing" not in words(client.get("/"))


def test_a_recording_s_page_says_whose_it_was_and_of_what_it_is_a_copy(
    disk: Thing, mirza: Person
) -> None:
    ours, given = filmed("c"), filmed("d")
    taken_in(given, PHONE)
    client = signed_in(mirza)

    seized = words(client.get(f"/recordings/{Recording.objects.get(source_key='a').handle}"))
    assert "<dd>Seized</dd>" in seized
    assert f'href="/things/{disk.handle}"' in seized
    assert "Mrs Oyelaran" in seized
    volunteered = words(client.get(f"/recordings/{given.handle}"))
    assert "<dd>Volunteered</dd>" in volunteered
    assert "<dd>clip from a phone</dd>" in volunteered
    assert "<dd>Police-generated</dd>" in words(client.get(f"/recordings/{ours.handle}"))


def test_an_auditor_reads_it_and_has_no_form(disk: Thing) -> None:
    client = signed_in(force.person("Lind", Role.AUDITOR))

    page = words(client.get(f"/things/{disk.handle}"))
    assert "Mrs Oyelaran" in page
    assert "<textarea" not in page
    today = words(client.get("/"))
    assert "See what it is" in today
    assert "Give back" not in today
    posted = {"on": str(localdate()), "to": "Mrs Oyelaran"}
    assert client.post(f"/things/{disk.handle}", posted).status_code == 403
    disk.refresh_from_db()
    assert disk.returned_on is None


def test_an_officer_does_not_learn_what_was_seized(disk: Thing) -> None:
    client = signed_in(force.person("Okafor"))

    assert client.get("/things").status_code == 403
    assert client.get(f"/things/{disk.handle}").status_code == 403
    assert "seized" not in words(client.get("/"))


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_a_thing_is_kept_and_given_back_by_keyboard(
    disk: Thing, mirza: Person, live_server: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not AXE.exists():
        pytest.skip("axe-core is not installed; frontend/README.md says how")
    monkeypatch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")  # playwright runs a loop beside us
    with open_browser() as page:
        sign_in(page, live_server.url, mirza.username, force.PASSWORD)
        page.goto(f"{live_server.url}/things")
        wrong = on_both_screens(page, "things")
        page.get_by_role("link", name=DISK.what).focus()
        page.keyboard.press("Enter")
        page.get_by_label("Why is the thing itself needed").focus()
        page.keyboard.type("The maker must look at it.")
        page.get_by_label("When does somebody look again?").fill(str(localdate() + timedelta(30)))
        page.get_by_role("button", name="Keep it until that day").focus()
        page.keyboard.press("Enter")
        page.wait_for_selector("text=It is looked at again on")
        wrong += on_both_screens(page, "thing")
        page.get_by_label("On which day was it returned?").fill(str(localdate()))
        page.get_by_label("To whom?").focus()
        page.keyboard.type("Mrs Oyelaran")
        page.keyboard.press("Enter")
        page.wait_for_selector("text=Nothing waits to be returned")
        wrong += on_both_screens(page, "things-none")
        page.goto(f"{live_server.url}/recordings/{Recording.objects.get(source_key='a').handle}")
        wrong += on_both_screens(page, "recording-seized")
    assert wrong == []
