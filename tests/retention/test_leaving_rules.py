"""When a recording goes by itself, told ahead of time."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from custodes.retention.rules.decision import Facts
from custodes.retention.rules.default import DEFAULT
from custodes.retention.rules.holds import Hold, HoldKind
from custodes.retention.rules.leaving import Leaving, leaves_before

DAY = timedelta(days=1)
ENDED = datetime(2026, 3, 1, 12, tzinfo=UTC)
DUE = ENDED + 31 * DAY
FACTS = Facts(ENDED, ENDED)
OVER = "Routine footage: over on 1 April 2026"


def held_until(until: datetime | None, **said: datetime) -> Hold:
    return Hold(HoldKind.SUBJECT_ACCESS, "SAR/9", "ann", ENDED, until, **said)


def test_what_the_schedule_alone_keeps_leaves_when_its_time_is_over() -> None:
    assert leaves_before(FACTS, DEFAULT, ENDED, DUE) is None
    assert leaves_before(FACTS, DEFAULT, ENDED, DUE + DAY) == Leaving(DUE, (OVER,))


def test_what_a_hold_keeps_until_a_day_leaves_on_that_day_or_when_its_time_is_over() -> None:
    until = DUE + 9 * DAY
    facts = replace(FACTS, holds=(held_until(DUE + DAY), held_until(until), held_until(until)))
    why = "a hold keeps it and ends by itself on 10 April 2026, with no days of grace"

    assert leaves_before(facts, DEFAULT, DUE, until) is None
    assert leaves_before(facts, DEFAULT, DUE, until + DAY) == Leaving(until, (why, OVER))
    assert leaves_before(facts, DEFAULT, until, until + DAY) == Leaving(until, (OVER,))
    early = replace(FACTS, holds=(held_until(ENDED + DAY),))
    assert leaves_before(early, DEFAULT, ENDED, DUE + DAY) == Leaving(DUE, (OVER,))


def test_what_has_no_end_or_waits_for_a_person_does_not_leave() -> None:
    far = DUE + 4000 * DAY
    ends, never = held_until(DUE + DAY), held_until(None)

    assert leaves_before(replace(FACTS, holds=(ends, never)), DEFAULT, DUE, far) is None
    evidence = replace(FACTS, category="arrest", holds=(ends,))
    assert leaves_before(evidence, DEFAULT, DUE, far) is None
    restricted = replace(FACTS, restricted=True, holds=(ends,))
    assert leaves_before(restricted, DEFAULT, DUE, far) is None
