"""What happens to a recording on its day: deleted, looked at, or asked again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from custodes.retention.rules.decision import Facts, Review, Verdict
from custodes.retention.rules.default import DEFAULT
from custodes.retention.rules.holds import Hold, HoldKind
from custodes.retention.rules.then import Coming, Then, coming_of

DAY = timedelta(days=1)
ENDED = datetime(2026, 3, 1, 12, tzinfo=UTC)
DUE = ENDED + 31 * DAY
FACTS = Facts(ENDED, ENDED)


def held_until(until: datetime | None) -> Hold:
    return Hold(HoldKind.SCRUTINY, "panel", "ann", ENDED, until)


def test_what_the_schedule_alone_keeps_is_deleted_on_its_day_and_once_it_is_over() -> None:
    deleted = Coming(Then.DELETED, Verdict.DISPOSE)

    assert coming_of(FACTS, DEFAULT, ENDED) == deleted
    assert coming_of(FACTS, DEFAULT, DUE) == deleted


def test_what_a_line_wants_a_person_to_look_at_is_looked_at() -> None:
    arrest, looked_at = replace(FACTS, category="arrest"), Coming(Then.LOOKED_AT, Verdict.REVIEW)
    later = ENDED + 9000 * DAY

    assert coming_of(arrest, DEFAULT, ENDED) == looked_at
    assert coming_of(arrest, DEFAULT, later) == looked_at
    two = Review("ann", later, "not needed", None, frozenset({"ann", "ben"}))
    assert coming_of(replace(arrest, review=two), DEFAULT, later) == Coming(
        Then.DELETED, Verdict.DISPOSE
    )


def test_a_hold_or_a_sample_that_ends_has_it_asked_again_and_says_what_comes_of_it() -> None:
    early, late = held_until(ENDED + DAY), held_until(DUE + DAY)
    arrest = replace(FACTS, category="arrest", holds=(held_until(ENDED + 9000 * DAY),))

    for holds, after in (((early,), Verdict.KEEP), ((late,), Verdict.DISPOSE)):
        held = replace(FACTS, holds=holds)
        assert coming_of(held, DEFAULT, ENDED) == Coming(Then.ASKED_AGAIN, after)
    assert coming_of(arrest, DEFAULT, ENDED) == Coming(Then.ASKED_AGAIN, Verdict.REVIEW)


def test_what_has_no_day_has_nothing_coming() -> None:
    assert coming_of(replace(FACTS, restricted=True), DEFAULT, ENDED) is None
    assert coming_of(replace(FACTS, holds=(held_until(None),)), DEFAULT, ENDED) is None
