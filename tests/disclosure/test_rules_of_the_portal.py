"""How codes end, and what counts as watched."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custodes.disclosure.rules.codes import TRIES, Code, Way, in_figures, lasts_until
from custodes.disclosure.rules.outstanding import Facts
from custodes.disclosure.rules.standing import Standing
from custodes.disclosure.rules.watching import (
    in_words,
    merged,
    seconds_in,
    stretches_in,
)

NOON = datetime(2026, 11, 14, 12, 0, tzinfo=UTC)
STRETCHES = st.lists(
    st.tuples(st.integers(0, 100), st.integers(1, 100)).map(lambda t: (t[0], t[0] + t[1]))
)


def test_a_code_opens_until_its_time_its_tries_or_its_use_are_over() -> None:
    fresh = Code(Way.MAIL, NOON + timedelta(minutes=10), 0, over=False)

    assert fresh.opens(NOON)
    assert not fresh.opens(NOON + timedelta(minutes=10))
    assert not Code(Way.MAIL, fresh.until, TRIES, over=False).opens(NOON)
    assert not Code(Way.HAND, fresh.until, 0, over=True).opens(NOON)
    assert (fresh.is_used_up, Code(Way.HAND, NOON, 0, over=False).is_used_up) == (True, False)


@pytest.mark.parametrize(("minutes", "by_mail"), [(3, 3), (60, 10)])
def test_no_code_outlives_the_share(minutes: int, by_mail: int) -> None:
    ends = NOON + timedelta(minutes=minutes)

    assert lasts_until(Way.MAIL, NOON, ends) == NOON + timedelta(minutes=by_mail)
    assert lasts_until(Way.HAND, NOON, ends) == ends


def test_a_code_is_read_with_whatever_gaps_it_is_typed() -> None:
    assert in_figures(" 1234 56-78\n") == "12345678"


@given(STRETCHES)
def test_what_was_watched_twice_counts_once(stretches: list[tuple[int, int]]) -> None:
    seconds = {second for start, end in stretches for second in range(start, end)}

    assert seconds_in(stretches) == len(seconds)
    assert merged(merged(stretches)) == merged(stretches)
    assert seconds_in([*stretches, *stretches]) == len(seconds)


@settings(max_examples=40)
@given(
    st.recursive(
        st.none() | st.booleans() | st.floats() | st.integers() | st.text(max_size=3),
        lambda each: st.lists(each, max_size=4) | st.dictionaries(st.text(max_size=2), each),
    )
)
def test_whatever_a_browser_sends_no_more_is_seen_than_there_is(said: object) -> None:
    found = stretches_in(said, 60.0)

    assert all(0 <= start < end <= 60 for start, end in found)
    assert seconds_in(found) <= 60


def test_stretches_are_told_in_minutes_and_seconds() -> None:
    assert in_words([(61.5, 70), (0, 2.25)]) == "0:00.0 to 0:02.2, 1:01.5 to 1:10.0"


def test_what_is_outstanding_is_said_until_it_is_done() -> None:
    given = Facts(Standing.OPEN, NOON, None, None, 0)
    later = NOON + timedelta(days=4)

    assert given.outstanding(NOON) == ("not opened yet",)
    assert given.outstanding(later) == ("not opened for 4 days",)
    assert (given.is_late(NOON), given.is_late(later)) == (False, True)
    opened = replace(given, opened_at=NOON)
    assert opened.outstanding(later) == ("not acknowledged",)
    assert not opened.is_late(later)
    assert replace(opened, acknowledged_at=NOON).outstanding(later) == ()
    asked = replace(opened, acknowledged_at=NOON, wishes=1)
    assert asked.outstanding(later) == ("asked about, and not answered",)
    assert replace(given, standing=Standing.WAITS).outstanding(later) == ("not released",)
    assert replace(given, standing=Standing.OVER).outstanding(later) == (
        "over, and was never opened",
    )
    assert replace(asked, standing=Standing.CALLED_BACK).outstanding(later) == ()
