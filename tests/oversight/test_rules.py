"""By when something has to be answered, and what may be entered and closed, and by whom."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custodes.oversight.calendars import calendars
from custodes.oversight.rules import (
    KIND_NAMES,
    MAY_ENTER,
    OUTCOMES,
    Calendars,
    Entered,
    Ground,
    Kind,
    Outcome,
    Regime,
    due_on,
    faults_of_answer,
    faults_of_entry,
    stays_held_until,
)
from custodes.people.rules import Role

NEVER = Calendars(lambda _day: False, lambda _day: False)
DAYS = st.dates(date(2020, 1, 1), date(2040, 1, 1))


@pytest.mark.parametrize(
    ("came", "due"),
    [
        # The Commissioner's example: it starts on 1 July and is due on 1 August (SAR-01).
        (date(2025, 6, 30), date(2025, 8, 1)),
        # No 31 in the month: the last day there is; 2026-02-28 is a Saturday.
        (date(2025, 1, 30), date(2025, 2, 28)),
        (date(2026, 1, 30), date(2026, 3, 2)),
        (date(2024, 1, 30), date(2024, 2, 29)),
        # A Sunday before a bank holiday: the Tuesday after both.
        (date(2026, 3, 4), date(2026, 4, 7)),
        (date(2026, 11, 24), date(2026, 12, 29)),
    ],
)
def test_a_subject_access_request_is_due_a_month_after_the_day_that_followed(
    came: date, due: date
) -> None:
    assert due_on(Kind.SUBJECT_ACCESS, came, calendars()) == due


@pytest.mark.parametrize(
    ("came", "due"),
    [
        (date(2026, 6, 2), date(2026, 7, 1)),
        # 15 June 2026 was a bank holiday in Scotland, by proclamation (docs/decisions/0030).
        (date(2026, 6, 1), date(2026, 6, 30)),
        (date(2025, 6, 2), date(2025, 6, 30)),
        # 17 March is a holiday in Northern Ireland, 3 and 6 April are Easter: all count (FOI-01).
        (date(2026, 3, 16), date(2026, 4, 16)),
    ],
)
def test_a_request_for_information_is_due_on_the_twentieth_working_day_of_all_four_nations(
    came: date, due: date
) -> None:
    assert due_on(Kind.INFORMATION, came, calendars()) == due


@given(DAYS)
def test_an_answer_is_due_on_a_working_day_that_lies_ahead(came: date) -> None:
    for kind in (Kind.SUBJECT_ACCESS, Kind.INFORMATION):
        due = due_on(kind, came, NEVER)
        assert due is not None
        assert due > came + timedelta(days=20)
        assert due.weekday() < 5


@given(DAYS, st.sets(DAYS, max_size=40))
def test_a_holiday_never_makes_the_time_shorter(came: date, off: set[date]) -> None:
    holidays = Calendars(off.__contains__, off.__contains__)

    for kind in (Kind.SUBJECT_ACCESS, Kind.INFORMATION):
        with_holidays, without = due_on(kind, came, holidays), due_on(kind, came, NEVER)
        assert with_holidays is not None
        assert without is not None
        assert with_holidays >= without


def test_no_law_sets_a_date_for_a_complaint_or_a_form() -> None:
    for kind in (Kind.COMPLAINT, Kind.USE_OF_FORCE):
        assert due_on(kind, date(2026, 1, 1), NEVER) is None


TODAY = date(2026, 11, 26)


def wanted(kind: Kind = Kind.SUBJECT_ACCESS, **changed: object) -> Entered:
    regime = Regime.LAW_ENFORCEMENT if kind is Kind.SUBJECT_ACCESS else None
    given: dict[str, object] = {
        "reference": "SAR/1",
        "received_on": TODAY,
        "about": "the arrest",
        "regime": regime,
        **changed,
    }
    return Entered(kind, **given)  # type: ignore[arg-type]


@pytest.mark.parametrize("kind", Kind)
def test_only_the_roles_it_is_the_business_of_enter_it(kind: Kind) -> None:
    for role in Role:
        faults = faults_of_entry(wanted(kind), {role}, TODAY)
        assert (not faults) == (role in MAY_ENTER[kind])
    assert KIND_NAMES[kind] in faults_of_entry(wanted(kind), set(), TODAY)[0]


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"reference": " "}, "reference"),
        ({"about": ""}, "what the subject access request is about"),
        ({"received_on": TODAY + timedelta(days=1)}, "after today"),
        ({"regime": None}, "which law"),
    ],
)
def test_an_entry_that_lacks_something_says_what(changed: dict[str, object], said: str) -> None:
    [fault] = faults_of_entry(wanted(**changed), {Role.RECORDS}, TODAY)

    assert said in fault


ACT = Regime.LAW_ENFORCEMENT


def test_access_is_not_refused_without_a_ground_and_no_ground_is_given_otherwise() -> None:
    refused, given = Outcome.REFUSED, Outcome.GIVEN
    access, information = Kind.SUBJECT_ACCESS, Kind.INFORMATION

    assert "five grounds" in faults_of_answer(access, refused, "no", (), ACT)[0]
    assert not faults_of_answer(access, refused, "no", [Ground.CRIME], ACT)
    assert "only where" in faults_of_answer(access, given, "yes", [Ground.CRIME], ACT)[0]
    assert "only where" in faults_of_answer(information, refused, "no", [Ground.CRIME], ACT)[0]
    assert "in a sentence" in faults_of_answer(access, given, " ", ())[0]


@pytest.mark.parametrize("kind", Kind)
def test_each_kind_ends_only_as_it_can(kind: Kind) -> None:
    for outcome in Outcome:
        grounds = [Ground.CRIME] if outcome is Outcome.REFUSED else []
        grounds = grounds if kind is Kind.SUBJECT_ACCESS else []
        faults = faults_of_answer(kind, outcome, "so", grounds, ACT)
        assert (not faults) == (outcome in OUTCOMES[kind])


def test_what_was_answered_stays_six_months_and_a_complaint_stays_as_it_is() -> None:
    assert stays_held_until(Kind.SUBJECT_ACCESS, date(2026, 8, 31)) == date(2027, 2, 28)
    assert stays_held_until(Kind.INFORMATION, date(2026, 8, 31)) == date(2027, 2, 28)
    assert stays_held_until(Kind.COMPLAINT, date(2026, 8, 31)) is None
    assert stays_held_until(Kind.USE_OF_FORCE, date(2026, 8, 31)) is None
