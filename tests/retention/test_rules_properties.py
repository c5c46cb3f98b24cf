"""Whatever the facts: a hold, a longer schedule or a missing fact can only keep longer."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

from hypothesis import example, given
from hypothesis import strategies as st

from custodes.retention.rules.decision import Facts, Review, Verdict, decide
from custodes.retention.rules.default import DEFAULT
from custodes.retention.rules.holds import Hold, HoldKind
from custodes.retention.rules.periods import Period
from custodes.retention.rules.proceedings import Outcome, Proceedings
from custodes.retention.rules.schedule import End, Schedule

MOMENTS = st.datetimes(datetime(2020, 1, 1), datetime(2060, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001
DATES = st.dates(date(2020, 1, 1), date(2060, 1, 1))
HOLDS = st.builds(
    Hold,
    kind=st.sampled_from(HoldKind),
    reason=st.just("x"),
    placed_by=st.just("A"),
    placed_at=MOMENTS,
    until=st.none() | MOMENTS,
    released_at=st.none() | MOMENTS,
)
CASES = st.builds(
    Proceedings,
    name=st.just("case"),
    outcome=st.sampled_from(Outcome),
    decided_on=st.none() | DATES,
    custodial=st.none() | st.booleans(),
    released_on=st.none() | DATES,
    appeal_open=st.booleans(),
    application_open=st.booleans(),
    group=st.none() | st.integers(1, 4),
    attention_on=st.none() | DATES,
)
FACTS = st.builds(
    Facts,
    ended_at=st.none() | MOMENTS,
    received_at=st.none() | MOMENTS,
    category=st.sampled_from(["", "test", "arrest", "complaint", "unknown"]),
    source=st.sampled_from(["", "egt", "axis"]),
    complete=st.booleans(),
    trigger_at=st.none() | MOMENTS,
    restricted=st.booleans(),
    holds=st.lists(HOLDS, max_size=2).map(tuple),
    cases=st.lists(CASES, max_size=2).map(tuple),
    review=st.none()
    | st.builds(
        Review,
        st.just("A"),
        MOMENTS,
        st.just("x"),
        st.none() | DATES,
        st.sampled_from([frozenset(), frozenset("A"), frozenset("AB")]),
    ),
)
# Facts that are often far enough along to go, so that the properties are not empty.
GOING = st.builds(
    Facts,
    ended_at=st.datetimes(datetime(2020, 1, 1), datetime(2021, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    received_at=st.datetimes(datetime(2021, 1, 1), datetime(2022, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    category=st.sampled_from(["", "test", "stop-search"]),
    holds=st.lists(st.builds(replace, HOLDS, released_at=MOMENTS), max_size=2).map(tuple),
)


def may_go(facts: Facts, schedule: Schedule, at: datetime) -> bool:
    return decide(facts, schedule, at).verdict is Verdict.DISPOSE


@given(GOING | FACTS, HOLDS, MOMENTS)
def test_one_more_hold_never_lets_anything_go(facts: Facts, hold: Hold, at: datetime) -> None:
    more = replace(facts, holds=(*facts.holds, hold))

    assert not may_go(more, DEFAULT, at) or may_go(facts, DEFAULT, at)


@given(GOING | FACTS, HOLDS, MOMENTS)
def test_one_more_hold_is_never_asked_about_sooner_while_it_keeps(
    facts: Facts, hold: Hold, at: datetime
) -> None:
    ends = [each.ended_at for each in (*facts.holds, hold) if each.binds(at)]
    if ends:
        due = decide(replace(facts, holds=(*facts.holds, hold)), DEFAULT, at).due

        assert due is None or (due > at and all(end is not None and end <= due for end in ends))
        assert due is not None or None in ends


@given(GOING | FACTS, CASES, MOMENTS)
def test_one_more_case_never_lets_anything_go(
    facts: Facts, case: Proceedings, at: datetime
) -> None:
    more = replace(facts, cases=(*facts.cases, case))

    assert not may_go(more, DEFAULT, at) or may_go(facts, DEFAULT, at)


@given(GOING | FACTS, st.integers(0, 20), st.integers(0, 500), MOMENTS)
def test_a_longer_schedule_never_lets_anything_go(
    facts: Facts, which: int, days: int, at: datetime
) -> None:
    lines = list(DEFAULT.lines)
    line = lines[which % len(lines)]
    longer = replace(line.keep, days=line.keep.days + days)
    lines[which % len(lines)] = replace(line, keep=longer)

    assert not may_go(facts, replace(DEFAULT, lines=tuple(lines)), at) or may_go(facts, DEFAULT, at)


@given(
    GOING | FACTS,
    st.sampled_from(["ended_at", "received_at", "category", "trigger_at", "review"]),
    MOMENTS,
)
def test_a_missing_fact_never_lets_go_what_the_fact_kept_for_a_person(
    facts: Facts, name: str, at: datetime
) -> None:
    missing = replace(facts, **{name: "" if name == "category" else None})  # type: ignore[arg-type]
    if name == "category":
        # Uncategorised is a kind of its own with a line of its own, not a missing fact.
        missing = replace(missing, category="no such category")
    if name == "review" and facts.review is not None and facts.review.keep_until is not None:
        # That one was lost the record tells, and the engine doubts (retention.told).
        missing = replace(missing, unsure=("a review was lost",))

    assert not may_go(missing, DEFAULT, at) or may_go(facts, DEFAULT, at)
    if name in {"ended_at", "received_at", "category"}:
        assert not may_go(missing, DEFAULT, at)


@given(GOING | FACTS, st.sampled_from(["holds", "cases"]), MOMENTS)
def test_a_hold_or_a_case_that_the_record_tells_of_and_is_lost_lets_nothing_go(
    facts: Facts, name: str, at: datetime
) -> None:
    lost = replace(facts, **{name: ()}, unsure=("one was lost",))  # type: ignore[arg-type]

    assert not may_go(lost, DEFAULT, at)


@given(GOING | FACTS, st.sampled_from(["test", "arrest", "complaint", "unknown", ""]), MOMENTS)
def test_what_its_category_was_before_only_keeps_longer(
    facts: Facts, before: str, at: datetime
) -> None:
    more = replace(facts, categories_before=(*facts.categories_before, before))

    assert not may_go(more, DEFAULT, at) or may_go(facts, DEFAULT, at)


@given(GOING | FACTS, MOMENTS, MOMENTS)
def test_leaving_a_case_only_keeps_longer(facts: Facts, left: datetime, at: datetime) -> None:
    more = replace(facts, left_case_at=left)

    assert not may_go(more, DEFAULT, at) or may_go(facts, DEFAULT, at)


@given(GOING | FACTS, MOMENTS)
def test_restriction_or_an_unfinished_delivery_never_lets_anything_go(
    facts: Facts, at: datetime
) -> None:
    assert not may_go(replace(facts, restricted=True), DEFAULT, at)
    assert not may_go(replace(facts, complete=False), DEFAULT, at)
    assert not may_go(replace(facts, unsure=("x",)), DEFAULT, at)


@given(GOING | FACTS, MOMENTS)
def test_until_it_is_due_the_answer_stays_the_same(facts: Facts, at: datetime) -> None:
    decision = decide(facts, DEFAULT, at)

    assert decision.reasons
    if decision.verdict is Verdict.DISPOSE:
        assert decision.due is not None
        assert decision.due <= at
        assert may_go(facts, DEFAULT, decision.due) or facts.holds or facts.review or facts.cases
    elif decision.due is not None:
        assert decision.due > at
        just_before = max(decision.due - timedelta(milliseconds=1), at)
        assert decide(facts, DEFAULT, just_before).verdict is Verdict.KEEP


@given(GOING | FACTS, MOMENTS)
def test_nothing_goes_before_31_days_and_nothing_a_person_must_see(
    facts: Facts, at: datetime
) -> None:
    if may_go(facts, DEFAULT, at):
        assert facts.ended_at is not None
        assert at >= facts.ended_at + timedelta(days=28)
        assert not any(hold.binds(at) for hold in facts.holds)
        line = DEFAULT.line_for(facts.category, facts.source)
        assert line is not None
        reviewed = facts.review is not None and facts.review.lets_go
        assert (line.end is End.DISPOSE and not facts.cases) or reviewed


CATEGORIES = ["test", "stop-search", "arrest", "complaint", "short", "long", "unknown"]
# One of its categories keeps for less time than none, one by the clock for longer than evidence.
SHORT = replace(
    DEFAULT,
    lines=(
        *DEFAULT.lines,
        replace(DEFAULT.lines[0], code="S0", keep=Period(days=7)),
        replace(DEFAULT.lines[0], code="S9", keep=Period(days=700)),
    ),
    by_category=(*DEFAULT.by_category, ("short", "S0"), ("long", "S9")),
)


def chosen(category: str) -> Facts:
    ended = datetime(2020, 1, 1, tzinfo=UTC)
    return Facts(ended, ended + timedelta(days=1), category=category)


@given(GOING | FACTS, st.lists(st.sampled_from(CATEGORIES), min_size=1, max_size=5), MOMENTS)
@example(chosen(""), ["short"], datetime(2020, 1, 20, tzinfo=UTC))
@example(chosen("arrest"), ["test", "stop-search"], datetime(2020, 2, 20, tzinfo=UTC))
@example(chosen("arrest"), ["long"], datetime(2022, 6, 1, tzinfo=UTC))
def test_changes_of_category_in_whatever_order_never_bring_a_deletion_forward(
    facts: Facts, changes: list[str], at: datetime
) -> None:
    before = decide(facts, SHORT, at)
    for category in changes:
        was = (*facts.categories_before, facts.category) if facts.category else ()
        facts = replace(facts, category=category, categories_before=was)

        after = decide(facts, SHORT, at)

        ranks = [Verdict.KEEP, Verdict.REVIEW, Verdict.DISPOSE]
        assert ranks.index(after.verdict) <= ranks.index(before.verdict)
        if before.verdict is after.verdict is Verdict.KEEP:
            assert after.due is None or (before.due is not None and after.due >= before.due)
        before = after


@given(GOING | FACTS, st.sampled_from(CATEGORIES), MOMENTS, MOMENTS)
def test_once_agreed_only_the_new_category_counts_and_it_stays_for_the_days_of_grace(
    facts: Facts, category: str, agreed: datetime, at: datetime
) -> None:
    agreed_to = replace(facts, category=category, category_agreed_at=agreed)

    assert not decide(agreed_to, SHORT, at).waits
    assert not may_go(agreed_to, SHORT, at) or at >= agreed + timedelta(days=14)


@given(DATES, st.integers(0, 40), st.integers(0, 40))
def test_a_longer_period_never_ends_earlier(start: date, months: int, more: int) -> None:
    assert Period(months=months).after_date(start) <= Period(months=months + more).after_date(start)
