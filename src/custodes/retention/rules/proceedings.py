"""How long a case keeps its evidence: the minimum the CPIA code sets, and what follows it.

Criminal Procedure and Investigations Act 1996, code of practice: relevant material
is kept until a decision on proceedings, then until they end; after a conviction at
least six months from it, and until release where somebody was sent to prison or
hospital; while an appeal or an application to the CCRC is open, until that is decided.
After that the MoPI offence groups count a clear period, which begins anew only with
what is on the list below.
"""

from __future__ import annotations

from collections.abc import Iterator
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


_NOT_OVER = frozenset({Outcome.OPEN, Outcome.CHARGED})

OUTCOME_NAMES = {
    Outcome.OPEN: "under investigation",
    Outcome.CHARGED: "charged",
    Outcome.ACQUITTED: "acquitted",
    Outcome.DISCONTINUED: "discontinued",
    Outcome.NO_ACTION: "no further action",
    Outcome.CONVICTED: "convicted",
}


@dataclass(frozen=True, slots=True)
class Proceedings:
    """What is known of one case that a recording belongs to. None means: not known.

    ``custodial`` says that somebody was sent to prison or hospital; ``released_on``
    is then when they came out. ``group`` is the MoPI offence group, 1 to 4;
    ``attention_on`` is when something last began the clear period anew.
    """

    name: str
    outcome: Outcome
    decided_on: date | None = None
    custodial: bool | None = None
    released_on: date | None = None
    appeal_open: bool = False
    application_open: bool = False
    group: int | None = None
    attention_on: date | None = None

    @property
    def is_over(self) -> bool:
        """Say whether the case has ended, whatever is challenged since."""
        return self.outcome not in _NOT_OVER


class Attention(StrEnum):
    """Why somebody of a case came to the attention of the police again: a closed list."""

    OFFENCE = "offence"
    SUSPECTED = "suspected-offence"
    RISK = "evidence-of-risk"
    SUBJECT_ACCESS = "subject-access-request"
    OTHER = "other"


ATTENTION_NAMES = {
    Attention.OFFENCE: "a new offence",
    Attention.SUSPECTED: "a suspected offence",
    Attention.RISK: "evidence of risk",
    Attention.SUBJECT_ACCESS: "a subject access request",
    Attention.OTHER: "something else",
}
# RET-11: as an offender. Whether asking for one's own data counts was asked, and no answer seen.
_STARTS_ANEW = frozenset({Attention.OFFENCE, Attention.SUSPECTED, Attention.RISK})


def starts_anew(kind: Attention) -> bool:
    """Say whether the clear period begins again with it."""
    return kind in _STARTS_ANEW


def clear_since(case: Proceedings) -> date | None:
    """Return when the clear period began: the last of outcome, release and attention (RET-11)."""
    if case.decided_on is None:
        return None
    told = (case.decided_on, case.released_on, case.attention_on)
    return max(day for day in told if day is not None)


def told_of(case: Proceedings) -> str:
    """Say in a sentence what is known of a case, for its entries."""
    parts = [OUTCOME_NAMES[case.outcome]]
    if case.decided_on is not None:
        parts[0] += f" on {in_words(case.decided_on)}"
    if case.custodial is not None:
        parts.append("sent to prison or hospital" if case.custodial else "not sent to prison")
    if case.released_on is not None:
        parts.append(f"released on {in_words(case.released_on)}")
    if case.appeal_open:
        parts.append("an appeal is open")
    if case.application_open:
        parts.append("an application to the CCRC is open")
    if case.group is not None:
        parts.append(f"offence group {case.group}")
    if case.attention_on is not None:
        parts.append(f"clear period begun anew on {in_words(case.attention_on)}")
    return ", ".join(parts) + "."


def faults_of_case(case: Proceedings, at: date) -> tuple[str, ...]:
    """Return what cannot be in what somebody wants to enter of a case; nothing when it can."""
    faults = []
    if not case.name.strip():
        faults.append("A case needs its reference.")
    if case.is_over and case.decided_on is None:
        faults.append("An outcome needs the date on which it was decided.")
    if not case.is_over and case.decided_on is not None:
        faults.append("A case that goes on has no date of its outcome.")
    if case.outcome is not Outcome.CONVICTED and case.custodial is not None:
        faults.append("Only a conviction has a sentence.")
    if case.released_on is not None and not case.custodial:
        faults.append("Only who was sent to prison or hospital is released.")
    faults += _faults_of_days(case.decided_on, case.released_on, at)
    if case.group is not None and case.group not in {1, 2, 3, 4}:
        faults.append("There are four offence groups, 1 to 4.")
    return tuple(faults)


def _faults_of_days(decided_on: date | None, released_on: date | None, at: date) -> Iterator[str]:
    if decided_on is None:
        return
    if released_on is not None and released_on < decided_on:
        yield "Nobody is released before the conviction."
    if decided_on > at:
        yield "The outcome lies ahead."


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
    if not case.is_over:
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
