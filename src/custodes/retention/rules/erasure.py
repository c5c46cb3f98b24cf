"""What is answered when somebody asks for footage of them to be erased, or says it is wrong.

Rules only. Nobody deletes because they were asked: what is needed as evidence is
restricted instead (DPA 2018 s.47(2)), what is said to be inaccurate and cannot be shown
to be so is restricted too (s.47(3)), and what nothing but the schedule keeps is
restricted until the schedule lets it go. So every answer here is a restriction; they
differ in the reason, and in what the letter says comes then.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum


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
    ACCURACY = "accuracy"
    SCHEDULE = "schedule"


@dataclass(frozen=True, slots=True)
class Answer:
    """What becomes of one recording, and when it goes if somebody knows."""

    basis: Basis
    goes_on: datetime | None = None


def answer(ground: Ground, *, is_held: bool, is_evidence: bool, goes_on: datetime | None) -> Answer:
    """Say why a recording is restricted. ``goes_on`` None: it waits for a person, or is kept."""
    if is_held or is_evidence or (ground is Ground.ERASE and goes_on is None):
        return Answer(Basis.EVIDENCE)
    if ground is Ground.INACCURATE:
        return Answer(Basis.ACCURACY)
    return Answer(Basis.SCHEDULE, goes_on)


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
