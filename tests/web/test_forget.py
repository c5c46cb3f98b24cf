"""The page on which old details are erased: one asks, another agrees."""

from __future__ import annotations

import pytest
from tests.web.conftest import Station, signed_in
from tests.world import force

from custodes.custody.models import Entry
from custodes.people.actions import note_sign_in
from custodes.people.rules import Role

pytestmark = pytest.mark.django_db

AGES_AGO = force.NOON.replace(year=2001)


@pytest.fixture
def old(station: Station) -> Entry:
    """Return an entry of a sign-in, written so long ago that its details may go."""
    note_sign_in(station.okafor, address="10.0.0.7", by=force.CLERK, at=force.NOON)
    Entry.objects.update(at=AGES_AGO)
    return Entry.objects.get(kind="person.signed_in")


def test_one_person_asks_and_another_erases(old: Entry, station: Station) -> None:
    records = signed_in(force.person("Records", Role.RECORDS))
    auditor = signed_in(station.lindqvist)

    assert b"1 entry has details that are old enough" in records.get("/oversight/forget").content
    asked = records.post("/oversight/forget/ask", {"because": "seven years"}, follow=True)
    assert b"Whoever asks for an erasure cannot also agree" in asked.content
    offered = auditor.get("/oversight/forget").content
    assert b"Records asked on" in offered
    assert b"Reason: seven years" in offered
    done = auditor.post("/oversight/forget/agree", {"because": "checked"}, follow=True)

    assert b"The details of 1 entry are erased." in done.content
    old.refresh_from_db()
    assert bytes(old.body) == b""


def test_agreeing_with_oneself_is_refused_and_erases_nothing(old: Entry, station: Station) -> None:
    auditor = signed_in(station.lindqvist)
    auditor.post("/oversight/forget/ask", {"because": "seven years"})

    answer = auditor.post("/oversight/forget/agree", {"because": "me again"})

    assert answer.status_code == 400
    assert b"Nothing was erased." in answer.content
    old.refresh_from_db()
    assert bytes(old.body) != b""


def test_nobody_else_sees_the_page(old: Entry, station: Station) -> None:
    assert signed_in(station.mirza).get("/oversight/forget").status_code == 403
    assert signed_in(station.okafor).post("/oversight/forget/ask").status_code == 403
