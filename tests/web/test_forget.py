"""The page on which old details are erased: one asks, another agrees."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.web.conftest import Station, signed_in
from tests.web.test_keeping import filmed_by, swept, words
from tests.world import force

from custodes.custody.models import Entry
from custodes.kernel.clock import now
from custodes.people.actions import note_sign_in
from custodes.people.rules import Role
from custodes.recordings.actions.annotate import name_place
from custodes.retention.actions.erase_details import agree_to_erasure, ask_for_erasure

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("vault_of_its_own")]

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


def test_a_deleted_recordings_page_says_that_its_record_was_erased_too(station: Station) -> None:
    old = filmed_by(station.okafor, days_ago=40)
    name_place(station.okafor.as_viewer("web"), old, "Heron Quay", at=now())
    assert swept().disposed == 1
    mirza = signed_in(station.mirza)
    before = words(mirza.get(f"/recordings/{old.handle}").content)
    assert "Heron Quay" in before
    assert "Two people had erased" not in before

    later = now() + timedelta(days=8 * 366)
    records = force.person("Records", Role.RECORDS).as_viewer("web")
    ask_for_erasure(records, "old", at=later)
    agree_to_erasure(station.lindqvist.as_viewer("web"), "checked", at=later)

    page = words(mirza.get(f"/recordings/{old.handle}").content)
    assert f"Two people had erased on {later.day} {later:%B} {later.year} who wore" in page
    assert "Heron Quay" not in page
    assert "Okafor" not in page
    assert mirza.get("/recordings?state=deleted").status_code == 200
    assert signed_in(station.okafor).get(f"/recordings/{old.handle}").status_code == 404
