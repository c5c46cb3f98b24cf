"""When a recording must be kept, may be disposed of, and why: every example of the law notes."""

from __future__ import annotations

import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from custodes.retention.rules.decision import (
    Decision,
    Facts,
    Review,
    Verdict,
    decide,
    stays_after_late_docking,
)
from custodes.retention.rules.default import DEFAULT
from custodes.retention.rules.holds import Hold, HoldKind
from custodes.retention.rules.periods import NONE, Period, end_of, in_words
from custodes.retention.rules.proceedings import (
    Attention,
    Minimum,
    Outcome,
    Proceedings,
    clear_since,
    faults_of_case,
    minimum_of,
    starts_anew,
    told_of,
)
from custodes.retention.rules.schedule import End, Line, Schedule, Trigger, faults_of, in_force

ENDED = datetime(2026, 3, 1, 23, 50, tzinfo=UTC)
DOCKED = datetime(2026, 3, 2, 6, 0, tzinfo=UTC)
DUE = datetime(2026, 4, 1, 23, 50, tzinfo=UTC)
LONG_AFTER = datetime(2060, 1, 1, tzinfo=UTC)
MINUTE = timedelta(minutes=1)

FACTS = Facts(ended_at=ENDED, received_at=DOCKED)
OPEN = Proceedings("01MP/44/26", Outcome.OPEN)
CLOSED = Proceedings("01MP/44/26", Outcome.NO_ACTION, decided_on=date(2026, 4, 1), group=3)


def hold(**changed: object) -> Hold:
    placed = Hold(HoldKind.COMPLAINT, "CO/12/26", "A. Hassan", datetime(2026, 3, 5, tzinfo=UTC))
    return replace(placed, **changed)  # type: ignore[arg-type]


def verdict(facts: Facts, at: datetime, schedule: Schedule = DEFAULT) -> Verdict:
    return decide(facts, schedule, at).verdict


# Periods


@pytest.mark.parametrize(
    ("start", "period", "end"),
    [
        (date(2026, 1, 10), Period(months=6), date(2026, 7, 10)),
        (date(2025, 8, 31), Period(months=6), date(2026, 2, 28)),
        (date(2027, 8, 31), Period(months=6), date(2028, 2, 29)),
        (date(2024, 2, 29), Period(years=1), date(2025, 2, 28)),
        (date(2024, 2, 29), Period(years=4), date(2028, 2, 29)),
        (date(2026, 12, 31), Period(months=2), date(2027, 2, 28)),
        (date(2026, 11, 30), Period(months=1), date(2026, 12, 30)),
        (date(2026, 1, 31), Period(months=1, days=1), date(2026, 3, 1)),
        (date(2026, 12, 1), Period(days=31), date(2027, 1, 1)),
        (date(2026, 5, 5), Period(years=2, months=13), date(2029, 6, 5)),
    ],
)
def test_months_are_calendar_months_and_clamp_at_their_end(
    start: date, period: Period, end: date
) -> None:
    assert period.after_date(start) == end


def test_a_period_after_a_moment_keeps_the_time_of_day_in_utc() -> None:
    summer = datetime.fromisoformat("2026-07-01T00:30:00+01:00")

    assert Period(days=31).after(summer) == datetime(2026, 7, 31, 23, 30, tzinfo=UTC)


@pytest.fixture
def far_from_greenwich(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Run on a machine whose own clock stands in another zone."""
    monkeypatch.setenv("TZ", "Pacific/Auckland")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


@pytest.mark.usefixtures("far_from_greenwich")
def test_the_zone_of_the_machine_does_not_count() -> None:
    summer = datetime.fromisoformat("2026-07-01T00:30:00+01:00")

    assert Period(months=1).after(summer) == datetime(2026, 7, 30, 23, 30, tzinfo=UTC)
    assert in_words(summer) == "30 June 2026"


def test_a_period_says_what_it_is_in_words() -> None:
    assert str(Period(years=1, months=6)) == "1 year and 6 months"
    assert str(Period(days=31)) == "31 days"
    assert str(Period(months=1)) == "1 month"
    assert str(NONE) == "no time"


@pytest.mark.parametrize("wrong", [{"days": -1}, {"months": -1}, {"years": -1}])
def test_no_period_is_negative(wrong: dict[str, int]) -> None:
    with pytest.raises(ValueError, match=r"^a period cannot be negative$"):
        Period(**wrong)


def test_a_date_is_over_at_midnight_utc_which_is_never_before_local_midnight() -> None:
    assert end_of(date(2026, 7, 10)) == datetime(2026, 7, 11, tzinfo=UTC)


def test_a_moment_is_written_by_its_date_in_utc() -> None:
    assert in_words(datetime.fromisoformat("2026-07-01T00:30:00+01:00")) == "30 June 2026"
    assert in_words(date(2026, 7, 1)) == "1 July 2026"


# RET-01, RET-18: the schedule


def test_an_uncategorised_recording_goes_31_days_after_it_ended() -> None:
    before, after = decide(FACTS, DEFAULT, DUE - MINUTE), decide(FACTS, DEFAULT, DUE)

    assert before == Decision(
        Verdict.KEEP,
        (f"Routine footage until 1 April 2026 ({DEFAULT.lines[0].authority})",),
        DUE,
        ("N0",),
    )
    assert after == Decision(
        Verdict.DISPOSE, ("Routine footage: over on 1 April 2026",), DUE, ("N0",)
    )


def test_docking_late_in_the_day_does_not_move_the_clock() -> None:
    assert verdict(replace(FACTS, received_at=ENDED + timedelta(days=3)), DUE) is Verdict.DISPOSE


def test_an_evidence_gathering_team_keeps_28_days_and_a_camera_31() -> None:
    at = ENDED + timedelta(days=28)

    assert decide(replace(FACTS, source="egt"), DEFAULT, at).verdict is Verdict.DISPOSE
    assert decide(replace(FACTS, source="axis"), DEFAULT, at).verdict is Verdict.KEEP


def test_a_category_counts_more_than_the_source() -> None:
    categorised = replace(FACTS, source="egt", category="non-evidential")

    assert verdict(categorised, ENDED + timedelta(days=28)) is Verdict.KEEP


@pytest.mark.parametrize(
    "category", ["non-evidential", "test", "stop-search", "use-of-force", "mental-health"]
)
def test_what_nobody_needs_goes_by_itself(category: str) -> None:
    facts = replace(FACTS, category=category)

    assert verdict(facts, DUE - MINUTE) is Verdict.KEEP
    assert verdict(facts, DUE) is Verdict.DISPOSE


@pytest.mark.parametrize(
    "category",
    [
        "arrest",
        "domestic-abuse",
        "traffic",
        "public-order",
        "firearms",
        "other-evidence",
        "complaint",
    ],
)
def test_evidence_waits_for_a_person_when_its_time_is_over(category: str) -> None:
    facts = replace(FACTS, category=category)

    assert verdict(facts, ENDED + timedelta(days=364)) is Verdict.KEEP
    assert verdict(facts, LONG_AFTER) is Verdict.REVIEW


def test_the_clock_of_evidence_starts_when_it_was_linked_to_a_case() -> None:
    linked = replace(FACTS, category="arrest", trigger_at=ENDED + timedelta(days=100))

    assert decide(linked, DEFAULT, DUE).due == ENDED + timedelta(days=465)


def test_a_category_without_a_line_keeps() -> None:
    assert decide(replace(FACTS, category="new"), DEFAULT, LONG_AFTER) == Decision(
        Verdict.KEEP, ("the schedule has no line for new",)
    )
    empty = replace(DEFAULT, lines=())
    assert decide(FACTS, empty, LONG_AFTER).reasons == (
        "the schedule has no line for uncategorised",
    )
    source = replace(empty, by_source=(("egt", "P9"),))
    assert decide(replace(FACTS, source="egt"), source, LONG_AFTER).reasons == (
        "the schedule has no line for egt",
    )


def test_a_line_that_disposes_waits_until_its_trigger_is_known() -> None:
    line = Line("Z", "Zebra", Trigger.OUTCOME, Period(days=1), End.DISPOSE, Period(days=1), "us")
    schedule = replace(DEFAULT, lines=(line,), by_category=(("z", "Z"),), uncategorised="Z")
    facts = replace(FACTS, category="z")

    unknown = decide(facts, schedule, LONG_AFTER)
    known = decide(replace(facts, trigger_at=DUE), schedule, LONG_AFTER)

    assert unknown == Decision(Verdict.KEEP, ("nobody has entered when the time of Zebra began",))
    assert known.verdict is Verdict.DISPOSE


# RET-01: one person brings nothing forward


def test_what_the_category_was_before_counts_until_somebody_else_agrees() -> None:
    changed = replace(FACTS, category="test", categories_before=("traffic", "arrest"))
    year = datetime(2027, 3, 1, 23, 50, tzinfo=UTC)

    kept = decide(changed, DEFAULT, DUE)
    assert kept == Decision(
        Verdict.KEEP,
        (
            (
                "Evidence, investigation open until 1 March 2027 (CPIA 1996 code of practice), as"
                " its category was before; nobody else has agreed to the change"
            ),
        ),
        year,
        ("E0", "N1"),
        waits=True,
    )
    assert decide(changed, DEFAULT, year).verdict is Verdict.REVIEW
    agreed = replace(changed, categories_before=(), category_agreed_at=DUE)
    assert decide(agreed, DEFAULT, DUE) == Decision(
        Verdict.KEEP,
        ("a second person agreed to its category; it stays until 15 April 2026",),
        DUE + timedelta(days=14),
        ("N1",),
    )
    assert verdict(agreed, DUE + timedelta(days=14)) is Verdict.DISPOSE


def test_a_first_choice_keeps_no_shorter_than_none_would() -> None:
    short = replace(DEFAULT.lines[0], code="S0", name="Short", keep=Period(days=7))
    schedule = replace(DEFAULT, lines=(*DEFAULT.lines, short), by_category=(("short", "S0"),))
    chosen = replace(FACTS, category="short")

    assert decide(chosen, schedule, DOCKED).due == DUE
    assert decide(chosen, schedule, DOCKED).reasons == (
        (
            f"Routine footage until 1 April 2026 ({DEFAULT.lines[0].authority}), as without a"
            " category; nobody else has agreed to this one"
        ),
    )
    assert verdict(replace(chosen, category_agreed_at=DOCKED), DUE, schedule) is Verdict.DISPOSE
    assert not decide(replace(chosen, category_agreed_at=DOCKED), schedule, DUE).waits


def test_a_category_before_for_which_a_person_looks_is_not_lost_to_a_longer_one() -> None:
    longer = replace(DEFAULT.lines[0], code="L9", keep=Period(days=4000))
    schedule = replace(DEFAULT, lines=(*DEFAULT.lines, longer), by_category=(
        *DEFAULT.by_category, ("long", "L9"),
    ))  # fmt: skip
    changed = replace(FACTS, category="long", categories_before=("arrest",))

    assert verdict(changed, LONG_AFTER, schedule) is Verdict.REVIEW
    lost = replace(changed, categories_before=("no such category",))
    assert decide(lost, schedule, LONG_AFTER).reasons == (
        (
            "the schedule has no line for no such category, as its category was before; nobody else"
            " has agreed to the change"
        ),
    )


def test_each_category_before_that_keeps_longer_is_told() -> None:
    lines = [
        replace(DEFAULT.lines[0], code=code, name=code, keep=Period(days=days))
        for code, days in (("Y1", 60), ("Y2", 90))
    ]
    named = tuple((line.code.lower(), line.code) for line in lines)
    schedule = replace(
        DEFAULT, lines=(*DEFAULT.lines, *lines), by_category=(*DEFAULT.by_category, *named)
    )
    changed = replace(FACTS, category="test", categories_before=("y1", "y2"))

    told = decide(changed, schedule, DUE)

    assert told.due == ENDED + timedelta(days=90)
    assert told.lines == ("Y2", "Y1", "N1")
    lost = replace(changed, categories_before=("unheard of", "never named"))
    reasons = decide(lost, schedule, DUE).reasons
    assert ["unheard of" in reasons[0], "never named" in reasons[1]] == [True, True]


def test_what_was_taken_out_of_a_case_stays_its_days_of_grace() -> None:
    left = replace(FACTS, left_case_at=DUE)

    assert decide(left, DEFAULT, DUE) == Decision(
        Verdict.KEEP,
        ("it was taken out of a case; it stays at least until 15 April 2026",),
        DUE + timedelta(days=14),
        decide(FACTS, DEFAULT, DUE).lines,
    )
    assert verdict(left, DUE + timedelta(days=14)) is Verdict.DISPOSE


# RET-03: late docking


def test_what_was_docked_on_day_30_stays_until_day_37() -> None:
    docked = ENDED + timedelta(days=30)
    late = replace(FACTS, received_at=docked)

    day_31 = decide(late, DEFAULT, DUE)

    assert day_31.verdict is Verdict.KEEP
    assert day_31.due == docked + timedelta(days=7)
    assert day_31.reasons == ("it was docked late; there is time to look at it until 7 April 2026",)
    assert verdict(late, docked + timedelta(days=7) - MINUTE) is Verdict.KEEP
    assert verdict(late, docked + timedelta(days=7)) is Verdict.DISPOSE


def test_docking_on_day_24_is_not_late_and_a_minute_after_is() -> None:
    schedule = replace(
        DEFAULT, lines=(replace(DEFAULT.lines[0], keep=Period(days=25)), *DEFAULT.lines[1:])
    )
    day_26 = ENDED + timedelta(days=26)
    on_time = replace(FACTS, received_at=ENDED + timedelta(days=24))
    late = replace(FACTS, received_at=ENDED + timedelta(days=24) + MINUTE)

    assert verdict(on_time, day_26, schedule) is Verdict.DISPOSE
    assert verdict(late, day_26, schedule) is Verdict.KEEP


def test_how_late_something_came_cannot_be_said_without_both_moments() -> None:
    late = replace(FACTS, received_at=ENDED + timedelta(days=30))

    assert stays_after_late_docking(late) == ENDED + timedelta(days=37)
    assert stays_after_late_docking(replace(late, ended_at=None)) is None
    assert stays_after_late_docking(replace(late, received_at=None)) is None


# RET-06 to RET-09: cases


def test_an_open_case_keeps_whatever_the_schedule_says() -> None:
    decision = decide(replace(FACTS, cases=(OPEN,)), DEFAULT, LONG_AFTER)

    assert decision == Decision(Verdict.KEEP, ("case 01MP/44/26 is open",))


def convicted(**changed: object) -> Proceedings:
    case = Proceedings(
        "01MP/44/26", Outcome.CONVICTED, decided_on=date(2026, 1, 10), custodial=True, group=3
    )
    return replace(case, **changed)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("case", "until"),
    [
        (convicted(released_on=date(2026, 3, 1)), date(2026, 7, 10)),
        (convicted(released_on=date(2027, 5, 5)), date(2027, 5, 5)),
        (convicted(decided_on=date(2025, 8, 31), custodial=False), date(2026, 2, 28)),
        (convicted(decided_on=date(2027, 8, 31), custodial=False), date(2028, 2, 29)),
    ],
)
def test_after_a_conviction_it_is_kept_six_months_and_until_release(
    case: Proceedings, until: date
) -> None:
    minimum = minimum_of(case)

    assert minimum == Minimum(
        end_of(until), f"conviction in case 01MP/44/26 keeps it until {in_words(until)}"
    )
    assert minimum.binds(end_of(until) - MINUTE)
    assert not minimum.binds(end_of(until))


@pytest.mark.parametrize(
    ("case", "reason"),
    [
        (OPEN, "case 01MP/44/26 is open"),
        (replace(OPEN, outcome=Outcome.CHARGED), "case 01MP/44/26 is open"),
        (
            replace(OPEN, outcome=Outcome.CHARGED, decided_on=date(2020, 1, 1)),
            "case 01MP/44/26 is open",
        ),
        (convicted(), "the release date in case 01MP/44/26 is not known"),
        (convicted(custodial=None), "nobody has entered the sentence in case 01MP/44/26"),
        (replace(CLOSED, decided_on=None), "nobody has entered when case 01MP/44/26 was decided"),
        (replace(CLOSED, appeal_open=True), "an appeal in case 01MP/44/26 is open"),
        (
            replace(CLOSED, application_open=True),
            "an application to the CCRC in case 01MP/44/26 is open",
        ),
        (convicted(custodial=False, appeal_open=True), "an appeal in case 01MP/44/26 is open"),
    ],
)
def test_what_is_not_known_or_not_over_keeps_without_an_end(case: Proceedings, reason: str) -> None:
    assert minimum_of(case) == Minimum(None, reason)
    assert minimum_of(case).binds(LONG_AFTER)


def test_a_case_that_came_to_nothing_keeps_until_the_day_it_ended() -> None:
    assert minimum_of(CLOSED) == Minimum(
        end_of(date(2026, 4, 1)), "case 01MP/44/26 ended on 1 April 2026"
    )


def test_of_several_cases_the_longest_counts_and_one_without_end_wins() -> None:
    short, long = convicted(custodial=False), convicted(name="B", released_on=date(2030, 1, 1))
    at = datetime(2026, 5, 1, tzinfo=UTC)

    both = decide(replace(FACTS, cases=(short, long)), DEFAULT, at)
    with_open = decide(replace(FACTS, cases=(short, long, OPEN)), DEFAULT, at)

    assert both.due == end_of(date(2030, 1, 1))
    assert len(both.reasons) == 2
    assert with_open.due is None
    assert len(with_open.reasons) == 3


@pytest.mark.parametrize("group", [1, 2, 3, 4, None])
def test_when_a_case_lets_go_a_person_looks_first(group: int | None) -> None:
    facts = replace(FACTS, cases=(convicted(custodial=False, group=group),))

    decision = decide(facts, DEFAULT, LONG_AFTER)

    assert decision.verdict is Verdict.REVIEW
    assert "Convicted: a person decides, not the clock" in decision.reasons
    assert decision.lines[-2:] == ("E3", "N0")
    assert decision.due is None


def test_the_line_of_a_case_keeps_longer_than_that_of_the_category() -> None:
    facts = replace(FACTS, category="non-evidential", cases=(CLOSED,))

    decision = decide(facts, DEFAULT, LONG_AFTER - timedelta(days=365 * 30))

    assert decision.verdict is Verdict.KEEP
    assert decision.due == end_of(date(2032, 4, 1))
    assert decision.lines == ("E2", "M3", "N0")


def test_a_case_the_schedule_says_nothing_of_keeps() -> None:
    schedule = replace(DEFAULT, by_outcome=(), by_group=())

    decision = decide(replace(FACTS, cases=(CLOSED,)), schedule, LONG_AFTER)

    assert decision == Decision(Verdict.KEEP, ("the schedule has no line for case 01MP/44/26",))


def test_a_sentence_that_was_served_has_a_line_of_its_own() -> None:
    served = convicted(released_on=date(2026, 3, 1))

    assert "E4" in decide(replace(FACTS, cases=(served,)), DEFAULT, LONG_AFTER).lines
    outside = decide(replace(FACTS, cases=(convicted(custodial=False),)), DEFAULT, LONG_AFTER)
    assert "E3" in outside.lines
    without = replace(DEFAULT, in_custody="")
    assert "E3" in decide(replace(FACTS, cases=(served,)), without, LONG_AFTER).lines
    missing = replace(DEFAULT, in_custody="E9")
    assert decide(replace(FACTS, cases=(served,)), missing, LONG_AFTER).reasons == (
        "the schedule has no line for case 01MP/44/26",
    )


# RET-11: the clear period


@pytest.mark.parametrize(
    ("changed", "since"),
    [
        ({}, date(2026, 1, 10)),
        ({"released_on": date(2027, 5, 5)}, date(2027, 5, 5)),
        ({"attention_on": date(2030, 2, 3)}, date(2030, 2, 3)),
        ({"attention_on": date(2025, 2, 3)}, date(2026, 1, 10)),
        ({"decided_on": None, "attention_on": date(2030, 2, 3)}, None),
    ],
)
def test_the_clear_period_counts_from_the_last_of_outcome_release_and_attention(
    changed: dict[str, object], since: date | None
) -> None:
    assert clear_since(convicted(**changed)) == since


def test_only_the_lines_of_offence_groups_count_the_clear_period() -> None:
    case = convicted(custodial=False, group=2, attention_on=date(2030, 2, 3))

    by_group = decide(replace(FACTS, cases=(case,)), DEFAULT, datetime(2035, 1, 1, tzinfo=UTC))
    ungrouped = replace(case, group=None)

    assert by_group.due == end_of(date(2040, 2, 3))
    assert decide(
        replace(FACTS, cases=(ungrouped,)), DEFAULT, datetime(2026, 7, 10, tzinfo=UTC)
    ).due == end_of(date(2026, 7, 10))


@pytest.mark.parametrize(
    ("kind", "anew"),
    [
        (Attention.OFFENCE, True),
        (Attention.SUSPECTED, True),
        (Attention.RISK, True),
        (Attention.SUBJECT_ACCESS, False),
        (Attention.OTHER, False),
    ],
)
def test_only_what_is_on_the_list_begins_the_clear_period_anew(kind: Attention, anew: bool) -> None:
    assert starts_anew(kind) is anew


@pytest.mark.parametrize("trigger", [Trigger.OUTCOME, Trigger.LAST_EVENT])
def test_a_category_that_counts_from_an_outcome_takes_the_last_of_its_cases(
    trigger: Trigger,
) -> None:
    line = Line("Z", "Zebra", trigger, Period(days=10), End.DISPOSE, Period(days=1), "us")
    schedule = replace(
        DEFAULT,
        lines=(line, replace(line, code="Y", keep=Period(days=1))),
        by_category=(("z", "Z"),),
        by_outcome=((Outcome.NO_ACTION, "Y"),),
        by_group=(),
        uncategorised="Z",
    )
    later = replace(CLOSED, name="B", decided_on=date(2026, 4, 20), attention_on=date(2026, 5, 20))
    facts = replace(FACTS, category="z", trigger_at=ENDED, cases=(later, CLOSED))
    day = date(2026, 4, 20) if trigger is Trigger.OUTCOME else date(2026, 5, 20)

    assert decide(facts, schedule, LONG_AFTER).due == end_of(day) + timedelta(days=10)
    without = replace(facts, cases=())
    assert decide(without, schedule, LONG_AFTER).due == ENDED + timedelta(days=10)


def test_the_end_of_a_recording_counts_where_the_line_says_so_whatever_else_began() -> None:
    linked = replace(FACTS, trigger_at=ENDED + timedelta(days=100))

    assert decide(linked, DEFAULT, DUE) == decide(FACTS, DEFAULT, DUE)


def test_evidence_that_nobody_linked_counts_from_its_end() -> None:
    assert decide(replace(FACTS, category="arrest"), DEFAULT, DUE).due == ENDED + timedelta(
        days=365
    )


# What may be entered of a case

TODAY = date(2026, 6, 1)


@pytest.mark.parametrize(
    ("case", "fault"),
    [
        (replace(CLOSED, name="  "), "A case needs its reference."),
        (
            replace(CLOSED, decided_on=None),
            "An outcome needs the date on which it was decided.",
        ),
        (
            replace(OPEN, decided_on=TODAY),
            "A case that goes on has no date of its outcome.",
        ),
        (replace(CLOSED, custodial=False), "Only a conviction has a sentence."),
        (
            convicted(custodial=False, released_on=TODAY),
            "Only who was sent to prison or hospital is released.",
        ),
        (
            convicted(released_on=date(2026, 1, 9)),
            "Nobody is released before the conviction.",
        ),
        (replace(CLOSED, decided_on=date(2026, 6, 2)), "The outcome lies ahead."),
        (convicted(group=5), "There are four offence groups, 1 to 4."),
        (convicted(group=0), "There are four offence groups, 1 to 4."),
    ],
)
def test_what_cannot_be_in_a_case_is_said(case: Proceedings, fault: str) -> None:
    assert faults_of_case(case, TODAY) == (fault,)


@pytest.mark.parametrize(
    "case",
    [
        OPEN,
        CLOSED,
        replace(OPEN, outcome=Outcome.CHARGED),
        replace(CLOSED, decided_on=TODAY),
        convicted(),
        convicted(custodial=None),
        convicted(custodial=False),
        convicted(released_on=date(2026, 1, 10)),
        convicted(released_on=date(2030, 1, 1), group=1),
        convicted(group=2),
        convicted(group=4),
        convicted(group=None),
    ],
)
def test_what_may_be_in_a_case_has_no_fault(case: Proceedings) -> None:
    assert faults_of_case(case, TODAY) == ()


def test_what_is_known_of_a_case_reads_as_a_sentence() -> None:
    everything = convicted(
        released_on=date(2026, 3, 1),
        appeal_open=True,
        application_open=True,
        attention_on=date(2026, 5, 1),
    )

    assert told_of(OPEN) == "under investigation."
    assert told_of(convicted(custodial=False, group=None)) == (
        "convicted on 10 January 2026, not sent to prison."
    )
    assert told_of(everything) == (
        "convicted on 10 January 2026, sent to prison or hospital, released on 1 March 2026, "
        "an appeal is open, an application to the CCRC is open, offence group 3, "
        "clear period begun anew on 1 May 2026."
    )


def test_a_case_is_over_when_it_has_an_outcome() -> None:
    over = {outcome for outcome in Outcome if replace(OPEN, outcome=outcome).is_over}

    assert over == set(Outcome) - {Outcome.OPEN, Outcome.CHARGED}


def test_a_force_may_let_groups_of_cases_go_by_themselves() -> None:
    lines = tuple(replace(line, end=End.DISPOSE) for line in DEFAULT.lines)
    schedule = replace(DEFAULT, lines=lines)

    assert verdict(replace(FACTS, cases=(CLOSED,)), LONG_AFTER, schedule) is Verdict.DISPOSE


# Holds


def test_a_hold_keeps_and_says_for_what() -> None:
    decision = decide(replace(FACTS, holds=(hold(),)), DEFAULT, LONG_AFTER)

    assert decision == Decision(Verdict.KEEP, (f"held for {hold()}",))


def test_of_two_holds_one_is_enough_and_only_those_that_bind_are_named() -> None:
    released = hold(reason="old", released_at=ENDED)
    facts = replace(FACTS, holds=(released, hold(kind=HoldKind.DSI, reason="DSI 3")))

    assert decide(facts, DEFAULT, LONG_AFTER).reasons == (
        "held for death or serious injury: DSI 3 (placed by A. Hassan on 5 March 2026)",
    )


def test_after_a_release_past_its_date_it_stays_14_days() -> None:
    released = LONG_AFTER - timedelta(days=20)
    facts = replace(FACTS, holds=(hold(kind=HoldKind.OTHER, released_at=released),))
    grace = released + timedelta(days=14)

    decision = decide(facts, DEFAULT, grace - MINUTE)

    assert decision.verdict is Verdict.KEEP
    assert decision.due == grace
    assert decision.reasons == (f"a hold was released; it stays at least until {in_words(grace)}",)
    assert verdict(facts, grace) is Verdict.DISPOSE


def test_a_hold_that_ended_on_its_date_was_no_surprise_and_has_no_grace() -> None:
    facts = replace(FACTS, holds=(hold(kind=HoldKind.SCRUTINY, until=LONG_AFTER),))

    assert verdict(facts, LONG_AFTER - MINUTE) is Verdict.KEEP
    assert verdict(facts, LONG_AFTER) is Verdict.DISPOSE


def test_what_is_held_until_a_day_is_asked_about_again_on_the_last_of_them() -> None:
    first, last = hold(until=LONG_AFTER), hold(until=LONG_AFTER + timedelta(days=9))
    over = hold(until=LONG_AFTER + timedelta(days=99), released_at=DOCKED)

    def due(*holds: Hold) -> datetime | None:
        decision = decide(replace(FACTS, holds=holds), DEFAULT, DUE)
        assert decision.verdict is Verdict.KEEP
        return decision.due

    assert due(first) == LONG_AFTER
    assert due(last, first, over) == LONG_AFTER + timedelta(days=9)
    assert due(first, hold()) is None


def test_what_a_clock_ahead_keeps_is_asked_about_again_when_the_clock_is_reached() -> None:
    ahead = replace(FACTS, ended_at=LONG_AFTER, received_at=LONG_AFTER + MINUTE)

    decision = decide(ahead, DEFAULT, DUE)

    assert (decision.verdict, decision.due) == (Verdict.KEEP, LONG_AFTER + MINUTE)
    assert decide(replace(ahead, received_at=DOCKED), DEFAULT, DUE).due == LONG_AFTER
    assert decide(replace(ahead, complete=False), DEFAULT, DUE).due is None
    assert decide(replace(ahead, received_at=None), DEFAULT, DUE).due is None
    assert decide(replace(ahead, unsure=("the record knows more",)), DEFAULT, DUE).due is None


def test_the_end_that_reaches_furthest_is_the_reason_given() -> None:
    released = DUE - timedelta(days=1)
    facts = replace(
        FACTS,
        holds=(hold(kind=HoldKind.OTHER, released_at=released),),
        received_at=ENDED + timedelta(days=30),
    )

    assert decide(facts, DEFAULT, DUE).due == released + timedelta(days=14)


# Missing and impossible facts


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"ended_at": None}, "nobody knows when the recording ended"),
        ({"received_at": None}, "nobody knows when it was received"),
        ({"ended_at": LONG_AFTER + MINUTE}, "by its camera's clock it has not ended yet"),
        (
            {"received_at": LONG_AFTER + MINUTE},
            "it was received later than it is now: a clock is wrong",
        ),
        ({"complete": False}, "it is still arriving"),
        ({"restricted": True}, "its use is restricted; it is kept and not used"),
        ({"unsure": ("two files disagree",)}, "two files disagree"),
        (
            {"received_at": ENDED + timedelta(days=365, minutes=1)},
            "by its camera's clock it was filmed over a year before it was docked",
        ),
    ],
)
def test_a_fact_that_is_missing_or_cannot_be_keeps(changed: dict[str, object], reason: str) -> None:
    facts = replace(FACTS, **changed)  # type: ignore[arg-type]

    decision = replace(decide(facts, DEFAULT, LONG_AFTER), due=None)
    assert decision == Decision(Verdict.KEEP, (reason,))


def test_a_year_to_the_minute_on_a_camera_is_still_believed() -> None:
    docked = ENDED + timedelta(days=365)

    assert (
        decide(replace(FACTS, received_at=docked), DEFAULT, LONG_AFTER).verdict is Verdict.DISPOSE
    )


def test_a_recording_that_ends_this_very_moment_has_ended() -> None:
    now = replace(FACTS, ended_at=LONG_AFTER, received_at=LONG_AFTER)

    assert decide(now, DEFAULT, LONG_AFTER).lines == ("N0",)


# RET-12: reviews


TWO = frozenset({"Osei", "Lind"})


def reviewed(at: datetime, keep_until: date | None, people: frozenset[str] = TWO) -> Facts:
    review = Review("M. Osei", at, "still needed", keep_until, people)
    return replace(FACTS, category="arrest", review=review)


def test_a_review_that_keeps_says_who_why_and_until_when() -> None:
    facts = reviewed(datetime(2027, 5, 1, tzinfo=UTC), date(2028, 5, 1))

    decision = decide(facts, DEFAULT, datetime(2027, 6, 1, tzinfo=UTC))

    assert decision.verdict is Verdict.KEEP
    assert decision.reasons == ("M. Osei looked at it: still needed; until 1 May 2028",)
    assert decision.due == end_of(date(2028, 5, 1))
    assert verdict(facts, end_of(date(2028, 5, 1))) is Verdict.REVIEW


def test_a_review_that_lets_go_lets_the_clock_decide() -> None:
    over = Period(years=1).after(ENDED)

    decision = decide(reviewed(over, None), DEFAULT, LONG_AFTER)

    assert (decision.verdict, decision.by_people) == (Verdict.DISPOSE, True)
    assert decision.due == over + timedelta(days=14)
    assert not decide(FACTS, DEFAULT, LONG_AFTER).by_people


def test_one_person_alone_lets_nothing_go() -> None:
    over = Period(years=1).after(ENDED)

    for people in (frozenset({"Osei"}), frozenset[str]()):
        assert verdict(reviewed(over, None, people), over + MINUTE) is Verdict.REVIEW
        assert verdict(reviewed(over, None, people), LONG_AFTER) is Verdict.REVIEW


def test_what_two_people_let_go_stays_14_days() -> None:
    at = LONG_AFTER - timedelta(days=14)

    kept = decide(reviewed(at, None), DEFAULT, LONG_AFTER - MINUTE)

    assert kept.verdict is Verdict.KEEP
    assert kept.due == LONG_AFTER
    assert kept.reasons == ("two people let it go; it stays at least until 1 January 2060",)
    assert verdict(reviewed(at, None), LONG_AFTER) is Verdict.DISPOSE


def test_a_review_that_keeps_has_no_days_of_grace_whoever_stands_under_it() -> None:
    facts = reviewed(datetime(2027, 5, 1, tzinfo=UTC), date(2027, 5, 3))

    assert decide(facts, DEFAULT, datetime(2027, 5, 1, tzinfo=UTC)).due == end_of(date(2027, 5, 3))


@pytest.mark.parametrize(("days", "then"), [(-1, Verdict.REVIEW), (0, Verdict.DISPOSE)])
def test_a_look_before_a_hold_ended_does_not_count(days: int, then: Verdict) -> None:
    released = LONG_AFTER - timedelta(days=30)
    facts = reviewed(released + timedelta(days=days), None)

    other = HoldKind.OTHER
    holds = (hold(kind=other, released_at=released), hold(kind=other, released_at=ENDED))
    by_hand = replace(facts, holds=holds)
    by_itself = replace(facts, holds=(hold(kind=HoldKind.SCRUTINY, until=released),))

    assert verdict(by_hand, LONG_AFTER) is then
    assert verdict(by_itself, LONG_AFTER) is then


def test_a_review_before_the_time_was_over_does_not_count_as_one() -> None:
    over = Period(years=1).after(ENDED)

    assert verdict(reviewed(over - MINUTE, None), LONG_AFTER) is Verdict.REVIEW


# RET-04: a schedule fit to be used


def test_the_schedule_we_start_with_is_fit_for_every_category_we_start_with() -> None:
    assert faults_of(DEFAULT, [category for category, _ in DEFAULT.by_category]) == ()


def test_every_fault_of_a_schedule_is_named() -> None:
    bad = replace(
        DEFAULT,
        lines=(
            replace(DEFAULT.lines[0], look_every=NONE, keep=NONE, authority=" "),
            DEFAULT.lines[1],
            DEFAULT.lines[1],
        ),
        by_category=(("arrest", "E9"),),
        by_source=(("egt", "P9"),),
        by_outcome=((Outcome.CONVICTED, "E8"),),
        by_group=((1, "M9"), (2, "N1"), (3, "N1")),
        in_custody="E9",
        by_hold=((HoldKind.SUBJECT_ACCESS, "R9"),),
        uncategorised="N9",
    )

    assert faults_of(bad, ["arrest", "new"]) == (
        "Two lines have the code N1.",
        "N0 Routine footage has no time after which it is looked at again.",
        "N0 Routine footage would dispose of recordings at once.",
        "N0 Routine footage does not say who asks for it.",
        "Uncategorised recordings goes by N9, which is no line.",
        "The category arrest goes by E9, which is no line.",
        "The source type egt goes by P9, which is no line.",
        "The outcome convicted goes by E8, which is no line.",
        "The offence group 1 goes by M9, which is no line.",
        "A sentence served goes by E9, which is no line.",
        "A hold for subject access request goes by R9, which is no line.",
        "Offence group 2 goes only after a review, and N1 has none.",
        "The category new has no line.",
    )


def test_a_line_that_ends_in_a_review_may_be_looked_at_from_the_start() -> None:
    line = Line("R", "Review", Trigger.RECORDING_END, NONE, End.REVIEW, Period(days=1), "us")

    assert (
        faults_of(
            replace(
                DEFAULT,
                lines=(line,),
                by_category=(),
                by_source=(),
                by_outcome=(),
                by_group=(),
                in_custody="",
                by_hold=(),
                uncategorised="R",
            )
        )
        == ()
    )


N0 = DEFAULT.lines[0]
_RETURNS = Line("R", "Answered", Trigger.HOLD_RELEASED, NONE, End.RETURN, Period(days=1), "us")
COUNTS = (
    "N0 Routine footage lets go by itself, so it must count whole days from the end of the "
    "recording; otherwise a person looks."
)
RETURNS = "{} {} counts from the release of a hold only if it goes by its own line then.".format


@pytest.mark.parametrize(
    ("changed", "faults"),
    [
        ({"keep": Period(days=32)}, ()),
        ({"keep": Period(days=1)}, ()),
        ({"keep": Period(months=1)}, (COUNTS,)),
        ({"keep": Period(years=1, days=3)}, (COUNTS,)),
        ({"trigger": Trigger.OUTCOME}, (COUNTS,)),
        ({"trigger": Trigger.OUTCOME, "end": End.REVIEW}, ()),
        ({"keep": Period(months=1), "end": End.REVIEW}, ()),
        (
            {"end": End.RETURN},
            (
                RETURNS("N0", "Routine footage"),
                "Uncategorised recordings cannot go by N0: that is only for what a hold kept.",
                "The category non-evidential cannot go by N0: that is only for what a hold kept.",
            ),
        ),
        (
            {"trigger": Trigger.HOLD_RELEASED, "end": End.REVIEW},
            (RETURNS("N0", "Routine footage"),),
        ),
    ],
)
def test_what_goes_by_itself_can_be_counted_by_anybody_outside(
    changed: dict[str, object], faults: tuple[str, ...]
) -> None:
    lines = (replace(N0, **changed), *DEFAULT.lines[1:])  # type: ignore[arg-type]

    assert faults_of(replace(DEFAULT, lines=lines)) == faults


def test_a_line_for_what_a_hold_kept_is_for_nothing_else() -> None:
    schedule = replace(
        DEFAULT,
        lines=(*DEFAULT.lines, _RETURNS),
        by_hold=((HoldKind.SUBJECT_ACCESS, "R"), (HoldKind.INFORMATION_REQUEST, "N0")),
        by_source=(("egt", "R"),),
        in_custody="R",
    )

    after = "A hold for freedom of information request cannot go by N0: "
    assert faults_of(schedule) == (
        "The source type egt cannot go by R: that is only for what a hold kept.",
        "A sentence served cannot go by R: that is only for what a hold kept.",
        after + "after a hold nothing more lets go by itself.",
    )


def test_after_a_request_was_answered_it_stays_for_the_time_of_a_complaint() -> None:
    answered = LONG_AFTER - timedelta(days=20)
    facts = replace(FACTS, holds=(hold(kind=HoldKind.SUBJECT_ACCESS, released_at=answered),))
    until = Period(months=6).after(answered)

    decision = decide(facts, DEFAULT, LONG_AFTER)

    line = DEFAULT.line("R1")
    assert line is not None
    assert (decision.verdict, decision.due, decision.lines) == (Verdict.KEEP, until, ("N0",))
    assert decision.reasons == (f"{line.name} until {in_words(until)} ({line.authority})",)
    assert verdict(facts, until) is Verdict.DISPOSE
    without = replace(DEFAULT, by_hold=())
    assert decide(facts, without, LONG_AFTER).verdict is Verdict.DISPOSE
    short = replace(DEFAULT, lines=(*DEFAULT.lines, _RETURNS),
                    by_hold=((HoldKind.SUBJECT_ACCESS, "R"),))  # fmt: skip
    assert decide(facts, short, answered).due == answered + timedelta(days=14)


# What was held for a matter goes by the line of the matter, and never by itself
_FOR_MATTERS = [
    (HoldKind.COMPLAINT, "C1"),
    (HoldKind.DSI, "D1"),
    (HoldKind.CORONER, "L1"),
    (HoldKind.CIVIL, "L1"),
    (HoldKind.INQUIRY, "L1"),
]


@pytest.mark.parametrize(("kind", "code"), _FOR_MATTERS)
@pytest.mark.parametrize("over", ["released_at", "until"])
def test_what_was_held_for_a_matter_waits_for_a_person_a_year_after_it(
    kind: HoldKind, code: str, over: str
) -> None:
    facts = replace(FACTS, holds=(hold(kind=kind, **{over: LONG_AFTER}),))
    year = Period(years=1).after(LONG_AFTER)

    kept, then = decide(facts, DEFAULT, LONG_AFTER), decide(facts, DEFAULT, year)

    assert (kept.verdict, kept.due, kept.lines) == (Verdict.KEEP, year, (code, "N0"))
    assert then.verdict is Verdict.REVIEW
    line = DEFAULT.line(code)
    assert line is not None
    assert then.reasons == (f"{line.name}: a person decides, not the clock",)
    let_go = Review("A and B", year, "no use", None, frozenset({"a", "b"}))
    assert verdict(replace(facts, review=let_go), Period(days=14).after(year)) is Verdict.DISPOSE


def test_of_two_holds_for_one_matter_the_later_end_counts() -> None:
    ends = (LONG_AFTER, LONG_AFTER + MINUTE, LONG_AFTER - MINUTE)
    facts = replace(FACTS, holds=tuple(hold(released_at=each) for each in ends))

    decision = decide(facts, DEFAULT, LONG_AFTER + MINUTE)

    assert decision.due == Period(years=1).after(LONG_AFTER + MINUTE)
    assert decision.lines == ("C1", "N0")


def test_a_hold_of_another_kind_does_not_hide_the_one_for_a_matter() -> None:
    other = hold(kind=HoldKind.OTHER, released_at=LONG_AFTER)
    for holds in ((other, hold(released_at=LONG_AFTER)), (hold(released_at=LONG_AFTER), other)):
        decision = decide(replace(FACTS, holds=holds), DEFAULT, LONG_AFTER)
        assert decision.lines == ("C1", "N0")


def test_a_hold_released_before_its_day_counts_from_its_release() -> None:
    early = hold(kind=HoldKind.CIVIL, until=LONG_AFTER + timedelta(days=9), released_at=LONG_AFTER)

    decision = decide(replace(FACTS, holds=(early,)), DEFAULT, LONG_AFTER)

    assert decision.due == Period(years=1).after(LONG_AFTER)


# law.md 1.1: the rows of the schedule we start with


@pytest.mark.parametrize(
    ("code", "trigger", "keep", "end", "look_every"),
    [
        ("N0", Trigger.RECORDING_END, Period(days=31), End.DISPOSE, Period(days=31)),
        ("N1", Trigger.RECORDING_END, Period(days=31), End.DISPOSE, Period(days=31)),
        ("N2", Trigger.RECORDING_END, Period(days=31), End.DISPOSE, Period(days=31)),
        ("N3", Trigger.RECORDING_END, Period(days=31), End.DISPOSE, Period(days=31)),
        ("N4", Trigger.RECORDING_END, Period(days=31), End.DISPOSE, Period(days=31)),
        ("P0", Trigger.RECORDING_END, Period(days=28), End.DISPOSE, Period(days=28)),
        ("E0", Trigger.CASE_LINKED, Period(years=1), End.REVIEW, Period(years=1)),
        ("E1", Trigger.CASE_LINKED, Period(years=1), End.REVIEW, Period(years=1)),
        ("E2", Trigger.OUTCOME, Period(years=6), End.REVIEW, Period(years=6)),
        ("E3", Trigger.OUTCOME, Period(months=6), End.REVIEW, Period(years=1)),
        ("E4", Trigger.OUTCOME, Period(months=6), End.REVIEW, Period(years=1)),
        ("M1", Trigger.LAST_EVENT, Period(years=10), End.REVIEW, Period(years=10)),
        ("M2", Trigger.LAST_EVENT, Period(years=10), End.REVIEW, Period(years=10)),
        ("M3", Trigger.LAST_EVENT, Period(years=6), End.REVIEW, Period(years=5)),
        ("M4", Trigger.LAST_EVENT, Period(years=10), End.REVIEW, Period(years=10)),
        ("C1", Trigger.MATTER_OPENED, Period(years=1), End.REVIEW, Period(years=1)),
        ("D1", Trigger.MATTER_OPENED, Period(years=1), End.REVIEW, Period(years=1)),
        ("L1", Trigger.MATTER_OPENED, Period(years=1), End.REVIEW, Period(years=1)),
        ("R1", Trigger.HOLD_RELEASED, Period(months=6), End.RETURN, Period(months=6)),
        ("R2", Trigger.HOLD_RELEASED, Period(months=6), End.RETURN, Period(months=6)),
    ],
)
def test_a_row_of_the_schedule_we_start_with(
    code: str, trigger: Trigger, keep: Period, end: End, look_every: Period
) -> None:
    line = DEFAULT.line(code)

    assert line is not None
    assert (line.trigger, line.keep, line.end, line.look_every) == (trigger, keep, end, look_every)


@pytest.mark.parametrize(("group", "years"), [(1, 10), (2, 10), (3, 6), (4, 10)])
def test_an_offence_group_keeps_from_the_beginning_of_the_clear_period(
    group: int, years: int
) -> None:
    case = convicted(custodial=False, group=group, attention_on=date(2027, 2, 3))
    until = end_of(date(2027 + years, 2, 3))

    decision = decide(replace(FACTS, cases=(case,)), DEFAULT, until - MINUTE)

    assert (decision.verdict, decision.due, decision.lines[0]) == (Verdict.KEEP, until, f"M{group}")
    assert verdict(replace(FACTS, cases=(case,)), until) is Verdict.REVIEW


def test_the_version_in_force_is_the_latest_that_has_taken_effect() -> None:
    second = replace(DEFAULT, version=2, effective_at=DUE)
    corrected = replace(DEFAULT, version=3, effective_at=DUE)

    assert in_force([second, DEFAULT], DUE - MINUTE) == DEFAULT
    assert in_force([corrected, second, DEFAULT], DUE) == corrected
    assert in_force([second], DUE - MINUTE) is None
