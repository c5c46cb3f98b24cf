"""Who filmed it, and who works on its case, is told before it goes (HOLD-04)."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from tests.world import force
from tests.world.keeping import DAY, DUE, delivered

from custodes.people.models import Person
from custodes.people.rules import Role, Viewer
from custodes.recordings.actions.annotate import classify
from custodes.recordings.models import Recording
from custodes.retention.actions.hold import Wanted, agree_to_release, place_hold
from custodes.retention.actions.outlook import look_ahead
from custodes.retention.coming import (
    ending_by_themselves,
    going_after_a_hold,
    going_soon,
    how_they_go,
    own_going_soon,
    reasons_of,
)
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


def held(recording: Recording, records: Viewer, until: datetime | None = None) -> Hold:
    scope = Scope(recordings=frozenset({recording.handle}))
    wanted = Wanted(HoldKind.COURT_ORDER, "claim 7", DUE.date(), scope, until=until)
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


def test_what_goes_when_a_hold_ends_by_itself_is_told_two_weeks_ahead(
    okafor: Person, recording: Recording, records: Viewer
) -> None:
    ends = DUE + 100 * DAY
    hold = held(recording, records, ends)
    wearer, other = okafor.as_viewer("web"), force.person("Other", Role.RECORDS).as_viewer("web")
    early, soon = ends - 14 * DAY, ends - 14 * DAY + timedelta(minutes=1)

    for at, listed in ((early, []), (soon, [recording]), (ends + timedelta(hours=1), [recording])):
        assert list(going_soon(wearer, at, TWO_WEEKS)) == listed
        assert list(going_after_a_hold(other, at, TWO_WEEKS)) == listed
    assert not going_after_a_hold(wearer, soon, TWO_WEEKS).exists()
    assert own_going_soon(wearer, ends - DAY, TWO_WEEKS).count == 0
    leaving = how_they_go([recording], soon, TWO_WEEKS)[recording.pk]
    assert leaving.at == ends
    assert leaving.reasons[0].startswith("a hold keeps it and ends by itself on 25 March 2027")
    assert "claim 7" not in " ".join(leaving.reasons)
    told = [ending_by_themselves(viewer, soon, TWO_WEEKS) for viewer in (records, other)]
    assert told == [[hold], []]
    assert ending_by_themselves(records, early, TWO_WEEKS) == []
    assert ending_by_themselves(records, ends, TWO_WEEKS) == []


def test_what_something_else_keeps_or_a_person_looks_at_does_not_go_with_its_hold(
    okafor: Person, recording: Recording, records: Viewer
) -> None:
    ends = DUE - 20 * DAY
    held(recording, records, ends)
    wearer, soon = okafor.as_viewer("web"), ends - DAY
    assert not going_soon(wearer, soon, TWO_WEEKS).exists(), "the schedule keeps it longer"

    held(recording, records, DUE + DAY)
    assert list(going_soon(wearer, DUE, TWO_WEEKS)) == [recording]
    held(recording, records)
    assert not going_soon(wearer, DUE, TWO_WEEKS).exists(), "a hold without an end keeps it"

    Hold.objects.filter(until=None).update(until=DUE + DAY)
    classify(records, recording, "arrest", at=force.NOON + DAY)
    look_ahead([recording.pk], at=force.NOON + DAY)
    assert not going_soon(wearer, DUE, TWO_WEEKS).exists(), "a person looks at it first"
