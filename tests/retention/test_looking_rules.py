"""By when somebody looks again at what a review keeps (RET-04)."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from custodes.retention.rules.decision import Facts
from custodes.retention.rules.default import DEFAULT
from custodes.retention.rules.looking import NextLook, next_look
from custodes.retention.rules.proceedings import Outcome, Proceedings

TODAY = date(2026, 3, 5)
ENDED = datetime(2026, 1, 1, tzinfo=UTC)
FACTS = Facts(ENDED, ENDED, "arrest")
CASE = Proceedings("01MP/44/26", Outcome.CONVICTED, decided_on=TODAY, custodial=False)


@pytest.mark.parametrize(
    ("facts", "look"),
    [
        (FACTS, (date(2027, 3, 5), "Evidence, investigation open is looked at every 1 year")),
        (replace(FACTS, category=""), (date(2026, 4, 5), "Routine footage is looked at every 31")),
        (replace(FACTS, cases=(CASE,)), (date(2027, 3, 5), "Evidence, investigation open")),
        (
            replace(FACTS, cases=(CASE, replace(CASE, group=2))),
            (date(2036, 3, 5), "MoPI group 2 is looked at every 10 years"),
        ),
        (
            replace(FACTS, category="", source="egt"),
            (date(2026, 4, 2), "Evidence gathering team is looked at every 28 days"),
        ),
        (replace(FACTS, category="unheard of"), (date(2027, 3, 5), "What is kept is looked at")),
        (None, (date(2027, 3, 5), "What is kept is looked at every 1 year")),
    ],
)
def test_the_line_that_is_looked_at_most_rarely_says_by_when(
    facts: Facts | None, look: tuple[date, str]
) -> None:
    found = next_look(facts, DEFAULT, today=TODAY)

    assert found.by == look[0]
    assert found.why.startswith(look[1])


def test_without_a_schedule_it_is_looked_at_within_a_year() -> None:
    assert next_look(FACTS, None, today=TODAY).by == date(2027, 3, 5)


def test_the_day_lies_ahead_and_no_further_than_may_be() -> None:
    look = NextLook(TODAY + timedelta(days=31), "Routine footage is looked at every 31 days")

    assert look.faults_of(TODAY, TODAY) == ("The date of the next review must lie ahead.",)
    assert look.faults_of(TODAY + timedelta(days=1), TODAY) == ()
    assert look.faults_of(TODAY + timedelta(days=31), TODAY) == ()
    assert look.faults_of(TODAY + timedelta(days=32), TODAY) == (
        "Routine footage is looked at every 31 days: choose a day no later than 5 April 2026.",
    )
