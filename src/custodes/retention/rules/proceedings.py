"""How long a case keeps its evidence: the minimum the CPIA code sets, and what follows it.

Criminal Procedure and Investigations Act 1996, code of practice: relevant material
is kept until a decision on proceedings, then until they end; after a conviction at
least six months from it, and until release where somebody was sent to prison or
hospital; while an appeal or an application to the CCRC is open, until that is decided.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum

from custodes.retention.rules.periods import Period, end_of, in_words

#: After a conviction (Law Commission 2023 on the code).
AFTER_CONVICTION = Period(months=6)


class Outcome(StrEnum):
    """How a case ended, so far."""

    OPEN = "open"
    CHARGED = "charged"
    ACQUITTED = "acquitted"
    DISCONTINUED = "discontinued"
    NO_ACTION = "no-further-action"
    CONVICTED = "convicted"


@dataclass(frozen=True, slots=True)
class Proceedings:
    """What is known of one case that a recording belongs to. None means: not known.

    ``custodial`` says that somebody was sent to prison or hospital; ``released_on``
    is then when they came out. ``group`` is the MoPI offence group, 1 to 4.
    """

    name: str
    outcome: Outcome
    decided_on: date | None = None
    custodial: bool | None = None
    released_on: date | None = None
    appeal_open: bool = False
    application_open: bool = False
    group: int | None = None


@dataclass(frozen=True, slots=True)
class Minimum:
    """Until when a case keeps its evidence, and why. ``until`` None: no end is known."""

    until: datetime | None
    reason: str

    def binds(self, at: datetime) -> bool:
        """Say whether the case keeps its evidence at this moment."""
        return self.until is None or at < self.until


def minimum_of(case: Proceedings) -> Minimum:
    """Return how long this case keeps what belongs to it (RET-06 to RET-08)."""
    if case.outcome in {Outcome.OPEN, Outcome.CHARGED}:
        return Minimum(None, f"case {case.name} is open")
    if case.appeal_open:
        return Minimum(None, f"an appeal in case {case.name} is open")
    if case.application_open:
        return Minimum(None, f"an application to the CCRC in case {case.name} is open")
    if case.decided_on is None:
        return Minimum(None, f"nobody has entered when case {case.name} was decided")
    if case.outcome is not Outcome.CONVICTED:
        ended = in_words(case.decided_on)
        return Minimum(end_of(case.decided_on), f"case {case.name} ended on {ended}")
    return _after_conviction(case, case.decided_on)


def _after_conviction(case: Proceedings, convicted_on: date) -> Minimum:
    last = AFTER_CONVICTION.after_date(convicted_on)
    if case.custodial is None:
        return Minimum(None, f"nobody has entered the sentence in case {case.name}")
    if case.custodial:
        if case.released_on is None:
            return Minimum(None, f"the release date in case {case.name} is not known")
        last = max(last, case.released_on)
    return Minimum(end_of(last), f"conviction in case {case.name} keeps it until {in_words(last)}")
