"""Reasons outside the schedule for which a recording must not be disposed of.

Rules only. A hold is placed by anyone who may, at once; letting go of one is
what takes care: a reason always, two different people for the grave ones, and a
time of grace after it.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import date, datetime, time, timedelta, tzinfo
from enum import StrEnum

from custodes.kernel.areas import Area, Position
from custodes.kernel.spans import Span
from custodes.retention.rules.periods import Period, in_words

#: How long a recording that is past its date stays after its last hold went (HOLD-04).
GRACE = Period(days=14)
#: For so long after the grace has ended those concerned are told that it has.
TOLD_AFTER = timedelta(days=7)
#: How long a sample for a scrutiny panel is held (RET-19).
SCRUTINY = Period(days=120)
#: The longest a hold binds before somebody looks whether it is still needed, and when they
#: look at one that placed itself (12 months, as for a complaint: a proposal; decision 0040).
FIRST_LOOK = Period(years=1)


class HoldKind(StrEnum):
    """What a hold is for."""

    COMPLAINT = "complaint"
    DSI = "dsi"
    CASE = "case"
    EXHIBIT = "exhibit"
    APPEAL = "appeal"
    REVIEW_COMMISSION = "ccrc"
    CORONER = "coroner"
    CIVIL = "civil"
    INQUIRY = "inquiry"
    COURT_ORDER = "court-order"
    SUSPENDED_SENTENCE = "suspended-sentence"
    SUBJECT_ACCESS = "sar"
    INFORMATION_REQUEST = "foi"
    SCRUTINY = "scrutiny"
    USE_OF_FORCE = "use-of-force"
    COLD_CASE = "cold-case"
    OTHER = "other"


HOLD_NAMES = {
    HoldKind.COMPLAINT: "complaint",
    HoldKind.DSI: "death or serious injury",
    HoldKind.CASE: "case",
    HoldKind.EXHIBIT: "exhibit",
    HoldKind.APPEAL: "appeal",
    HoldKind.REVIEW_COMMISSION: "application to the CCRC",
    HoldKind.CORONER: "inquest",
    HoldKind.CIVIL: "civil claim",
    HoldKind.INQUIRY: "public inquiry",
    HoldKind.COURT_ORDER: "court order",
    HoldKind.SUSPENDED_SENTENCE: "suspended sentence",
    HoldKind.SUBJECT_ACCESS: "subject access request",
    HoldKind.INFORMATION_REQUEST: "freedom of information request",
    HoldKind.SCRUTINY: "sample for the scrutiny panel",
    HoldKind.USE_OF_FORCE: "use of force form",
    HoldKind.COLD_CASE: "cold case",
    HoldKind.OTHER: "hold",
}

# Police Reform Act 2002 Sch 3 paras 1 and 14B: preserve until it is no longer necessary.
_WITHOUT_END = frozenset({HoldKind.COMPLAINT, HoldKind.DSI})
_TWO_TO_RELEASE = frozenset({HoldKind.COMPLAINT, HoldKind.DSI})
# RET-08: kept until the appeal is determined, and an application to the CCRC the same.
_UNTIL_DECIDED = frozenset({HoldKind.APPEAL, HoldKind.REVIEW_COMMISSION})


@dataclass(frozen=True, slots=True)
class Hold:
    """One reason to keep one recording. ``until`` None: until somebody releases it."""

    kind: HoldKind
    reason: str
    placed_by: str
    placed_at: datetime
    until: datetime | None = None
    released_at: datetime | None = None

    def binds(self, at: datetime) -> bool:
        """Say whether the recording must still be kept because of this hold."""
        if self.released_at is not None and self.released_at <= at:
            return False
        return self.until is None or at < self.until

    @property
    def ended_at(self) -> datetime | None:
        """Return when it stopped binding, or None while nothing says that it will."""
        ends = [end for end in (self.released_at, self.until) if end is not None]
        return min(ends, default=None)

    def __str__(self) -> str:
        name = HOLD_NAMES[self.kind]
        what = f"{name}: {self.reason}" if self.reason else name
        return f"{what} (placed by {self.placed_by} on {in_words(self.placed_at)})"


def faults_of_new_hold(
    kind: HoldKind,
    reason: str,
    review_on: date | None,
    until: datetime | None,
    at: datetime,
    *,
    today: date,
) -> tuple[str, ...]:
    """Return what is wrong with a hold somebody wants to place; nothing when it is right.

    ``today`` is the date on the wall at that moment.
    """
    faults = []
    if not reason.strip():
        faults.append("A hold needs a reason.")
    if kind in _WITHOUT_END and until is not None:
        faults.append(f"A hold for a {HOLD_NAMES[kind]} has no end date; it is released.")
    if until is not None and until <= at:
        faults.append("A hold cannot end before it begins.")
    # DPA 2018 s.39(2): nothing is kept without a time at which it is looked at again.
    if review_on is None:
        faults.append("A hold needs a date on which somebody looks whether it is still needed.")
    elif review_on <= today:
        faults.append("The review date must lie ahead.")
    else:
        faults += _too_far(review_on, today)
    return tuple(faults)


def faults_of_renewal(
    hold: Hold, reason: str, before: date, review_on: date | None, at: datetime, *, today: date
) -> tuple[str, ...]:
    """Return what is wrong with looking at a hold again another day; nothing when it is right.

    It moves no end: a hold that has none is left without one (HOLD-01), and one that ends
    by itself ends when it did. ``before`` is the day on which it was to be looked at.
    """
    if not hold.binds(at):
        return ("This hold does not bind any more.",)
    faults = []
    if not reason.strip():
        faults.append("Say why it is still needed.")
    if review_on is None or review_on <= today:
        faults.append("The day on which somebody looks again must lie ahead.")
    elif review_on == before:
        faults.append("It is looked at on that day already.")
    else:
        faults += _too_far(review_on, today)
    return tuple(faults)


def latest_look(today: date) -> date:
    """Return the last day on which somebody may look at a hold next (RET-04)."""
    return FIRST_LOOK.after_date(today)


def _too_far(review_on: date, today: date) -> list[str]:
    last = latest_look(today)
    if review_on <= last:
        return []
    return [f"A hold is looked at every {FIRST_LOOK}: choose a day no later than {in_words(last)}."]


def only_ends_by_itself(hold: Hold, at: datetime) -> str:
    """Say why nobody releases a hold: a sample is the panel's until its day (RET-19)."""
    if hold.kind is not HoldKind.SCRUTINY or hold.until is None or hold.until <= at:
        return ""
    return f"A sample is kept for the panel until {in_words(hold.until)}, and ends by itself then."


def waits_for_outcome(kind: HoldKind) -> bool:
    """Say whether a hold of this kind is released only with the day of an outcome (RET-08)."""
    return kind in _UNTIL_DECIDED


def faults_of_agreement(
    kind: HoldKind, reason: str, outcome_on: date | None, *, today: date
) -> tuple[str, ...]:
    """Return what is wrong with agreeing that a hold may go; nothing when it is right.

    ``outcome_on`` is the day on which the appeal, or the application, was decided.
    """
    faults = []
    if not reason.strip():
        faults.append("A hold is released for a reason, and none was given.")
    if kind not in _UNTIL_DECIDED:
        if outcome_on is not None:
            faults.append(f"A hold for a {HOLD_NAMES[kind]} has no day of an outcome.")
    elif outcome_on is None:
        faults.append(f"Say on which day the {HOLD_NAMES[kind]} was decided; until then it binds.")
    elif outcome_on > today:
        faults.append(f"The {HOLD_NAMES[kind]} cannot have been decided on a day that lies ahead.")
    return tuple(faults)


@dataclass(frozen=True, slots=True)
class Approval:
    """One person's agreement to let a hold go, with those of their roles that let holds go."""

    person: str
    roles: frozenset[str]
    reason: str


@dataclass(frozen=True, slots=True)
class ReleaseNeeds:
    """What is still missing before a hold may be released; empty when nothing is."""

    missing: tuple[str, ...] = field(default=())

    @property
    def met(self) -> bool:
        """Say whether the hold may go."""
        return not self.missing


def release_needs(
    kind: HoldKind,
    approvals: Iterable[Approval],
    reference: str = "",
    *,
    all_closed: bool = False,
    outcome_on: date | None = None,
) -> ReleaseNeeds:
    """Say what it still takes to release a hold (HOLD-01, HOLD-05, RET-08).

    ``reference`` is the watchdog's, and ``all_closed`` says that coroner, criminal
    and civil matters are over: both are asked of a DSI hold only. ``outcome_on`` is
    asked of one for an appeal or an application to the CCRC.
    """
    given = [approval for approval in approvals if approval.reason.strip()]
    people = {approval.person for approval in given}
    missing = []
    if not people:
        missing.append("A release needs a reason.")
    if kind in _TWO_TO_RELEASE:
        if len(people) < 2:
            missing.append("A second person must agree.")
        elif not _two_roles(given):
            missing.append("The two people must hold different roles.")
    if kind is HoldKind.DSI:
        if not reference.strip():
            missing.append("The reference of the police watchdog is missing.")
        if not all_closed:
            missing.append("Inquest, criminal and civil matters must all be closed.")
    if kind in _UNTIL_DECIDED and outcome_on is None:
        missing.append(f"The day on which the {HOLD_NAMES[kind]} was decided is missing.")
    return ReleaseNeeds(tuple(missing))


def _two_roles(approvals: list[Approval]) -> bool:
    """Say whether two different people can each speak for another role."""
    return any(
        one.person != other.person
        and one.roles
        and other.roles
        and len(one.roles | other.roles) > 1
        for one in approvals
        for other in approvals
    )


@dataclass(frozen=True, slots=True)
class Scope:
    """What a standing hold reaches for: every part that is given must match.

    ``span`` is a stretch of filming time; the others are handles, a place's name,
    or a circle around a position. ``either``: within the span, to be filmed by one of the
    people or the cameras, at one of the places or in one of the areas is enough, as for an
    incident.
    """

    span: Span | None = None
    wearers: frozenset[str] = frozenset()
    cameras: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset()
    recordings: frozenset[str] = frozenset()
    either: bool = False
    areas: frozenset[Area] = frozenset()

    @property
    def is_empty(self) -> bool:
        """Say whether it names nothing, and so must not be taken for everything."""
        return not (self._names_more or self.recordings)

    @property
    def _names_more(self) -> bool:
        return bool(self.span or self.wearers or self.cameras or self.places or self.areas)

    def widened(self, more: Scope) -> Scope:
        """Return what it reaches for with more people, cameras, places, areas, recordings.

        One of all its names is enough then, or a further one would be a further condition
        and the scope reach for less. Its span stays.
        """
        return replace(
            self,
            wearers=self.wearers | more.wearers,
            cameras=self.cameras | more.cameras,
            places=self.places | more.places,
            recordings=self.recordings | more.recordings,
            areas=self.areas | more.areas,
            either=True,
        )

    def catches(self, found: Filmed) -> bool:
        """Say whether a recording falls under it; in doubt of its end or its clock it does."""
        if self.is_empty:
            return False
        if found.recording in self.recordings:
            return True
        if not self._names_more:
            return False
        if self.span is not None and not self._in_time(found):
            return False
        return self._is_of_any(found) if self.either else self._is_of_all(found)

    def _is_of_all(self, found: Filmed) -> bool:
        return (
            (not self.wearers or found.wearer in self.wearers)
            and (not self.cameras or found.camera in self.cameras)
            and (not self.places or not found.place or found.place in self.places)
            and (not self.areas or self._is_near(found))
        )

    def _is_of_any(self, found: Filmed) -> bool:
        """Say whether one name fits. Of an unknown place none does, or it would be everything."""
        return (
            found.wearer in self.wearers
            or found.camera in self.cameras
            or found.place in self.places
            or self._is_near(found)
        )

    def _is_near(self, found: Filmed) -> bool:
        return any(area.holds(found.position) for area in self.areas)

    def _in_time(self, found: Filmed) -> bool:
        """Say whether it was filmed in the span, by its camera's clock or by ours."""
        return any(self._overlaps(found, moved) for moved in (timedelta(0), found.offset))

    def _overlaps(self, found: Filmed, moved: timedelta) -> bool:
        span = self.span
        if span is None or found.started_at + moved >= span.end:
            return span is None
        return found.ended_at is None or found.ended_at + moved >= span.start


# Days that no camera filmed on, and no calendar can add one to.
_FIRST_YEAR, _LAST_YEAR = 1900, 9998


def fault_of_days(first: date | None, last: date | None) -> str:
    """Return what is wrong with a stretch of days that a hold reaches for; empty when nothing."""
    if first is None and last is None:
        return ""
    if first is None or last is None:
        return "A stretch of time needs both its days."
    if not (_FIRST_YEAR <= first.year <= _LAST_YEAR and _FIRST_YEAR <= last.year <= _LAST_YEAR):
        return "The days are too far away."
    return "The last day is before the first." if last < first else ""


def span_of_days(first: date, last: date, zone: tzinfo) -> Span:
    """Return a stretch of days, the last included, as whoever lives in that zone counts them."""
    start = datetime.combine(first, time(), zone)
    return Span(start, datetime.combine(last + timedelta(days=1), time(), zone))


@dataclass(frozen=True, slots=True)
class Filmed:
    """What a standing hold needs to know of a recording.

    ``offset`` is how far our clock is ahead of its camera's, as far as anybody knows;
    ``position`` is where it began. One that has none is in no area.
    """

    recording: str
    camera: str
    started_at: datetime
    ended_at: datetime | None
    wearer: str = ""
    place: str = ""
    offset: timedelta = timedelta(0)
    position: Position | None = None
