"""How codes end, and what counts as watched."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custodes.disclosure.rules.codes import (
    FROM_ONE,
    FROM_ONE_A_DAY,
    MOST_NETWORKS,
    Code,
    Way,
    in_figures,
    lasts_until,
    network_of,
    shut_until,
    with_one_more,
)
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
    for way, tries in ((Way.MAIL, 25), (Way.HAND, 100)):
        assert Code(way, fresh.until, tries - 1, over=False).opens(NOON)
        assert not Code(way, fresh.until, tries, over=False).opens(NOON)
    assert not Code(Way.HAND, fresh.until, 0, over=True).opens(NOON)
    assert (fresh.is_used_up, Code(Way.HAND, NOON, 0, over=False).is_used_up) == (True, False)


@pytest.mark.parametrize(("minutes", "by_mail"), [(3, 3), (60, 10)])
def test_no_code_outlives_the_share(minutes: int, by_mail: int) -> None:
    ends = NOON + timedelta(minutes=minutes)

    assert lasts_until(Way.MAIL, NOON, ends) == NOON + timedelta(minutes=by_mail)
    assert lasts_until(Way.HAND, NOON, ends) == ends


def test_a_code_is_read_with_whatever_gaps_it_is_typed() -> None:
    assert in_figures(" 1234 56-78\n") == "12345678"


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("198.51.100.7", "198.51.100.7"),
        ("::ffff:198.51.100.7", "198.51.100.7"),
        ("2001:db8:0:1:ffff::7", "2001:db8:0:1::/64"),
        ("2001:db8:0:1::8", "2001:db8:0:1::/64"),
        ("an address not known", "an address not known"),
    ],
)
def test_a_network_is_an_address_or_the_64_bits_of_a_site(address: str, network: str) -> None:
    assert network_of(address) == network


@given(st.lists(st.integers(1, 7200), max_size=60))
def test_however_they_are_spread_one_network_has_five_tries_an_hour_and_fifteen_a_day(
    gaps: list[int],
) -> None:
    tried: dict[str, list[datetime]] = {}
    done: list[datetime] = []
    at = NOON
    for gap in gaps:
        at += timedelta(seconds=gap)
        if shut_until(tried.get("here", []), at) is None:
            done.append(at)
            tried = with_one_more(tried, "here", at)
    for nth, time in enumerate(done):
        assert len([t for t in done[nth:] if t - time < timedelta(hours=1)]) <= FROM_ONE
        assert len([t for t in done[nth:] if t - time < timedelta(days=1)]) <= FROM_ONE_A_DAY


def test_a_network_that_was_wrong_five_times_within_an_hour_is_shut_for_one() -> None:
    times = [NOON + timedelta(minutes=14 * nth) for nth in range(FROM_ONE)]

    assert shut_until(times[:-1], times[-1]) is None
    assert shut_until(times, times[-1]) == times[-1] + timedelta(hours=1)
    assert shut_until(times, times[-1] + timedelta(hours=1)) is None
    assert shut_until([NOON - timedelta(minutes=4), *times[1:]], times[-1]) is None


def test_no_more_networks_are_remembered_than_called_last_and_none_for_longer_than_a_day() -> None:
    calls: dict[str, list[datetime]] = {"old": [NOON - timedelta(days=1)]}
    for nth in range(MOST_NETWORKS + 5):
        calls = with_one_more(calls, str(nth), NOON + timedelta(seconds=nth))

    assert list(calls) == [str(nth) for nth in range(5, MOST_NETWORKS + 5)]
    later = with_one_more(calls, "late", NOON + timedelta(days=2))
    assert list(later) == ["late"]


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
