"""Speed of justice: each step from its two ends, nothing guessed, and no unit one may not see."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from statistics import median_low
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from tests.disclosure.conftest import Matter
from tests.world import force

from custodes.disclosure.models import Item
from custodes.disclosure.rules.speed import (
    Step,
    Way,
    by_month,
    by_unit,
    place,
    spread_of,
    unit_of,
)
from custodes.disclosure.speed import ways_for
from custodes.kernel.clock import now
from custodes.people.models import Person
from custodes.people.rules import Role
from custodes.recordings.models import Copy, Recording

NOON = datetime(2026, 11, 14, 12, 0, tzinfo=UTC)
HOUR = timedelta(hours=1)
WAY = Way("r1", "A", NOON, NOON + HOUR, NOON + 3 * HOUR, NOON + 6 * HOUR, NOON + 10 * HOUR)
AT = st.integers(-10_000, 10_000).map(lambda minutes: NOON + timedelta(minutes=minutes))
MOMENTS = st.none() | AT
WAYS = st.lists(
    st.builds(
        Way,
        recording=st.just("r"),
        unit=st.sampled_from("ABC"),
        filmed=MOMENTS,
        docked=AT,
        cut=AT,
        served=MOMENTS,
        opened=MOMENTS,
    )
)


def test_each_step_is_from_the_end_of_the_one_before() -> None:
    assert [WAY.took(step) for step in Step] == [HOUR, 2 * HOUR, 3 * HOUR, 4 * HOUR]
    assert replace(WAY, filmed=None).took(Step.DOCKED) is None
    assert replace(WAY, served=None).took(Step.OPENED) is None
    assert replace(WAY, filmed=NOON + 2 * HOUR).took(Step.DOCKED) is None  # a clock that is ahead


@given(ways=WAYS, step=st.sampled_from(Step))
def test_a_spread_is_of_what_was_measured_and_its_middle_is_some_clip_s_own(
    ways: list[Way], step: Step
) -> None:
    spread = spread_of(ways, step)
    took = [each for each in (way.took(step) for way in ways) if each is not None]

    assert spread.number == len(took)
    if took:
        assert (spread.quickest, spread.slowest) == (min(took), max(took))
        assert spread.middle == median_low(took)
        assert spread.middle in took


@given(ways=WAYS)
def test_units_and_months_lose_no_clip_and_count_none_twice(ways: list[Way]) -> None:
    units, months = by_unit(ways), by_month(ways, UTC)
    together = unit_of("all", ways)

    for parts in (units, months):
        assert sum(each.clips for each in parts) == together.clips == len(ways)
        assert sum(each.served for each in parts) == together.served
        assert sum(each.opened for each in parts) == together.opened
    assert [each.begins for each in months] == sorted({m.begins for m in months}, reverse=True)


@given(one=st.timedeltas(timedelta(0)), other=st.timedeltas(timedelta(0)))
def test_what_took_longer_never_stands_further_left(one: timedelta, other: timedelta) -> None:
    assert 0 <= place(one, 1000) <= 1000
    assert (place(one, 1000) <= place(other, 1000)) or one > other


def test_a_month_is_the_force_s_own() -> None:
    [month] = by_month([replace(WAY, cut=datetime(2026, 10, 31, 23, 59, tzinfo=UTC))], UTC)
    assert month.begins == date(2026, 10, 1)


def signed_in(person: Person) -> Client:
    client = Client()
    client.force_login(person)
    return client


def words(body: bytes) -> str:
    return re.sub(r"\s+", " ", re.sub(r"<[^>]*>", " ", body.decode()))


@pytest.fixture
def served(matter: Matter) -> Matter:
    """Return a clip cut two hours after docking, served three later, opened a day after that."""
    made = matter.clip.made_at
    received = {"received_at": made - 2 * HOUR, "started_at": made - 3 * HOUR}
    Recording.objects.filter(pk=matter.recording.pk).update(**received, clock_offset_ms=0)
    given = matter.shared()
    given.made_at = made + 3 * HOUR
    given.save()
    Item.objects.update(opened_at=made + 27 * HOUR)
    return matter


@pytest.mark.django_db
def test_a_clip_s_way_is_read_from_the_tables(served: Matter) -> None:
    viewer = served.mirza.as_viewer("test")

    [way] = ways_for(viewer, now() - timedelta(days=1), now() + HOUR)

    assert way.unit == "A"
    took = [way.took(step) for step in Step]
    assert took == [HOUR - timedelta(seconds=1), 2 * HOUR, 3 * HOUR, 24 * HOUR]
    assert ways_for(viewer, now() + HOUR, now() + 2 * HOUR) == []


@pytest.mark.django_db
def test_what_went_to_the_court_alone_was_not_served_on_the_prosecutor(served: Matter) -> None:
    served.case.shares.update(audience="court")

    [way] = ways_for(served.mirza.as_viewer("test"), now() - timedelta(days=1), now() + HOUR)

    assert (way.served, way.opened) == (None, None)


@pytest.mark.django_db
def test_the_page_shows_each_unit_its_own_to_a_supervisor_and_nothing_to_an_officer(
    served: Matter,
) -> None:
    other = force.person("Harding", Role.SUPERVISOR, team="B")
    own = force.person("Fell", Role.SUPERVISOR, team="A")

    page = words(signed_in(served.mirza).get(reverse("speed")).content)
    assert "A 1 clip, 1 served, 1 opened" in page
    assert "middle 2 hours; slowest 2 hours" in page
    assert "middle 24 hours; slowest 24 hours" in page
    assert "A 1 clip" in words(signed_in(own).get(reverse("speed")).content)
    assert "No clip was made" in words(signed_in(other).get(reverse("speed")).content)
    assert signed_in(served.okafor).get(reverse("speed")).status_code == 403
    assert "Speed of justice" in words(signed_in(served.mirza).get(reverse("shares")).content)
    assert "Speed of justice" not in words(signed_in(served.okafor).get(reverse("shares")).content)


@pytest.mark.django_db
def test_what_was_not_measured_is_said_and_other_months_are_empty(served: Matter) -> None:
    Recording.objects.update(clock_offset_ms=None)
    Item.objects.update(opened_at=None)
    mirza = signed_in(served.mirza)

    page = words(mirza.get(reverse("speed")).content)
    assert page.count("nothing measured") == 2
    assert "Of 1 clip it is not known when they were filmed by our clock" in page
    asked: Any = mirza.get(reverse("speed"), {"month": "2020-01"})
    assert "No clip was made in this month." in words(asked.content)
    assert mirza.get(reverse("speed"), {"month": "2020-13"}).status_code == 200
    assert Copy.objects.filter(purpose="clip").count() == 1
