"""What a dock says of a recording after it is complete: kept, entered, and never a deletion."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from tests.docks.axis_dock import CONTAINER, Controller, meta
from tests.world import force, keeping

from custodes.custody.queries import Told, history_of
from custodes.kernel.clock import now, rfc3339
from custodes.people.rules import Role
from custodes.recordings.actions.annotate import classify, name_place
from custodes.recordings.models import Category, Recording
from custodes.recordings.rules import State
from custodes.retention.actions.hold import Wanted, place_hold
from custodes.retention.rules.holds import HoldKind, Scope

pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.usefixtures("own_home")]

DAY = timedelta(days=1)


def spoken(began: datetime) -> dict[str, str]:
    """Return the times of a recording of one minute, as a controller writes them."""
    first = began.replace(microsecond=0)
    ended = first + timedelta(minutes=1)
    return {
        "TriggerOnTime": f"{first.timestamp():.0f}",
        "StartTime": f"{first.timestamp():.0f}",
        "StopTime": f"{ended.timestamp():.0f}",
    }


def tell(dock: Controller, **told: str) -> None:
    assert dock.ask("POST", CONTAINER, headers=meta("Container", told)).status == 204


@pytest.fixture
def filmed() -> datetime:
    return now() - timedelta(hours=1)


@pytest.fixture
def dock(filmed: datetime) -> Controller:
    """A dock that has brought a recording of an hour ago, whole."""
    dock = Controller.enrolled().introduce()
    assert dock.announce(**spoken(filmed)).status == 201
    assert dock.put("a.mkv", b"footage").status == 201
    tell(dock, Status="Complete")
    return dock


def told_last() -> Told:
    told = [e for e in history_of(Recording.objects.get().handle) if e.kind == "recording.told"]
    return told[-1]


def test_times_that_would_bring_a_deletion_forward_are_kept_and_not_believed(
    dock: Controller, filmed: datetime
) -> None:
    before = Recording.objects.get()
    sweep_on = now() + 8 * DAY

    tell(dock, **spoken(sweep_on - 35 * DAY))

    recording = Recording.objects.get()
    assert recording.ended_at == before.ended_at
    assert recording.told["StopTime"] == spoken(sweep_on - 35 * DAY)["StopTime"]
    assert f"StopTime {spoken(filmed)['StopTime']}" in told_last().fields["before"]
    assert f"StopTime {recording.told['StopTime']}" in told_last().fields["told"]
    keeping.server_runs_until(sweep_on)
    assert keeping.swept(sweep_on).due == 0
    due = (recording.ended_at or now()) + 31 * DAY
    keeping.server_runs_until(due)
    assert keeping.swept(due).disposed == 1


def test_announcing_it_again_with_other_times_brings_no_deletion_forward_either(
    dock: Controller,
) -> None:
    before = Recording.objects.get()

    assert dock.announce(**spoken(now() - 40 * DAY)).status == 202

    assert Recording.objects.get().ended_at == before.ended_at


def test_an_end_that_is_told_later_keeps_it_longer(dock: Controller, filmed: datetime) -> None:
    before = Recording.objects.get().times
    later = filmed + timedelta(minutes=30)

    tell(dock, StopTime=spoken(later)["StopTime"])

    recording = Recording.objects.get()
    assert (recording.started_at, recording.trigger_on) == (before.started_at, before.trigger_on)
    assert recording.ended_at == later.replace(microsecond=0) + timedelta(minutes=1)
    assert recording.seconds == (recording.ended_at - recording.started_at).total_seconds()
    assert before.ended_at is not None
    assert (
        f"before {rfc3339(before.started_at)} to {rfc3339(before.ended_at)}"
        in (told_last().fields["span"])
    )


def test_every_older_value_of_a_held_recording_is_read_again_from_its_entries(
    dock: Controller, filmed: datetime
) -> None:
    recording = Recording.objects.get()
    unit = force.person("Unit", Role.EVIDENCE_UNIT).as_viewer("web")
    reach = Scope(recordings=frozenset({recording.handle}))
    review = (now() + 90 * DAY).date()
    place_hold(unit, Wanted(HoldKind.COMPLAINT, "CO/1", review, reach), at=now())
    codes = [each.code for each in Category.objects.filter(is_offered=True)[:2]]
    names = [Category.objects.get(code=code).name for code in codes]

    for code, place in zip(codes, ("Brixton Road", "Electric Avenue"), strict=True):
        classify(unit, recording, code, at=now())
        name_place(unit, recording, place, at=now())
    long = "x" * 1500
    tell(dock, **spoken(filmed + DAY), Remark=long)
    tell(dock, **spoken(filmed), Remark="short")

    told = history_of(recording.handle)
    befores = [e.fields["before"] for e in told if e.kind == "recording.classified"]
    places = [e.fields["before"] for e in told if e.kind == "recording.placed"]
    assert befores == ["no category", names[0]]
    assert places == ["nothing was said", "Brixton Road"]
    first, second = [e.fields["before"] for e in told if e.kind == "recording.told"][-2:]
    assert all(f"{key} {value}" in first for key, value in spoken(filmed).items())
    assert all(f"{key} {value}" in second for key, value in spoken(filmed + DAY).items())
    assert f"Remark {long}" in second
    assert "Remark" not in first


def test_of_a_recording_that_was_deleted_nothing_that_is_told_is_kept_again(
    dock: Controller,
) -> None:
    recording = Recording.objects.get()
    due = (recording.ended_at or now()) + 31 * DAY
    keeping.server_runs_until(due)
    assert keeping.swept(due).disposed == 1
    entries = len(history_of(recording.handle))

    tell(dock, TriggerOnLocation="+51.4613-000.1156+5.0+1715688000")
    assert dock.announce().status == 202

    recording.refresh_from_db()
    assert (recording.state, recording.told) == (State.DISPOSED, {})
    assert len(history_of(recording.handle)) == entries
