"""How far a case has come, who is in it and how, and what may follow what.

Data Protection Act 2018 s.38(3) wants suspects, convicted people, victims and
witnesses told apart as far as possible, so a party always has one of these roles.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum

from custodes.retention.rules.proceedings import Outcome


class State(StrEnum):
    """How far a case has come. The last four are outcomes."""

    INVESTIGATION = "investigation"
    SUBMITTED = "submitted"
    CHARGED = "charged"
    NO_ACTION = "no-further-action"
    DISCONTINUED = "discontinued"
    ACQUITTED = "acquitted"
    CONVICTED = "convicted"


STATE_NAMES = {
    State.INVESTIGATION: "under investigation",
    State.SUBMITTED: "with the prosecutor",
    State.CHARGED: "charged",
    State.NO_ACTION: "no further action",
    State.DISCONTINUED: "discontinued",
    State.ACQUITTED: "acquitted",
    State.CONVICTED: "convicted",
}
OUTCOMES = frozenset({State.NO_ACTION, State.DISCONTINUED, State.ACQUITTED, State.CONVICTED})

#: Why nothing is taken out of a case then, and what to do instead (RET-06, RET-07).
STAYS_AS_DECIDED = (
    "This case has ended; what was in it is kept for as long as its outcome asks.",
    "Nothing was taken out. If the outcome is wrong, enter first that the case goes on.",
)

#: As what retention knows each state: until the charge a case is simply open.
OUTCOME_OF = {
    State.INVESTIGATION: Outcome.OPEN,
    State.SUBMITTED: Outcome.OPEN,
    **{state: Outcome(state.value) for state in (State.CHARGED, *sorted(OUTCOMES))},
}

# What may follow. A case that ended is opened again by a charge or by investigating.
_AFTER: dict[State, frozenset[State]] = {
    State.INVESTIGATION: frozenset({State.SUBMITTED, State.CHARGED, State.NO_ACTION}),
    State.SUBMITTED: frozenset({State.INVESTIGATION, State.CHARGED, State.NO_ACTION}),
    State.CHARGED: frozenset({State.DISCONTINUED, State.ACQUITTED, State.CONVICTED}),
    **{ended: frozenset({State.INVESTIGATION, State.CHARGED}) for ended in OUTCOMES},
}


class Part(StrEnum):
    """What somebody does in a case they are assigned to."""

    OFFICER = "officer-in-the-case"
    WORKS = "works-on-it"
    DISCLOSURE = "disclosure"


PART_NAMES = {
    Part.OFFICER: "officer in the case",
    Part.WORKS: "works on it",
    Part.DISCLOSURE: "disclosure officer",
}


class PartyRole(StrEnum):
    """What somebody outside the police is in a case."""

    SUSPECT = "suspect"
    CONVICTED = "convicted"
    VICTIM = "victim"
    WITNESS = "witness"


PARTY_NAMES = {role: role.value for role in PartyRole} | {PartyRole.CONVICTED: "convicted person"}


#: How long a reason for a step may be.
LONGEST_REASON = 500


@dataclass(frozen=True, slots=True)
class Move:
    """A step of a case: to which state, on which day, and what is known of an outcome.

    None means: not known. ``group`` is the MoPI offence group, 1 to 4.
    """

    to: State
    on: date
    because: str
    custodial: bool | None = None
    released_on: date | None = None
    group: int | None = None


def may_follow(before: State) -> tuple[State, ...]:
    """Return the states a case may go to from this one, in the order they come in."""
    return tuple(state for state in State if state in _AFTER[before])


def faults_of_move(before: State, since: date | None, move: Move, today: date) -> tuple[str, ...]:
    """Return what is wrong with a step; nothing when it is right.

    ``since`` is the day of the step before. The same outcome again corrects what is
    known of it, such as a date of release.
    """
    faults = []
    again = move.to is before and before in OUTCOMES
    if move.to not in _AFTER[before] and not again:
        faults.append(
            f"A case that is {STATE_NAMES[before]} does not become {STATE_NAMES[move.to]}."
        )
    if not move.because.strip():
        faults.append("Say why, or who decided it.")
    if len(move.because) > LONGEST_REASON:
        faults.append(f"A reason has at most {LONGEST_REASON} characters.")
    if move.on > today:
        faults.append("The day lies ahead.")
    if since is not None and move.on < since and not again:
        faults.append(f"The day is before the last step, {since.day} {since:%B %Y}.")
    if move.to is not State.CONVICTED and (move.custodial or move.released_on):
        faults.append("Only a conviction has a sentence.")
    if move.released_on is not None and not move.custodial:
        faults.append("Only after a custodial sentence is somebody released.")
    if move.group is not None and move.group not in range(1, 5):
        faults.append("The offence group is 1, 2, 3 or 4.")
    return tuple(faults)
