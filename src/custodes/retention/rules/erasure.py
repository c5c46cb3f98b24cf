"""What is answered when somebody asks for footage of them to be erased, or says it is wrong.

Rules only. Nobody deletes because they were asked: what is needed as evidence is
restricted instead (DPA 2018 s.47(2)), what is said to be inaccurate and cannot be shown
to be so is restricted too (s.47(3)), and what nothing but the schedule keeps is
restricted until the schedule lets it go. So every answer here is a restriction; they
differ in the reason, and in what the letter says comes then.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, replace
from datetime import date, datetime
from enum import StrEnum

from custodes.retention.rules.decision import Facts, Verdict, decide
from custodes.retention.rules.holds import HOLD_NAMES, HoldKind
from custodes.retention.rules.schedule import Schedule


class Ground(StrEnum):
    """What somebody asks."""

    ERASE = "erase"
    INACCURATE = "inaccurate"


GROUND_NAMES = {
    Ground.ERASE: "to erase it",
    Ground.INACCURATE: "to say that it is inaccurate",
}


class Basis(StrEnum):
    """Why it is restricted and not erased."""

    EVIDENCE = "evidence"
    KEPT = "kept"
    ACCURACY = "accuracy"
    SCHEDULE = "schedule"


# What is held for these is held to be evidence; for a request or a sample it is not.
_NO_EVIDENCE = frozenset(
    {
        HoldKind.SUBJECT_ACCESS,
        HoldKind.INFORMATION_REQUEST,
        HoldKind.SCRUTINY,
        HoldKind.USE_OF_FORCE,
        HoldKind.OTHER,
    }
)
_HELD = {
    HoldKind.EXHIBIT: "it is an exhibit",
    HoldKind.OTHER: "it is held for a reason of its own",
}
_WITH_AN = frozenset({HoldKind.APPEAL, HoldKind.REVIEW_COMMISSION, HoldKind.CORONER})
_NO_SCHEDULE = "no schedule that can be read is in force, and without one nothing is erased"


@dataclass(frozen=True, slots=True)
class Answer:
    """What becomes of one recording, why, and when it goes if somebody knows.

    ``because`` says why it is kept, in words that are for whoever asked: of holds their
    kind, of cases that there is one, and of neither a name or a reference.
    """

    basis: Basis
    goes_on: datetime | None = None
    because: str = ""


def answer(ground: Ground, facts: Facts, schedule: Schedule | None, at: datetime) -> Answer:
    """Say why a recording is restricted, as the engine decides on it at this moment.

    ``schedule`` None: none can be read. Only what is held to be evidence or belongs to a
    case is called so (DPA 2018 s.47(2)); what is kept for another reason is kept for that,
    and only of what the clock alone lets go is there a day, as things stand.
    """
    if evidence := _evidence(facts, at):
        return Answer(Basis.EVIDENCE, because="; ".join(evidence))
    if ground is Ground.INACCURATE:
        return Answer(Basis.ACCURACY)
    if held := _reasons(facts, at):
        return Answer(Basis.KEPT, because="; ".join(held))
    if schedule is None:
        return Answer(Basis.KEPT, because=_NO_SCHEDULE)
    facts = _without_names(facts)
    decision = decide(facts, schedule, at)
    goes_on = at if decision.verdict is Verdict.DISPOSE else decision.due
    if goes_on and decide(facts, schedule, goes_on).verdict is Verdict.DISPOSE:
        return Answer(Basis.SCHEDULE, goes_on)
    return Answer(Basis.KEPT, because="; ".join(decision.reasons))


def _evidence(facts: Facts, at: datetime) -> list[str]:
    if not facts.cases:
        return _reasons(facts, at, but=_NO_EVIDENCE)
    held = _reasons(facts, at, but=_NO_EVIDENCE | {HoldKind.CASE})
    return [*held, "it belongs to a case"]


def _reasons(facts: Facts, at: datetime, but: Collection[HoldKind] = frozenset()) -> list[str]:
    """Return that it is held and for what kind of thing; who placed it is not theirs to know."""
    kinds = [hold.kind for hold in facts.holds if hold.binds(at) and hold.kind not in but]
    return [_HELD.get(kind) or _held_for(kind) for kind in dict.fromkeys(kinds)]


def _held_for(kind: HoldKind) -> str:
    return f"it is held for {'an' if kind in _WITH_AN else 'a'} {HOLD_NAMES[kind]}"


def _without_names(facts: Facts) -> Facts:
    """Return the facts without who looked at it and what they wrote."""
    if facts.review is None:
        return facts
    return replace(facts, review=replace(facts.review, by="somebody", reason="it is needed"))


def why_not_lift(because: str, told_on: date | None, today: date) -> str:
    """Return why a restriction may not be lifted; empty when it may.

    DPA 2018 s.48(10): whoever asked for it is told before, not after.
    """
    if not because.strip():
        return "Say why the restriction is lifted."
    if told_on is None:
        return "Whoever asked has to be told before the restriction is lifted, not after."
    if told_on > today:
        return "They have not been told yet."
    return ""
