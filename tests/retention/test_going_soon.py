"""Who filmed it, and who works on its case, is told before it goes (HOLD-04)."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.world import force
from tests.world.keeping import DAY, DUE, delivered

from custodes.people.models import Person
from custodes.people.rules import Role, Viewer
from custodes.recordings.actions.annotate import classify
from custodes.recordings.models import Recording
from custodes.retention.actions.hold import Wanted, agree_to_release, place_hold
from custodes.retention.actions.outlook import look_ahead
from custodes.retention.coming import going_after_a_hold, going_soon, reasons_of
from custodes.retention.models import Hold
from custodes.retention.rules.holds import HoldKind, Scope

pytestmark = pytest.mark.django_db
TWO_WEEKS = timedelta(days=14)


@pytest.fixture
def okafor() -> Person:
    return force.person("Okafor")


@pytest.fixture
def records() -> Viewer:
    return force.person("Records", Role.RECORDS).as_viewer("web")


@pytest.fixture
def recording(okafor: Person) -> Recording:
    force.camera("X100", okafor)
    recording = delivered()
    look_ahead([recording.pk], at=force.NOON + DAY)
    return recording


def held(recording: Recording, records: Viewer) -> Hold:
    scope = Scope(recordings=frozenset({recording.handle}))
    wanted = Wanted(HoldKind.CIVIL, "claim 7", DUE.date(), scope)
    return place_hold(records, wanted, at=force.NOON + DAY)


def test_the_wearer_sees_what_goes_within_two_weeks_with_the_date(
    okafor: Person, recording: Recording
) -> None:
    viewer = okafor.as_viewer("web")
    soon = DUE - 14 * DAY + timedelta(minutes=1)

    assert not going_soon(viewer, DUE - 14 * DAY, TWO_WEEKS).exists()
    assert list(going_soon(viewer, soon, TWO_WEEKS)) == [recording]
    assert reasons_of([recording], soon)[recording.pk].due == DUE
    stranger = force.person("Stranger").as_viewer("web")
    assert not going_soon(stranger, soon, TWO_WEEKS).exists()


def test_what_a_person_looks_at_first_or_a_hold_keeps_is_not_about_to_go(
    okafor: Person, recording: Recording, records: Viewer
) -> None:
    viewer = okafor.as_viewer("web")
    held(recording, records)
    assert not going_soon(viewer, DUE, TWO_WEEKS).exists()

    Hold.objects.all().update(released_at=force.NOON + DAY)
    classify(records, recording, "arrest", at=force.NOON + DAY)
    look_ahead([recording.pk], at=force.NOON + DAY)
    assert not going_soon(viewer, force.NOON + 360 * DAY, TWO_WEEKS).exists()


def test_after_a_hold_the_wearer_and_who_sees_holds_are_told_while_it_stays(
    okafor: Person, recording: Recording, records: Viewer
) -> None:
    hold = held(recording, records)
    released = DUE + 100 * DAY
    agree_to_release(records, hold, "settled", at=released)
    at = released + timedelta(minutes=1)

    assert list(going_soon(okafor.as_viewer("web"), at, TWO_WEEKS)) == [recording]
    assert list(going_after_a_hold(records, at, TWO_WEEKS)) == [recording]
    assert not going_after_a_hold(okafor.as_viewer("web"), at, TWO_WEEKS).exists()
    decision = reasons_of([recording], at)[recording.pk]
    assert decision.due == released + 14 * DAY
    assert decision.reasons[0].startswith("a hold was released; it stays at least until")
