"""Reading the record, and one thing after the other for each recording."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.world import force

from custodes.kernel.clock import now
from custodes.worker import lines
from custodes.worker.models import Cursor, Errand
from custodes.worker.queries import problems
from custodes.worker.reader import read_on
from custodes.worker.rules import WAIT_WHEN_STUCK, WAITS, is_last_try, is_stuck, wait_after

pytestmark = pytest.mark.django_db


def sent(at_offset: timedelta = timedelta(seconds=1)) -> list[str]:
    runs: list[lines.Run] = []
    lines.send_what_is_due(runs.append, now() + at_offset)
    return [run.work_id for run in runs]


def an_original_is_taken_in() -> None:
    """Let a file be sealed, and what follows from its announcement be done."""
    force.original(force.recording(force.camera()))
    read_on()
    assert sent() == ["1:notice"]
    lines.finish(Errand.objects.get(reaction="notice").pk)


def test_an_entry_is_read_once_and_asks_for_its_reactions_in_order() -> None:
    original = force.original(force.recording(force.camera()))

    assert read_on() == 3
    assert read_on() == 0

    asked = list(Errand.objects.values_list("entry", "reaction", "subject"))
    handle = original.recording.handle
    assert asked == [
        (1, "notice", handle),
        (2, "look_at_original", handle),
        (2, "make_viewing_copy", handle),
    ]
    assert Cursor.objects.get().position == 2


def test_only_the_first_of_a_line_is_sent_and_only_once() -> None:
    an_original_is_taken_in()

    assert sent() == ["2:look_at_original"]
    assert sent() == []

    lines.finish(Errand.objects.get(reaction="look_at_original").pk)
    assert sent() == ["2:make_viewing_copy"]


def test_a_failure_waits_longer_each_time_and_keeps_its_place_in_the_line() -> None:
    an_original_is_taken_in()
    for number, wait in enumerate([*WAITS, WAIT_WHEN_STUCK], start=1):
        assert len(sent(timedelta(days=number))) == 1
        errand = Errand.objects.get(reaction="look_at_original")
        at = now()
        lines.put_back(errand.pk, number, at, failure="The disk was full.")
        errand.refresh_from_db()
        assert errand.not_before - at == wait
        assert sent(timedelta(0)) == []

    assert is_stuck(errand.failures)
    (no_worker, stopped) = problems()
    assert "No worker is running" in no_worker
    assert "after 4 tries: The disk was full." in stopped
    lines.try_stuck_again(now())
    assert sent() == ["2:look_at_original:5"]


def test_a_run_that_is_no_longer_the_latest_is_not_heard() -> None:
    an_original_is_taken_in()
    sent()
    errand = Errand.objects.get(reaction="look_at_original")
    lines.put_back(errand.pk, 1, now())
    assert sent() == ["2:look_at_original:2"]

    lines.put_back(errand.pk, 1, now(), failure="late news")

    errand.refresh_from_db()
    assert (errand.state, errand.failures) == ("sent", 0)


def test_what_the_engine_lost_is_taken_up_again() -> None:
    an_original_is_taken_in()
    sent()

    lines.take_up_lost(set, now())
    assert sent() == []
    lines.take_up_lost(lambda _: set(), now())
    assert sent() == ["2:look_at_original:2"]


def test_the_fourth_failure_stops_the_line_and_is_the_last_try_before() -> None:
    assert [is_stuck(n) for n in range(5)] == [False, False, False, False, True]
    assert [is_last_try(n) for n in range(5)] == [False, False, False, True, True]
    assert wait_after(1) < wait_after(2) < wait_after(3) < wait_after(4)
