"""Which words of a reason keep what is looked at."""

from __future__ import annotations

import pytest

from custodes.retention.rules.holds import HoldKind
from custodes.retention.rules.watching import hold_for, hold_for_handing


@pytest.mark.parametrize(
    "reason",
    [
        "To look into a complaint or conduct",
        "COMPLAINT 12/26",
        "the complainant's solicitor asked",
        "gross misconduct, PC 4711",
        "a conduct matter",
        "conduct investigation 7",
        "conduct\n inquiry 7",
        "for PSD",
        "PSD/12/26",
        "referred to the IOPC",
        "Professional Standards asked for it",
        "given to the police watchdog",
    ],
)
def test_a_reason_that_speaks_of_a_complaint_or_of_conduct_holds(reason: str) -> None:
    assert hold_for(reason) is HoldKind.COMPLAINT


@pytest.mark.parametrize(
    "reason",
    ["", "first steps", "to conduct a search of the area", "psdata export", "exhibit AB/1"],
)
def test_any_other_reason_holds_nothing(reason: str) -> None:
    assert hold_for(reason) is None


def test_handing_out_holds_for_the_reason_or_for_who_gets_it_and_for_no_two_words_of_both() -> None:
    assert hold_for_handing("a complaint") is HoldKind.COMPLAINT
    assert hold_for_handing("first steps", "PSD") is HoldKind.COMPLAINT
    assert hold_for_handing("first steps", "A. Marsh", "IOPC") is HoldKind.COMPLAINT
    assert hold_for_handing("bail", "A. Marsh", "Crown Prosecution Service") is None
    assert hold_for_handing("what he saw of the conduct", "inquiry agents") is None
