"""What the record may forget, and who may make it: if in doubt, nothing is forgotten."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custodes.custody.events import KINDS
from custodes.custody.rules import (
    A_PLAN_STANDS,
    ENDING_KIND,
    LOG_PURPOSES,
    PASSING_KINDS,
    Actor,
    LogPurpose,
    PlannedErasure,
    kept_until,
    may_be_forgotten,
    why_not_erase,
    years_before,
)

NOON = datetime(2026, 11, 14, 12, 0, tzinfo=UTC)
ASKED = Actor("a" * 22, "Records")
PLAN = PlannedErasure("s" * 22, ASKED, "old", NOON, 10, 3)
TIMES = st.integers(0, 40_000 * 24).map(lambda hours: NOON + timedelta(hours=hours))


def test_there_are_four_purposes_and_each_can_be_read() -> None:
    assert set(LOG_PURPOSES) == set(LogPurpose)
    assert len(LOG_PURPOSES) == 4


@pytest.mark.parametrize("kind", sorted(set(KINDS) - PASSING_KINDS))
def test_what_is_about_something_that_lives_is_never_forgotten(kind: str) -> None:
    assert not may_be_forgotten(kind, NOON, None, 1, NOON + timedelta(days=36500))


@pytest.mark.parametrize("kind", sorted(PASSING_KINDS))
def test_a_passing_act_is_forgotten_when_its_years_are_over_and_no_sooner(kind: str) -> None:
    over = NOON.replace(year=2033)

    assert may_be_forgotten(kind, NOON, None, 7, over)
    assert not may_be_forgotten(kind, NOON, None, 7, over - timedelta(milliseconds=1))


def test_the_years_of_a_recording_begin_when_it_is_deleted() -> None:
    deleted = NOON.replace(year=2030)

    assert not may_be_forgotten("recording.viewed", NOON, deleted, 7, NOON.replace(year=2036))
    assert may_be_forgotten("recording.viewed", NOON, deleted, 7, NOON.replace(year=2037))


def test_what_is_written_after_the_deletion_has_years_of_its_own() -> None:
    later = NOON.replace(year=2029)

    assert not may_be_forgotten("record.taken", later, NOON, 7, NOON.replace(year=2035))


@given(TIMES, TIMES, st.integers(1, 20))
def test_counting_back_never_reaches_what_counting_on_keeps(
    happened: datetime, at: datetime, years: int
) -> None:
    if happened < years_before(at, years):
        assert kept_until(happened, years) <= at


def test_whoever_asks_for_an_erasure_does_not_agree_to_it() -> None:
    assert "cannot also agree" in why_not_erase(PLAN, ASKED, NOON)
    assert "cannot also agree" in why_not_erase(PLAN, Actor("", "root at the server"), NOON)
    assert why_not_erase(PLAN, Actor("b" * 22, "Auditor"), NOON) == ""


def test_an_erasure_nobody_agreed_to_lapses() -> None:
    other = Actor("b" * 22, "Auditor")

    assert why_not_erase(PLAN, other, NOON + A_PLAN_STANDS) == ""
    assert "30 days" in why_not_erase(PLAN, other, NOON + A_PLAN_STANDS + timedelta(seconds=1))


def test_a_recordings_life_ends_with_an_entry_that_says_so() -> None:
    assert ENDING_KIND == "recording.deleted"
