"""Why something is kept with no date: the first reason that has no end, in the rules' own order."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from custodes.retention.rules.decision import TOO_OLD_TO_BELIEVE, Decision, Facts, Verdict
from custodes.retention.rules.holds import Hold, HoldKind
from custodes.retention.rules.proceedings import Outcome, Proceedings
from custodes.retention.rules.rehearsed import Touch, title_of
from custodes.retention.rules.undated import Undated, why_undated

AT = datetime(2026, 6, 1, tzinfo=UTC)
ENDED = datetime(2026, 1, 1, tzinfo=UTC)
PLAIN = Facts(ENDED, ENDED + timedelta(hours=1), "nobody has a line for this")
KEPT = Decision(Verdict.KEEP, ("because",), None)
HOLD = Hold(HoldKind.CIVIL, "claim 7", "R Jones", ENDED, until=AT + timedelta(days=1))
DECIDED = Proceedings("1/26", Outcome.CONVICTED, decided_on=date(2026, 2, 1), custodial=True)
OPEN = Proceedings("2/26", Outcome.OPEN)
ACQUITTED = Proceedings("3/26", Outcome.ACQUITTED, decided_on=date(2026, 2, 1))

#: What makes each so; later ones are hidden by those before them.
IN_ORDER = (
    (Undated.HELD, {"holds": (HOLD,)}),
    (Undated.RESTRICTED, {"restricted": True}),
    (Undated.OTHER, {"unsure": ("the record tells of a hold that this database has lost",)}),
    (Undated.ARRIVING, {"complete": False}),
    (Undated.NO_END, {"ended_at": None}),
    (Undated.CASE_OPEN, {"cases": (OPEN,)}),
)


@pytest.mark.parametrize("place", range(len(IN_ORDER)))
def test_the_first_reason_counts(place: int) -> None:
    facts = PLAIN
    for _, so in IN_ORDER[place:]:
        facts = replace(facts, **so)  # type: ignore[arg-type]

    assert why_undated(facts, KEPT, AT) is IN_ORDER[place][0]


def test_an_unknown_arrival_is_another_reason_and_a_hold_that_is_over_is_none() -> None:
    assert why_undated(replace(PLAIN, received_at=None), KEPT, AT) is Undated.OTHER
    over = replace(HOLD, released_at=ENDED + timedelta(days=1))
    assert why_undated(replace(PLAIN, holds=(over,)), KEPT, AT) is Undated.NO_LINE


def test_a_clock_over_a_year_off_is_named_and_a_year_is_not() -> None:
    off = replace(PLAIN, received_at=ENDED + TOO_OLD_TO_BELIEVE + timedelta(seconds=1))

    assert why_undated(off, KEPT, AT) is Undated.CLOCK
    just = replace(PLAIN, received_at=ENDED + TOO_OLD_TO_BELIEVE)
    assert why_undated(just, KEPT, AT) is Undated.NO_LINE
    # Without an end there is nothing to compare.
    endless = replace(off, ended_at=None)
    assert why_undated(endless, KEPT, AT) is Undated.NO_END


@pytest.mark.parametrize(
    ("cases", "why"),
    [
        ((), Undated.NO_LINE),
        ((ACQUITTED,), Undated.NO_LINE),
        ((ACQUITTED, OPEN), Undated.CASE_OPEN),
        ((replace(DECIDED, appeal_open=True),), Undated.CHALLENGED),
        ((replace(DECIDED, application_open=True),), Undated.CHALLENGED),
        ((replace(DECIDED, decided_on=None),), Undated.SENTENCE),
        ((replace(DECIDED, custodial=None),), Undated.SENTENCE),
        ((DECIDED,), Undated.RELEASE),
    ],
)
def test_of_a_case_what_nobody_has_entered_is_named(
    cases: tuple[Proceedings, ...], why: Undated
) -> None:
    assert why_undated(replace(PLAIN, cases=cases), KEPT, AT) is why


def test_what_has_a_date_or_waits_for_a_person_is_none_of_these() -> None:
    assert why_undated(PLAIN, Decision(Verdict.KEEP, (), AT), AT) is None
    assert why_undated(PLAIN, Decision(Verdict.REVIEW, (), None), AT) is None


def test_a_group_of_touched_recordings_is_called_by_the_kind_of_its_hold() -> None:
    assert title_of(Touch.CASE, "") == "In a case that is over"
    assert title_of(Touch.HELD, "complaint") == "Once held for: complaint"
