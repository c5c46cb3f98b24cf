"""What is entered in the register, who may, and by when it has to be answered.

Rules only; the caller brings today and the holidays. The dates are those of the Data
Protection Act 2018 s.54 as the Information Commissioner reads it, and of the Freedom of
Information Act 2000 s.10.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum
from types import MappingProxyType
from typing import Final

from custodes.kernel.digest import sha256
from custodes.people.rules import Role
from custodes.retention.rules.holds import HoldKind, Scope
from custodes.retention.rules.periods import Period

_SATURDAY: Final = 5
_A_DAY: Final = timedelta(days=1)
_A_MONTH: Final = Period(months=1)
_WORKING_DAYS: Final = 20
#: How long a stretch somebody may hold who places no holds otherwise: an encounter may run
#: past midnight, and a day in October has 25 hours. A proposal.
LONGEST_ENCOUNTER: Final = timedelta(hours=49)
#: How long what an answer was about stays: the time to complain about it. A proposal.
AFTERWARDS: Final = Period(months=6)


class Kind(StrEnum):
    """What has come in."""

    COMPLAINT = "complaint"
    USE_OF_FORCE = "use-of-force"
    SUBJECT_ACCESS = "subject-access"
    INFORMATION = "information"


KIND_NAMES: Mapping[Kind, str] = MappingProxyType(
    {
        Kind.COMPLAINT: "complaint",
        Kind.USE_OF_FORCE: "use of force form",
        Kind.SUBJECT_ACCESS: "subject access request",
        Kind.INFORMATION: "freedom of information request",
    }
)
HOLDS: Mapping[Kind, HoldKind] = MappingProxyType(
    {
        Kind.COMPLAINT: HoldKind.COMPLAINT,
        Kind.USE_OF_FORCE: HoldKind.USE_OF_FORCE,
        Kind.SUBJECT_ACCESS: HoldKind.SUBJECT_ACCESS,
        Kind.INFORMATION: HoldKind.INFORMATION_REQUEST,
    }
)
_FORCE_FORMS = {Role.OFFICER, Role.SUPERVISOR, Role.EVIDENCE_UNIT, Role.STANDARDS}
_REQUESTS = {Role.INFORMATION_RIGHTS, Role.RECORDS}
MAY_ENTER: Mapping[Kind, frozenset[Role]] = MappingProxyType(
    {
        Kind.COMPLAINT: frozenset({Role.STANDARDS}),
        Kind.USE_OF_FORCE: frozenset(_FORCE_FORMS),
        Kind.SUBJECT_ACCESS: frozenset(_REQUESTS),
        Kind.INFORMATION: frozenset(_REQUESTS),
    }
)


#: Who says who looks into a complaint; nobody says it of themselves.
MAY_ASSIGN: Final = frozenset({Role.STANDARDS, Role.RECORDS})


class Regime(StrEnum):
    """Which law a subject access request is under; it decides what may be withheld."""

    LAW_ENFORCEMENT = "law-enforcement"
    GENERAL = "general"


class Outcome(StrEnum):
    """How something in the register ended."""

    GIVEN = "given"
    SHOWN = "shown"
    REFUSED = "refused"
    NOTHING_HELD = "nothing-held"
    FINALISED = "finalised"


OUTCOME_NAMES: Mapping[Outcome, str] = MappingProxyType(
    {
        Outcome.GIVEN: "the footage was given, in whole or in part",
        Outcome.SHOWN: "the footage was shown, at a viewing",
        Outcome.REFUSED: "it was refused",
        Outcome.NOTHING_HELD: "nothing is held",
        Outcome.FINALISED: "it was finalised",
    }
)
_ANSWERS = (Outcome.GIVEN, Outcome.SHOWN, Outcome.REFUSED, Outcome.NOTHING_HELD)
OUTCOMES: Mapping[Kind, tuple[Outcome, ...]] = MappingProxyType(
    {
        Kind.COMPLAINT: (Outcome.FINALISED,),
        Kind.USE_OF_FORCE: (Outcome.FINALISED,),
        Kind.SUBJECT_ACCESS: _ANSWERS,
        Kind.INFORMATION: (Outcome.GIVEN, Outcome.REFUSED, Outcome.NOTHING_HELD),
    }
)


class Ground(StrEnum):
    """Why a right of access is restricted: DPA 2018 s.45(4)(a) to (e)."""

    INQUIRY = "inquiry"
    CRIME = "crime"
    PUBLIC_SECURITY = "public-security"
    NATIONAL_SECURITY = "national-security"
    OTHERS = "others"


GROUND_NAMES: Mapping[Ground, str] = MappingProxyType(
    {
        Ground.INQUIRY: "not to obstruct an inquiry, investigation or procedure (a)",
        Ground.CRIME: "not to prejudice the prevention, detection or prosecution of crime (b)",
        Ground.PUBLIC_SECURITY: "to protect public security (c)",
        Ground.NATIONAL_SECURITY: "to protect national security (d)",
        Ground.OTHERS: "to protect the rights and freedoms of others (e)",
    }
)


@dataclass(frozen=True, slots=True)
class Calendars:
    """Bank holidays: those of England and Wales, and those of any part of the United Kingdom."""

    here: Callable[[date], bool]
    anywhere: Callable[[date], bool]


def due_on(kind: Kind, received_on: date, calendars: Calendars) -> date | None:
    """Return the last day on which an answer is in time; None where no law sets one."""
    match kind:
        case Kind.SUBJECT_ACCESS:
            return _a_month_from(received_on, calendars.here)
        case Kind.INFORMATION:
            return _working_days_after(received_on, _WORKING_DAYS, calendars.anywhere)
    return None


def _a_month_from(received_on: date, is_holiday: Callable[[date], bool]) -> date:
    """Return the day that corresponds, a month from the day after it came (SAR-01).

    The last day of a month that has no such day; the next working day after a weekend or a
    holiday. There is no extension and no stop of the clock under DPA 2018 Part 3.
    """
    due = _A_MONTH.after_date(received_on + _A_DAY)
    while not _is_working_day(due, is_holiday):
        due += _A_DAY
    return due


def _working_days_after(received_on: date, days: int, is_holiday: Callable[[date], bool]) -> date:
    """Return the nth working day after a day (FOI-01)."""
    day = received_on
    while days:
        day += _A_DAY
        days -= _is_working_day(day, is_holiday)
    return day


def _is_working_day(day: date, is_holiday: Callable[[date], bool]) -> bool:
    return day.weekday() < _SATURDAY and not is_holiday(day)


@dataclass(frozen=True, slots=True)
class Entered:
    """What somebody wants to enter. ``who`` asks or complains; ``about`` is in their words."""

    kind: Kind
    reference: str
    received_on: date
    about: str
    who: str = ""
    regime: Regime | None = None


def faults_of_entry(wanted: Entered, roles: Collection[Role], today: date) -> tuple[str, ...]:
    """Return what is wrong with an entry; nothing when it is right."""
    name = KIND_NAMES[wanted.kind]
    faults = []
    if not MAY_ENTER[wanted.kind] & set(roles):
        faults.append(f"None of your roles enters a {name}.")
    if not wanted.reference.strip():
        faults.append(f"A {name} needs its reference.")
    if not wanted.about.strip():
        faults.append(f"Say what the {name} is about.")
    if wanted.received_on > today:
        faults.append("It cannot have come in after today.")
    if wanted.kind is Kind.SUBJECT_ACCESS and wanted.regime is None:
        faults.append("Say which law the request is under.")
    return tuple(faults)


def faults_of_reach(
    scope: Scope, people: Collection[str], recordings: Collection[str]
) -> tuple[str, ...]:
    """Return what is wrong with what a form reaches for, of somebody who places no holds.

    They hold recordings they may see, or what was filmed in a stretch of days: by
    themselves and ``people``, or at a place. Handles; what they may see comes from the caller.
    """
    faults = []
    if not scope.recordings <= set(recordings):
        faults.append("You may not see all of these recordings, or there are no such ones.")
    matching = scope.wearers or scope.cameras or scope.places or scope.span or scope.areas
    if matching and (scope.span is None or scope.span.length > LONGEST_ENCOUNTER):
        faults.append("Give the day of the encounter, two days at most.")
    if matching and not (scope.wearers or scope.places):
        faults.append("Say who wore the camera, or where it was.")
    if not scope.wearers <= set(people):
        faults.append("You may name yourself, and a supervisor those of the team.")
    return tuple(faults)


@dataclass(frozen=True, slots=True)
class Assigned:
    """Somebody is to look into a complaint. Handles; ``filmed``: those who filmed what it is about.

    ``by`` and ``by_roles`` are whoever says so.
    """

    person: str
    roles: frozenset[Role]
    by: str
    by_roles: frozenset[Role]
    filmed: frozenset[str] = frozenset()


def faults_of_assignment(kind: Kind, wanted: Assigned, *, is_closed: bool) -> tuple[str, ...]:
    """Return why somebody may not be given a complaint to look into; nothing when they may.

    What they are given they may see and play. So it takes two people (a proposal): whoever
    enters a complaint says which footage it reaches for, and nobody opens that to themselves.
    """
    faults = []
    if kind is not Kind.COMPLAINT:
        faults.append("Only a complaint is given to somebody to look into.")
    if not MAY_ASSIGN & wanted.by_roles:
        faults.append("None of your roles says who looks into a complaint.")
    if is_closed:
        faults.append("It is closed.")
    if wanted.person == wanted.by:
        faults.append("Nobody gives a complaint to themselves: ask a colleague to.")
    if Role.STANDARDS not in wanted.roles:
        faults.append("Only professional standards look into complaints.")
    if wanted.person in wanted.filmed:
        faults.append("It is about what they filmed themselves.")
    return tuple(faults)


def faults_of_answer(
    kind: Kind,
    outcome: Outcome,
    because: str,
    grounds: Collection[Ground],
    regime: Regime | None = None,
) -> tuple[str, ...]:
    """Return what is wrong with how somebody wants to close an entry.

    A request for access under DPA 2018 Part 3 is not refused without one of its five grounds
    (SAR-03); they are no grounds of the UK GDPR.
    """
    faults = []
    if outcome not in OUTCOMES[kind]:
        faults.append(f"A {KIND_NAMES[kind]} does not end like this.")
    if not because.strip():
        faults.append("Say in a sentence how it ended.")
    has_grounds = kind is Kind.SUBJECT_ACCESS and regime is Regime.LAW_ENFORCEMENT
    refused = has_grounds and outcome is Outcome.REFUSED
    if refused and not grounds:
        faults.append("A refusal needs at least one of the five grounds of DPA 2018 s.45(4).")
    if grounds and not refused:
        faults.append(
            "A ground is given only where access is refused under the Data Protection Act 2018."
        )
    return tuple(faults)


def has_letter(kind: Kind, regime: str) -> bool:
    """Say whether there is a letter to draft: for a request under DPA 2018 Part 3 (s.45(2))."""
    return kind is Kind.SUBJECT_ACCESS and regime == Regime.LAW_ENFORCEMENT


def stays_held_until(kind: Kind, closed_on: date) -> date | None:
    """Return how long what an answer was about is still held; None: its hold is not ended by it.

    A hold for a complaint takes two people to release, whatever became of the complaint.
    """
    if kind in (Kind.SUBJECT_ACCESS, Kind.INFORMATION):
        return AFTERWARDS.after_date(closed_on)
    return None


def sample_of(seed: bytes, candidates: Collection[str], percent: int) -> tuple[str, ...]:
    """Return which candidates are drawn: those whose SHA-256 over seed and handle is smallest.

    Of each stratum so many in a hundred, rounded up, so that none goes unlooked at. ``seed``
    is the root of a published checkpoint: nobody could choose it, and anybody can draw again
    (OVS-01). Handles in, handles out, in the order drawn.
    """
    number = -(-len(candidates) * percent // 100)
    drawn = sorted(set(candidates), key=lambda handle: sha256(seed + b"\n" + handle.encode()))
    return tuple(drawn[:number])
