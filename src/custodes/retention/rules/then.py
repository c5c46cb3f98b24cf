"""What happens to a recording on the day on which the rules are to be asked again.

Rules only. That a time is over does not say that anything is deleted: a person may have to
look first, or only what kept it ends, such as a hold or a sample.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from custodes.retention.rules.decision import Facts, Verdict, decide
from custodes.retention.rules.schedule import Schedule


class Then(StrEnum):
    """What happens on its day, as things stand."""

    DELETED = "deleted"
    LOOKED_AT = "looked-at"
    ASKED_AGAIN = "asked-again"


@dataclass(frozen=True, slots=True)
class Coming:
    """What happens on its day; ``after`` is what the rules say once what keeps it has ended."""

    then: Then
    after: Verdict


def coming_of(facts: Facts, schedule: Schedule, at: datetime) -> Coming | None:
    """Say what happens on the day a recording is due; None for one that has no day.

    What a hold keeps, or a case, or a doubt that time settles, is asked again when that ends,
    even where the schedule lets it go in that very night.
    """
    decision = decide(facts, schedule, at)
    if decision.verdict is not Verdict.KEEP:
        deleted = decision.verdict is Verdict.DISPOSE
        return Coming(Then.DELETED if deleted else Then.LOOKED_AT, decision.verdict)
    if decision.due is None:
        return None
    after = decide(facts, schedule, decision.due).verdict
    if not decision.lines or after is Verdict.KEEP:
        return Coming(Then.ASKED_AGAIN, after)
    return Coming(Then.DELETED if after is Verdict.DISPOSE else Then.LOOKED_AT, after)
