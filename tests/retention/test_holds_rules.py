"""Placing and releasing holds, and what a standing hold catches."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from custodes.kernel.areas import Area
from custodes.kernel.spans import Span
from custodes.retention.rules.holds import (
    HOLD_NAMES,
    Approval,
    Filmed,
    Hold,
    HoldKind,
    Scope,
    fault_of_days,
    faults_of_agreement,
    faults_of_new_hold,
    faults_of_renewal,
    latest_look,
    only_ends_by_itself,
    release_needs,
    span_of_days,
    waits_for_outcome,
)
from custodes.retention.rules.periods import in_words

NOW = datetime(2026, 3, 5, 12, 0, tzinfo=UTC)
NEXT_YEAR = date(2027, 3, 5)
MINUTE = timedelta(minutes=1)


def approval(person: str, role: str, reason: str = "no longer needed") -> Approval:
    return Approval(person, frozenset(role.split()), reason)


def test_every_kind_of_hold_has_a_name_in_words() -> None:
    assert set(HOLD_NAMES) == set(HoldKind)


@pytest.mark.parametrize(
    ("until", "released_at", "ended_at"),
    [
        (None, None, None),
        (NOW, None, NOW),
        (None, NOW, NOW),
        (NOW, NOW - MINUTE, NOW - MINUTE),
        (NOW - MINUTE, NOW, NOW - MINUTE),
    ],
)
def test_a_hold_binds_until_it_is_over(
    until: datetime | None, released_at: datetime | None, ended_at: datetime | None
) -> None:
    hold = Hold(HoldKind.CIVIL, "claim", "A", NOW - timedelta(days=9), until, released_at)

    assert hold.ended_at == ended_at
    assert hold.binds((ended_at or NOW) - MINUTE)
    assert hold.binds(ended_at or NOW) is (ended_at is None)


def test_a_hold_says_what_it_is_for() -> None:
    hold = Hold(HoldKind.SUBJECT_ACCESS, "SAR/9", "A", NOW)

    assert str(hold) == "subject access request: SAR/9 (placed by A on 5 March 2026)"
    assert str(replace(hold, reason="")) == "subject access request (placed by A on 5 March 2026)"


@pytest.mark.parametrize("kind", [HoldKind.COMPLAINT, HoldKind.DSI])
def test_a_hold_for_a_complaint_or_a_death_has_no_end_date(kind: HoldKind) -> None:
    until = NOW + timedelta(days=90)

    assert faults_of_new_hold(kind, "CO/1", NEXT_YEAR, until, NOW, today=NOW.date()) == (
        f"A hold for a {HOLD_NAMES[kind]} has no end date; it is released.",
    )
    assert faults_of_new_hold(kind, "CO/1", NEXT_YEAR, None, NOW, today=NOW.date()) == ()


def test_a_hold_without_reason_review_date_or_future_is_refused() -> None:
    assert faults_of_new_hold(HoldKind.CIVIL, " ", None, NOW, NOW, today=NOW.date()) == (
        "A hold needs a reason.",
        "A hold cannot end before it begins.",
        "A hold needs a date on which somebody looks whether it is still needed.",
    )
    assert faults_of_new_hold(
        HoldKind.CIVIL, "x", NOW.date(), NOW + MINUTE, NOW, today=NOW.date()
    ) == ("The review date must lie ahead.",)
    tomorrow = NOW.date() + timedelta(days=1)
    assert (
        faults_of_new_hold(HoldKind.CIVIL, "x", tomorrow, NOW + MINUTE, NOW, today=NOW.date()) == ()
    )


def test_a_hold_that_binds_is_looked_at_again_on_another_day_ahead_for_a_reason() -> None:
    grave = Hold(HoldKind.DSI, "fall", "ann", NOW - timedelta(days=365))
    today, before = NOW.date(), NOW.date() - timedelta(days=1)
    tomorrow = today + timedelta(days=1)

    assert faults_of_renewal(grave, "inquest", before, tomorrow, NOW, today=today) == ()
    assert faults_of_renewal(grave, " ", before, today, NOW, today=today) == (
        "Say why it is still needed.",
        "The day on which somebody looks again must lie ahead.",
    )
    assert faults_of_renewal(grave, "x", before, None, NOW, today=today) == (
        "The day on which somebody looks again must lie ahead.",
    )
    assert faults_of_renewal(grave, "x", tomorrow, tomorrow, NOW, today=today) == (
        "It is looked at on that day already.",
    )
    far = latest_look(today) + timedelta(days=1)
    assert len(faults_of_renewal(grave, " ", before, far, NOW, today=today)) == 2
    over = Hold(HoldKind.CIVIL, "claim", "ann", NOW - timedelta(days=9), until=NOW)
    assert faults_of_renewal(over, "x", before, tomorrow, NOW, today=today) == (
        "This hold does not bind any more.",
    )


def test_a_hold_is_looked_at_within_a_year() -> None:
    """DPA 2018 s.39(2): a day in 2090 is no time limit for a review."""
    today, far = NOW.date(), NEXT_YEAR + timedelta(days=1)
    too_far = "A hold is looked at every 1 year: choose a day no later than 5 March 2027."
    hold = Hold(HoldKind.CIVIL, "claim", "ann", NOW)

    assert latest_look(today) == NEXT_YEAR
    assert faults_of_new_hold(HoldKind.CIVIL, "x", far, None, NOW, today=today) == (too_far,)
    assert faults_of_renewal(hold, "x", today, far, NOW, today=today) == (too_far,)
    assert faults_of_renewal(hold, "x", today, NEXT_YEAR, NOW, today=today) == ()


def test_an_ordinary_hold_goes_with_one_reason() -> None:
    assert release_needs(HoldKind.CIVIL, [approval("ann", "records")]).met
    assert release_needs(HoldKind.CIVIL, []).missing == ("A release needs a reason.",)
    assert release_needs(HoldKind.CIVIL, [approval("ann", "records", " ")]).missing == (
        "A release needs a reason.",
    )


@pytest.mark.parametrize(
    ("approvals", "missing"),
    [
        ([], ("A release needs a reason.", "A second person must agree.")),
        ([approval("ann", "records")], ("A second person must agree.",)),
        (
            [approval("ann", "records"), approval("ann", "standards")],
            ("A second person must agree.",),
        ),
        (
            [approval("ann", "records"), approval("bob", "records")],
            ("The two people must hold different roles.",),
        ),
        (
            [approval("ann", "records"), approval("bob", "")],
            ("The two people must hold different roles.",),
        ),
        (
            [approval("ann", "records"), approval("bob", "standards", "")],
            ("A second person must agree.",),
        ),
        ([approval("ann", "records"), approval("bob", "standards")], ()),
        (
            [Approval("ann", frozenset({"records", "standards"}), "x"), approval("bob", "records")],
            (),
        ),
        (
            [approval("ann", "records"), approval("bob", "records"), approval("cat", "standards")],
            (),
        ),
    ],
)
def test_a_complaint_hold_needs_two_people_of_two_roles(
    approvals: list[Approval], missing: tuple[str, ...]
) -> None:
    assert release_needs(HoldKind.COMPLAINT, approvals).missing == missing


def test_a_dsi_hold_needs_the_watchdog_and_everything_closed_as_well() -> None:
    two = [approval("ann", "records"), approval("bob", "standards")]

    assert release_needs(HoldKind.DSI, two).missing == (
        "The reference of the police watchdog is missing.",
        "Inquest, criminal and civil matters must all be closed.",
    )
    assert release_needs(HoldKind.DSI, two, "2026/1", all_closed=True).met
    assert not release_needs(HoldKind.DSI, two, "2026/1").met
    assert not release_needs(HoldKind.DSI, two, " ", all_closed=True).met


@pytest.mark.parametrize(
    ("kind", "name"),
    [(HoldKind.APPEAL, "appeal"), (HoldKind.REVIEW_COMMISSION, "application to the CCRC")],
)
def test_what_waits_for_an_appeal_goes_only_with_the_day_it_was_decided(
    kind: HoldKind, name: str
) -> None:
    """RET-08: kept until the appeal is determined, and an application to the CCRC the same."""
    today, one = NOW.date(), [approval("ann", "records")]
    missing = (f"The day on which the {name} was decided is missing.",)

    assert waits_for_outcome(kind)
    assert release_needs(kind, one).missing == missing
    assert release_needs(kind, one, outcome_on=today).met
    assert faults_of_agreement(kind, "over", today, today=today) == ()
    assert faults_of_agreement(kind, " ", None, today=today) == (
        "A hold is released for a reason, and none was given.",
        f"Say on which day the {name} was decided; until then it binds.",
    )
    assert faults_of_agreement(kind, "over", today + timedelta(days=1), today=today) == (
        f"The {name} cannot have been decided on a day that lies ahead.",
    )


@pytest.mark.parametrize("kind", HoldKind)
def test_only_a_sample_that_has_a_day_waits_for_it(kind: HoldKind) -> None:
    day = NOW + timedelta(days=120)
    moment = timedelta(milliseconds=1)

    early = only_ends_by_itself(Hold(kind, "x", "ann", NOW, day), day - moment)
    why = f"A sample is kept for the panel until {in_words(day)}, and ends by itself then."
    assert early == (why if kind is HoldKind.SCRUTINY else "")
    assert not only_ends_by_itself(Hold(kind, "x", "ann", NOW, day), day)
    assert not only_ends_by_itself(Hold(kind, "x", "ann", NOW), NOW)


def test_no_other_hold_has_a_day_of_an_outcome() -> None:
    today = NOW.date()

    assert [kind for kind in HoldKind if waits_for_outcome(kind)] == [
        HoldKind.APPEAL,
        HoldKind.REVIEW_COMMISSION,
    ]
    assert faults_of_agreement(HoldKind.CIVIL, "settled", None, today=today) == ()
    assert faults_of_agreement(HoldKind.CIVIL, "settled", today, today=today) == (
        "A hold for a civil claim has no day of an outcome.",
    )


@pytest.mark.parametrize(
    ("first", "last", "fault"),
    [
        (None, None, ""),
        (NEXT_YEAR, None, "A stretch of time needs both its days."),
        (None, NEXT_YEAR, "A stretch of time needs both its days."),
        (date(1900, 1, 1), date(9998, 12, 31), ""),
        (date(1900, 1, 1), date(1900, 12, 31), ""),
        (date(9998, 1, 1), date(9998, 12, 31), ""),
        (date(1899, 12, 31), NEXT_YEAR, "The days are too far away."),
        (NEXT_YEAR, date(9999, 1, 1), "The days are too far away."),
        (date(9999, 1, 1), NEXT_YEAR, "The days are too far away."),
        (NEXT_YEAR, date(1899, 1, 1), "The days are too far away."),
        (NEXT_YEAR, NEXT_YEAR, ""),
        (NEXT_YEAR, date(2027, 3, 4), "The last day is before the first."),
    ],
)
def test_a_stretch_of_days_has_both_of_them_in_order(
    first: date | None, last: date | None, fault: str
) -> None:
    assert fault_of_days(first, last) == fault


def test_days_are_those_of_the_zone_and_the_last_is_included() -> None:
    span = span_of_days(date(2026, 3, 28), date(2026, 3, 29), ZoneInfo("Europe/London"))

    assert (span.start, span.end) == (
        datetime(2026, 3, 28, tzinfo=UTC),
        datetime(2026, 3, 29, 23, tzinfo=UTC),
    )


FOUND = Filmed(
    "rec", "cam", NOW, NOW + timedelta(minutes=10), "ann", "Brixton Road",
    position=(51.4613, -0.1156),
)  # fmt: skip
HERE = frozenset({Area(51.4600, -0.1156, 500)})
FAR = frozenset({Area(51.4700, -0.1156, 500)})
SPAN = Span(NOW - timedelta(hours=1), NOW + timedelta(hours=1))


@pytest.mark.parametrize(
    ("scope", "caught"),
    [
        (Scope(), False),
        (Scope(span=SPAN), True),
        (Scope(wearers=frozenset({"ann"})), True),
        (Scope(wearers=frozenset({"bob"})), False),
        (Scope(cameras=frozenset({"cam"})), True),
        (Scope(cameras=frozenset({"other"})), False),
        (Scope(places=frozenset({"Brixton Road"})), True),
        (Scope(places=frozenset({"Acre Lane"})), False),
        (Scope(recordings=frozenset({"rec"})), True),
        (Scope(recordings=frozenset({"other"})), False),
        (Scope(recordings=frozenset({"other"}), wearers=frozenset({"ann"})), True),
        (Scope(recordings=frozenset({"rec"}), wearers=frozenset({"bob"})), True),
        (Scope(span=SPAN, wearers=frozenset({"bob"})), False),
        (Scope(span=SPAN, wearers=frozenset({"ann"}), cameras=frozenset({"cam"})), True),
        (Scope(areas=HERE), True),
        (Scope(areas=FAR), False),
        (Scope(areas=HERE | FAR), True),
        (Scope(span=SPAN, areas=HERE), True),
        (Scope(wearers=frozenset({"ann"}), areas=FAR), False),
        (Scope(wearers=frozenset({"bob"}), areas=HERE), False),
        (Scope(recordings=frozenset({"rec"}), areas=FAR), True),
        (Scope(span=Span(NOW - timedelta(hours=2), NOW)), False),
        (Scope(span=Span(NOW - timedelta(hours=2), NOW + MINUTE)), True),
        (Scope(span=Span(NOW + timedelta(minutes=10), NOW + timedelta(hours=1))), True),
        (Scope(span=Span(NOW + timedelta(minutes=11), NOW + timedelta(hours=1))), False),
    ],
)
def test_a_standing_hold_catches_what_matches_all_that_it_names(scope: Scope, caught: bool) -> None:
    assert scope.catches(FOUND) is caught


@pytest.mark.parametrize(
    ("scope", "caught"),
    [
        (Scope(SPAN, wearers=frozenset({"ann"}), either=True), True),
        (Scope(SPAN, cameras=frozenset({"cam"}), either=True), True),
        (Scope(SPAN, places=frozenset({"Brixton Road"}), either=True), True),
        (Scope(SPAN, frozenset({"bob"}), frozenset({"cam"}), either=True), True),
        (
            Scope(
                SPAN, frozenset({"bob"}), frozenset({"other"}), frozenset({"Acre Lane"}),
                either=True,
            ),
            False,
        ),
        (Scope(SPAN, frozenset({"bob"}), areas=HERE, either=True), True),
        (Scope(SPAN, frozenset({"bob"}), areas=FAR, either=True), False),
        (Scope(SPAN, frozenset({"ann"}), areas=FAR, either=True), True),
        (Scope(Span(NOW - timedelta(hours=2), NOW), areas=HERE, either=True), False),
        (Scope(SPAN, either=True), False),
        (Scope(Span(NOW - timedelta(hours=2), NOW), frozenset({"ann"}), either=True), False),
        (Scope(recordings=frozenset({"rec"}), either=True), True),
    ],
)  # fmt: skip
def test_a_hold_of_either_kind_of_reach_catches_what_one_name_fits_in_its_time(
    scope: Scope, caught: bool
) -> None:
    assert scope.catches(FOUND) == caught
    unplaced = replace(FOUND, place="", wearer="", camera="unheard-of", position=None)
    assert not replace(scope, recordings=frozenset()).catches(unplaced)


def test_a_scope_that_is_widened_has_all_names_of_both_in_its_own_time() -> None:
    one = Scope(SPAN, *(frozenset({name}) for name in "abcd"), either=True, areas=HERE)
    other = Scope(None, *(frozenset({name}) for name in "wxyz"), areas=FAR)

    both = [frozenset({*pair}) for pair in ("aw", "bx", "cy", "dz")]
    areas = HERE | FAR
    assert one.widened(other) == Scope(SPAN, *both, either=True, areas=areas)
    assert replace(one, either=False).widened(other) == one.widened(other)
    of_cameras = Scope(SPAN, cameras=frozenset({"cam"}))
    assert of_cameras.widened(Scope(SPAN, wearers=frozenset({"bob"}))).catches(FOUND)


def test_in_doubt_a_standing_hold_catches() -> None:
    later = Scope(span=Span(NOW + timedelta(hours=5), NOW + timedelta(hours=6)))

    assert later.catches(replace(FOUND, ended_at=None))
    assert Scope(places=frozenset({"Acre Lane"})).catches(replace(FOUND, place=""))
    assert not Scope(wearers=frozenset({"bob"})).catches(replace(FOUND, wearer=""))
    assert not Scope(areas=HERE).catches(replace(FOUND, position=None))
    assert Scope().is_empty
    for named in (
        Scope(areas=HERE), Scope(wearers=frozenset("a")), Scope(cameras=frozenset("a")),
        Scope(places=frozenset("a")), Scope(recordings=frozenset("a")),
    ):  # fmt: skip
        assert not named.is_empty
    assert not Scope(span=SPAN).is_empty


def test_whichever_clock_was_right_a_standing_hold_catches() -> None:
    behind = replace(
        FOUND,
        started_at=FOUND.started_at - timedelta(days=9),
        ended_at=None,
        offset=timedelta(days=9),
    )
    span = Scope(span=Span(FOUND.started_at, FOUND.started_at + MINUTE))

    assert span.catches(behind)
    assert span.catches(replace(FOUND, offset=timedelta(days=9)))
    assert span.catches(replace(behind, ended_at=behind.started_at + MINUTE))
    assert not span.catches(
        replace(behind, ended_at=behind.started_at + MINUTE, offset=timedelta(days=8))
    )
    ahead = replace(FOUND, started_at=FOUND.started_at + timedelta(days=9), ended_at=None)
    assert span.catches(replace(ahead, offset=timedelta(days=-9)))
    assert not span.catches(replace(ahead, offset=timedelta(days=9)))
