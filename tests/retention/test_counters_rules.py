"""Each disagreement of a camera's numbers has its sentence, and what is not covered is exact."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custodes.retention.rules.counters import Counted, Restart, Stand, not_covered, sentences_of

STAND = Stand(b"leaf", 9, 4)
STARTED = "A reading began from 7, and the one before had ended with 5."
PASSED = ((1, 1), (3, 4), (6, 6), (8, 8))
PASSED_OVER = "It passed over number 1, numbers 3 to 4, number 6"
NOT_SAID = "and no gap on the register says so."


@pytest.mark.parametrize(
    ("told", "said"),
    [
        (Counted(STAND, STAND, begun=1), ()),
        (Counted(STAND, None), ("Its counter is lost; by the record it stands at 9.",)),
        (
            Counted(STAND, Stand(b"leaf", 10, None)),
            (
                "Its highest number runs ahead of the record: here 10, by the record 9.",
                "Its counter when last read was turned back: here none, by the record 4.",
            ),
        ),
        (
            Counted(STAND, Stand(b"leaf", 8, 6)),
            (
                "Its highest number was turned back: here 8, by the record 9.",
                "Its counter when last read runs ahead of the record: here 6, by the record 4.",
            ),
        ),
        (
            Counted(STAND, STAND, begun=2),
            ("Its counter was lost once before: a later file of it follows none.",),
        ),
        (
            Counted(Stand(b"", None, None), Stand(b"", 1, None)),
            ("Its highest number runs ahead of the record: here 1, by the record none.",),
        ),
        (
            Counted(STAND, Stand(b"other", 9, 4), begun=3),
            (
                "Its counter does not follow the last file that the record has of it.",
                "Its counter was lost 2 times before: a later file of it follows none.",
            ),
        ),
        (
            Counted(STAND, STAND, restarts=(Restart(5, None),) * 5),
            ("A reading began from none, and the one before had ended with 5.",) * 3
            + ("So did 2 more readings.",),
        ),
        (Counted(STAND, STAND, restarts=(Restart(5, 7),) * 3), (STARTED,) * 3),
        (
            Counted(STAND, STAND, restarts=(Restart(5, 7),) * 4),
            (*(STARTED,) * 3, "So did 1 more reading."),
        ),
        (Counted(STAND, STAND, without_gap=PASSED[:3]), (f"{PASSED_OVER}, {NOT_SAID}",)),
        (
            Counted(STAND, STAND, without_gap=(*PASSED, (9, 9))),
            (f"{PASSED_OVER} and 2 more runs, {NOT_SAID}",),
        ),
        (
            Counted(STAND, STAND, without_gap=PASSED),
            (f"{PASSED_OVER} and 1 more run, {NOT_SAID}",),
        ),
    ],
)
def test_each_disagreement_has_its_sentence(told: Counted, said: tuple[str, ...]) -> None:
    assert sentences_of(told) == said


runs = st.tuples(st.integers(0, 30), st.integers(0, 9)).map(lambda run: (run[0], sum(run)))


@given(runs, st.lists(runs, max_size=5))
def test_what_is_not_covered_is_what_no_run_holds(run: Any, covered: Any) -> None:
    numbers = set(range(run[0], run[1] + 1))
    for first, last in covered:
        numbers -= set(range(first, last + 1))

    left = not_covered(run, covered)

    assert [n for first, last in left for n in range(first, last + 1)] == sorted(numbers)
    assert all(first <= last for first, last in left)
    assert all(one[1] + 1 < other[0] for one, other in pairwise(left))
