"""Why something is kept with no date that time alone brings, and what a person can do about it.

Rules only, in the order of decision.decide: the first reason that has no end is the one that
counts. Nothing is kept for ever by nobody's decision (DPA 2018 s.39(2)): each has an act that
gives it a date again.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from enum import IntEnum

from custodes.retention.rules.decision import TOO_OLD_TO_BELIEVE, Decision, Facts, Verdict
from custodes.retention.rules.proceedings import Proceedings, minimum_of


class Undated(IntEnum):
    """Why something is kept with no date."""

    HELD = 1
    RESTRICTED = 2
    ARRIVING = 3
    NO_END = 4
    CLOCK = 5
    CASE_OPEN = 6
    CHALLENGED = 7
    SENTENCE = 8
    RELEASE = 9
    NO_LINE = 10
    OTHER = 11


UNDATED_NAMES = {
    Undated.HELD: "A hold keeps it that has no end",
    Undated.RESTRICTED: "Its use is restricted",
    Undated.ARRIVING: "It has not arrived whole",
    Undated.NO_END: "Nobody knows when the recording ended",
    Undated.CLOCK: "By its camera's clock it was filmed over a year before it was docked",
    Undated.CASE_OPEN: "Its case is open",
    Undated.CHALLENGED: "An appeal, or an application to the CCRC, is open",
    Undated.SENTENCE: "Nobody has entered the sentence, or when the case was decided",
    Undated.RELEASE: "Nobody has entered when who was convicted is released",
    Undated.NO_LINE: "The schedule has no line for its category or its case",
    Undated.OTHER: "Another reason, which its page tells",
}
WHAT_TO_DO = {
    Undated.HELD: "Each hold has a day on which somebody looks at it; open it and release it when "
    "what it was for is over.",
    Undated.RESTRICTED: "Open the request under Restricted: once whoever asked was told, it can "
    "be lifted.",
    Undated.ARRIVING: "Dock the camera again. Where the rest will never come, put it in a "
    "category or a case, or say so where its gap is explained; it stays.",
    Undated.NO_END: "Look at it and put it in the category it belongs to. Without an end no "
    "period can be counted; it stays until its files say when it ended.",
    Undated.CLOCK: "Look when it was really filmed, have the camera's clock set, and keep it "
    "with its case if it has one; a date that cannot be lets nothing go.",
    Undated.CASE_OPEN: "Who works on the case looks over its recordings every year, and enters "
    "its outcome when there is one.",
    Undated.CHALLENGED: "Enter in the case when it was decided.",
    Undated.SENTENCE: "Enter the outcome in the case, with its date and the sentence.",
    Undated.RELEASE: "Enter in the case when they were released.",
    Undated.NO_LINE: "Propose a line for the category under Schedule, or put the recordings in "
    "a category that has one.",
    Undated.OTHER: "Open it: its page says what keeps it.",
}


def why_undated(facts: Facts, decision: Decision, at: datetime) -> Undated | None:
    """Return why a recording is kept with no date; None for one that has a date or waits."""
    if decision.verdict is not Verdict.KEEP or decision.due is not None:
        return None
    return next(why for why, is_so in _in_their_order(facts, at) if is_so)


def _in_their_order(facts: Facts, at: datetime) -> Iterator[tuple[Undated, bool]]:
    ended, received = facts.ended_at, facts.received_at
    yield Undated.HELD, any(hold.binds(at) for hold in facts.holds)
    yield Undated.RESTRICTED, facts.restricted
    yield Undated.OTHER, bool(facts.unsure) or received is None
    yield Undated.ARRIVING, not facts.complete
    yield Undated.NO_END, ended is None
    yield Undated.CLOCK, bool(ended and received and received - ended > TOO_OLD_TO_BELIEVE)
    yield _by_case(facts.cases) or Undated.NO_LINE, True


def _by_case(cases: tuple[Proceedings, ...]) -> Undated | None:
    for case in (case for case in cases if minimum_of(case).until is None):
        if not case.is_over:
            return Undated.CASE_OPEN
        if case.appeal_open or case.application_open:
            return Undated.CHALLENGED
        if case.decided_on is None or case.custodial is None:
            return Undated.SENTENCE
        return Undated.RELEASE
    return None
