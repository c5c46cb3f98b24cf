"""What is answered when somebody asks for footage to be erased, and when that is lifted."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta

import pytest

from custodes.retention.rules.erasure import Answer, Basis, Ground, answer, why_not_lift

TOLD_BEFORE = "Whoever asked has to be told before the restriction is lifted, not after."
TODAY = date(2026, 11, 26)
GOES = datetime(2026, 12, 27, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("ground", "is_held", "is_evidence", "goes_on", "expected"),
    [
        (Ground.ERASE, True, False, GOES, Answer(Basis.EVIDENCE)),
        (Ground.ERASE, False, True, GOES, Answer(Basis.EVIDENCE)),
        (Ground.ERASE, False, False, None, Answer(Basis.EVIDENCE)),
        (Ground.ERASE, False, False, GOES, Answer(Basis.SCHEDULE, GOES)),
        (Ground.INACCURATE, True, False, GOES, Answer(Basis.EVIDENCE)),
        (Ground.INACCURATE, False, True, GOES, Answer(Basis.EVIDENCE)),
        (Ground.INACCURATE, False, False, GOES, Answer(Basis.ACCURACY)),
        (Ground.INACCURATE, False, False, None, Answer(Basis.ACCURACY)),
    ],
)
def test_every_answer_is_a_restriction_with_its_reason(
    ground: Ground, is_held: bool, is_evidence: bool, goes_on: datetime | None, expected: Answer
) -> None:
    given = answer(ground, is_held=is_held, is_evidence=is_evidence, goes_on=goes_on)

    assert given == expected


@pytest.mark.parametrize(
    ("because", "told_on", "fault"),
    [
        ("settled", TODAY, ""),
        ("settled", TODAY - timedelta(days=1), ""),
        (" ", TODAY, "Say why the restriction is lifted."),
        (
            "settled",
            None,
            TOLD_BEFORE,
        ),
        ("settled", TODAY + timedelta(days=1), "They have not been told yet."),
    ],
)
def test_nothing_is_lifted_before_whoever_asked_was_told(
    because: str, told_on: date | None, fault: str
) -> None:
    assert why_not_lift(because, told_on, TODAY) == fault
