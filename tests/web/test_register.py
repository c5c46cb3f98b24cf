"""The register in a browser: counted first, entered once, closed with a ground."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from tests.web.conftest import Station, signed_in
from tests.world import force

from custodes.oversight.models import Registered
from custodes.people.rules import Role
from custodes.retention.models import Hold

pytestmark = pytest.mark.django_db

SAR = {
    "kind": "subject-access",
    "reference": "SAR/88/26",
    "received_on": "2026-10-28",
    "who": "J. Ahmed",
    "about": "my stop",
    "regime": "law-enforcement",
    "wearer": "4711",
}


@pytest.fixture
def rights(station: Station) -> Client:
    assert station
    return signed_in(force.person("Rees", Role.INFORMATION_RIGHTS))


def test_it_counts_first_and_enters_and_holds_then(rights: Client) -> None:
    counted = rights.post("/oversight/register/enter", {**SAR, "look": "1"})
    assert b"Today this would hold 1 recording" in counted.content
    assert not Registered.objects.exists()

    page = rights.post("/oversight/register/enter", SAR, follow=True).content.decode()

    assert "1 recording held for it from now on" in page
    assert "Monday 30 November 2026" in page
    assert Hold.objects.get().kind == "sar"
    assert "SAR/88/26" in rights.get("/oversight/register").content.decode()


def test_a_half_filled_form_enters_nothing_and_says_what_is_missing(rights: Client) -> None:
    for missing in ("reference", "received_on", "about", "wearer"):
        answer = rights.post("/oversight/register/enter", {**SAR, missing: ""})
        assert answer.status_code == 400
        assert b"Nothing was entered" in answer.content

    refused = rights.post("/oversight/register/enter", {**SAR, "regime": ""})

    assert b"Say which law the request is under." in refused.content
    assert not Registered.objects.exists()


def test_a_refusal_needs_its_ground_and_the_letter_names_seven_things(rights: Client) -> None:
    rights.post("/oversight/register/enter", SAR)
    url = f"/oversight/register/{Registered.objects.get().handle}"
    letter = rights.get(f"{url}/letter").content.decode()
    without = rights.post(url, {"outcome": "refused", "because": "no"})
    rights.post(url, {"outcome": "refused", "because": "no", "grounds": ["crime"]})

    assert len(re.findall(r"<li><h2>", letter)) == 7
    assert b"five grounds" in without.content
    assert b"It stays open." in without.content
    assert b'name="because"' in without.content  # what was filled in is still there
    assert b"prosecution of crime" in rights.get(url).content


def test_a_form_that_reaches_too_far_is_refused_in_the_form(station: Station) -> None:
    officer = signed_in(station.okafor)
    form = {**SAR, "kind": "use-of-force", "regime": ""}

    for look in ({}, {"look": "1"}):
        refused = officer.post("/oversight/register/enter", {**form, **look})

        assert refused.status_code == 400
        assert b"Give the day of the encounter" in refused.content
        assert b"Today this would hold" not in refused.content
    day = {"since": "2026-10-14", "until": "2026-10-14"}
    counted = officer.post("/oversight/register/enter", {**form, **day, "look": "1"})
    assert b"Today this would hold" in counted.content


def test_who_keeps_no_register_sees_none(station: Station, rights: Client) -> None:
    rights.post("/oversight/register/enter", SAR)
    url = f"/oversight/register/{Registered.objects.get().handle}"
    officer, administrator = signed_in(station.okafor), signed_in(station.byrne)

    assert officer.get(url).status_code == 404
    assert "SAR/88" not in officer.get("/oversight/register").content.decode()
    assert administrator.get("/oversight/register").status_code == 403
    assert b"Complaints and requests" not in administrator.get("/").content


def test_a_complaint_is_given_to_somebody_who_finds_its_footage_and_is_taken_again(
    prepared: Station,
) -> None:
    entered_by = signed_in(force.person("Ekblad", Role.STANDARDS, number="801"))
    vane = signed_in(force.person("Vane", Role.STANDARDS, number="802"))
    complaint = {**SAR, "kind": "complaint", "reference": "C/1", "regime": ""}
    film = f"/recordings/{prepared.recording.handle}"
    entered_by.post("/oversight/register/enter", complaint)
    one = f"/oversight/register/{Registered.objects.get().handle}"
    assert "Nobody yet." in vane.get(one).content.decode()
    assert vane.get(film).status_code == 404

    mine = entered_by.post(f"{one}/handling", {"person": "801"})
    assert mine.status_code == 400
    assert "Nobody gives a complaint to themselves" in mine.content.decode()
    given = entered_by.post(f"{one}/handling", {"person": "802"}, follow=True).content.decode()

    assert "Vane looks into it from now on." in given
    assert film not in given
    assert film in vane.get(one).content.decode()
    assert film in vane.get("/recordings").content.decode()
    assert vane.get(film).status_code == 200
    assert entered_by.get(film).status_code == 404
    taken = entered_by.post(
        f"{one}/handling", {"take": "1", "take-person": "802", "take-because": "on leave"},
        follow=True,
    ).content.decode()  # fmt: skip
    assert "Vane looks into it no more." in taken
    assert vane.get(film).status_code == 404


def test_nobody_else_says_who_looks_into_a_complaint(station: Station, rights: Client) -> None:
    rights.post("/oversight/register/enter", SAR)
    one = f"/oversight/register/{Registered.objects.get().handle}/handling"

    assert rights.get(one).status_code == 403
    assert signed_in(station.okafor).get(one).status_code == 404
