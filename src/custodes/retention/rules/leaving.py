"""When a recording goes by itself, as things stand: for those who are told before it does.

A hold that ends on a day lets go on that day what the schedule would have let go before.
There is no time of grace after it, as there is after one that was released (HOLD-04), so
that it is told ahead of time is all the warning there is.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from custodes.retention.rules.decision import Facts, Verdict, decide
from custodes.retention.rules.periods import in_words
from custodes.retention.rules.schedule import Schedule


@dataclass(frozen=True, slots=True)
class Leaving:
    """The moment from which the next sweep takes a recording, and why nothing keeps it then.

    No reason names what a hold was for: the wearer reads them too.
    """

    at: datetime
    reasons: tuple[str, ...]


def leaves_before(
    facts: Facts, schedule: Schedule, at: datetime, moment: datetime
) -> Leaving | None:
    """Say when a recording goes by itself, if that is before a moment; None if it does not.

    The rules are asked again at each moment at which they said that time alone changes
    their answer, until they let it go or want a person.
    """
    since, decision = at, decide(facts, schedule, at)
    while decision.verdict is Verdict.KEEP and decision.due is not None and decision.due < moment:
        since = decision.due
        decision = decide(facts, schedule, since)
    if decision.verdict is not Verdict.DISPOSE:
        return None
    ends = [hold.until for hold in facts.holds if hold.binds(at) and hold.until is not None]
    held = (
        f"a hold keeps it and ends by itself on {in_words(end)}, with no days of grace"
        for end in ends
        if end == since
    )
    return Leaving(since, (*dict.fromkeys(held), *decision.reasons))
