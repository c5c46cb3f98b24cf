"""The panel's page: samples for those who give them out, and for a member what they were given."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client
from tests.web.conftest import Station, signed_in
from tests.world import force

from custodes.kernel.clock import now
from custodes.oversight.actions.sample import document_of
from custodes.oversight.models import Allotment, Sample, Sampled
from custodes.people.models import Person
from custodes.people.rules import Role
from custodes.retention.actions.hold import Wanted, raise_hold
from custodes.retention.rules.holds import HoldKind, Scope

pytestmark = pytest.mark.django_db


@pytest.fixture
def sampled(station: Station) -> Sampled:
    handle, until = station.recording.handle, now() + timedelta(days=120)
    scope = Scope(recordings=frozenset({handle}))
    wanted = Wanted(HoldKind.SCRUTINY, "drawn", until.date(), scope, until=until)
    document = {"not sorted, A": {"stood": [handle], "drawn": [handle]}}
    sample = Sample.objects.create(
        day=now().date(), drawn_at=now(), size=7, seed=b"s" * 32, percent=1, candidates=1,
        document=document,
    )  # fmt: skip
    return Sampled.objects.create(
        sample=sample,
        recording=station.recording,
        stratum="not sorted, A",
        hold=raise_hold(wanted, by=force.CLERK, at=now()),
    )


@pytest.fixture
def hale() -> Person:
    return force.person("M. Hale", Role.PANEL)


@pytest.fixture
def standards() -> Client:
    return signed_in(force.person("Adeyemi", Role.STANDARDS))


def test_what_was_drawn_is_given_to_somebody_who_watches_it_and_says_what_they_saw(
    standards: Client, sampled: Sampled, hale: Person
) -> None:
    page = f"/oversight/scrutiny/{sampled.sample.handle}"
    given = {"recording": sampled.recording.handle, "person": hale.handle, "days": "14"}
    assert page in standards.get("/oversight/scrutiny").content.decode()
    assert (
        b"M. Hale may look at it for 14 days." in standards.post(page, given, follow=True).content
    )
    member = signed_in(hale)

    mine = f"/oversight/scrutiny/given/{Allotment.objects.get().pk}"
    assert mine in member.get("/oversight/scrutiny").content.decode()
    assert member.get(f"/recordings/{sampled.recording.handle}").status_code == 200
    member.post(mine, {"said": "A calm stop."})

    assert b"A calm stop." in standards.get(page).content
    assert b"What you said" in member.get(mine).content


def test_the_list_goes_out_as_the_log_commits_to_it(standards: Client, sampled: Sampled) -> None:
    answer = standards.get(f"/oversight/scrutiny/{sampled.sample.handle}/list")

    assert answer.content == document_of(sampled.sample)
    assert "attachment" in answer["Content-Disposition"]


def test_the_page_of_its_hold_says_until_when_and_offers_no_release(
    standards: Client, sampled: Sampled
) -> None:
    page = standards.get(f"/keeping/holds/{sampled.hold.handle}").content

    assert b"A sample is kept for the panel until" in page
    assert b"Agree that this hold may go" not in page


def test_it_is_nobody_elses_business(station: Station, sampled: Sampled, hale: Person) -> None:
    page = f"/oversight/scrutiny/{sampled.sample.handle}"
    officer, member = signed_in(station.okafor), signed_in(hale)

    assert officer.get("/oversight/scrutiny").status_code == 403
    assert member.get(page).status_code == 403
    assert member.get(f"{page}/list").status_code == 403
    assert member.get(f"/recordings/{sampled.recording.handle}").status_code == 404
    assert b"Nothing was given to you" in member.get("/oversight/scrutiny").content
