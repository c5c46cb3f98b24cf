"""What may become of a recording at this moment, and why.

The safe answer comes first; disposal comes last, when everything else has been
ruled out. A fact that is missing keeps the recording.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from custodes.retention.rules.holds import GRACE, Hold
from custodes.retention.rules.periods import Period, end_of, in_words
from custodes.retention.rules.proceedings import Proceedings, clear_since, minimum_of
from custodes.retention.rules.schedule import End, Line, Schedule, Trigger

#: Footage docked later than this after it was filmed gets time to be looked at (RET-03).
LATE_AFTER = timedelta(days=24)
TIME_AFTER_LATE = Period(days=7)
#: No camera carries footage so long; its clock was wrong, and so is the date of the end.
TOO_OLD_TO_BELIEVE = timedelta(days=365)


_WAS = ", as its category was before; nobody else has agreed to the change"
_WAS_NONE = ", as without a category; nobody else has agreed to this one"


class Verdict(StrEnum):
    """What may become of a recording."""

    KEEP = "keep"
    REVIEW = "review"
    DISPOSE = "dispose"


@dataclass(frozen=True, slots=True)
class Decision:
    """A verdict with its reasons, and when it is worth asking again.

    ``due`` is the moment from which, as things stand, the verdict will be another:
    None when only somebody's act can change it. Of what may go it is the moment since
    when it may. ``lines`` are the codes it rests on, the one that reaches furthest first.
    ``by_people``: it may go because two people let it go, and not by the clock alone.
    ``waits``: what its category was before keeps it longer, until somebody else agrees.
    """

    verdict: Verdict
    reasons: tuple[str, ...]
    due: datetime | None = None
    lines: tuple[str, ...] = ()
    by_people: bool = False
    waits: bool = False


@dataclass(frozen=True, slots=True)
class Review:
    """What people decided when they looked: keep until a date, or let it go.

    ``people`` are the handles of those who let it go; one alone lets nothing go.
    """

    by: str
    at: datetime
    reason: str
    keep_until: date | None
    people: frozenset[str] = frozenset()

    @property
    def lets_go(self) -> bool:
        """Say whether two people let it go."""
        return self.keep_until is None and len(self.people) >= 2


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of one recording. None, or an empty text, means: not known.

    ``trigger_at`` is when the clock of its category's line started, where that is not
    the end of the recording. ``categories_before`` are those it was in since a second person
    last agreed to one, which was ``category_agreed_at``. ``left_case_at`` is when it was
    last taken out of a case. ``unsure`` holds sentences about facts that contradict each
    other. ``review`` is the latest one.
    """

    ended_at: datetime | None
    received_at: datetime | None
    category: str = ""
    categories_before: tuple[str, ...] = ()
    category_agreed_at: datetime | None = None
    source: str = ""
    complete: bool = True
    trigger_at: datetime | None = None
    restricted: bool = False
    holds: tuple[Hold, ...] = ()
    cases: tuple[Proceedings, ...] = ()
    left_case_at: datetime | None = None
    review: Review | None = None
    unsure: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Clock:
    """One line, when its time is over, and the sentence that says so."""

    line: Line
    until: datetime
    also: str = ""

    @property
    def reason(self) -> str:
        until = in_words(self.until)
        return f"{self.line.name} until {until} ({self.line.authority}){self.also}"

    def outlasts(self, other: _Clock) -> bool:
        """Say whether it keeps longer than another, or for a person where the other does not."""
        looks = self.line.end is End.REVIEW and other.line.end is End.DISPOSE
        return looks or self.until > other.until


def decide(facts: Facts, schedule: Schedule, at: datetime) -> Decision:
    """Say what may become of a recording at this moment, and why.

    1. A hold that binds keeps it. 2. So does a restriction. 3. So does a fact that is
    missing or cannot be. 4. So does a case whose minimum has not ended. 5. So does a
    category, or a case, that the schedule says nothing of. 6. So do the schedule, a
    reviewer's date, the days after a late docking, and those after a hold was released, it
    was taken out of a case or a second person agreed to its category.
    7. Where a line wants a person to look, nothing goes by itself. 8. Only then may it go.
    """
    found = tuple(_clocks(facts, schedule))
    before = _of_categories_before(facts, schedule, found[0])
    found += before
    kept = _kept_whatever_the_clock(facts, found, at)
    decision = kept or _by_the_clock(facts, schedule, found, at)
    return replace(decision, waits=True) if before else decision


def _kept_whatever_the_clock(
    facts: Facts, found: Sequence[_Clock | str], at: datetime
) -> Decision | None:
    if binding := [hold for hold in facts.holds if hold.binds(at)]:
        reasons = (f"held for {hold}" for hold in binding)
        return _keep(reasons, _latest(hold.ended_at for hold in binding))
    if facts.restricted:
        return _keep(["its use is restricted; it is kept and not used"])
    if unsure := [*facts.unsure, *(doubt for doubt, _ in _unsure(facts, at))]:
        ends = [*(None for _ in facts.unsure), *(until for _, until in _unsure(facts, at))]
        return _keep(unsure, _latest(ends))
    minima = [minimum_of(case) for case in facts.cases]
    if waiting := [minimum for minimum in minima if minimum.binds(at)]:
        reasons = (minimum.reason for minimum in waiting)
        return _keep(reasons, _latest(minimum.until for minimum in waiting))
    if missing := [each for each in found if isinstance(each, str)]:
        return _keep(missing)
    return None


def _by_the_clock(
    facts: Facts, schedule: Schedule, found: Sequence[_Clock | str], at: datetime
) -> Decision:
    told = [each for each in found if isinstance(each, _Clock)]
    clocks = sorted(told, key=lambda clock: clock.until, reverse=True)
    codes = tuple(clock.line.code for clock in clocks)
    more = [*_more_time(facts, schedule)]
    due = max([clocks[0].until, *(until for until, _ in more)])
    if at < due:
        _, reason = max([*((clock.until, clock.reason) for clock in clocks), *more])
        return Decision(Verdict.KEEP, (reason,), due, codes)

    if to_look_at := [clock.line for clock in clocks if _wants_a_person(clock, facts)]:
        reasons = tuple(f"{line.name}: a person decides, not the clock" for line in to_look_at)
        return Decision(Verdict.REVIEW, reasons, None, codes)

    over = tuple(f"{clock.line.name}: over on {in_words(clock.until)}" for clock in clocks)
    by_people = any(clock.line.end is End.REVIEW for clock in clocks)
    return Decision(Verdict.DISPOSE, over, due, codes, by_people)


def _wants_a_person(clock: _Clock, facts: Facts) -> bool:
    """Say whether people have still to look at it.

    A look before its time was over does not count, nor one before a hold ended: what
    the hold was for is news.
    """
    if clock.line.end is End.DISPOSE:
        return False
    review = facts.review
    if review is None or not review.lets_go:
        return True
    ended = [hold.ended_at for hold in facts.holds if hold.ended_at is not None]
    return review.at < max([clock.until, *ended])


def _clocks(facts: Facts, schedule: Schedule) -> Iterator[_Clock | str]:
    """Yield every line it goes by, or a sentence where one is missing; its category's first."""
    yield _of_category(facts.category, facts, schedule)
    for case in facts.cases:
        for each in schedule.lines_for_case(case):
            if each is None or (day := _day(each.trigger, case)) is None:
                yield f"the schedule has no line for case {case.name}"
            else:
                yield _Clock(each, end_of(each.keep.after_date(day)))
    yield from (clock for clock in _after_holds(facts, schedule) if clock.line.end is End.REVIEW)


def _after_holds(facts: Facts, schedule: Schedule) -> Iterator[_Clock]:
    """Yield the lines that holds lead to once they are over, each from the end of the last."""
    found: dict[str, _Clock] = {}
    for hold in facts.holds:
        if (line := schedule.line_after(hold.kind)) is None:
            continue
        # The day on which a request's hold ends is chosen with the time after it in mind.
        end = hold.released_at or (hold.until if line.end is End.REVIEW else None)
        if end is not None:
            clock = _Clock(line, line.keep.after(end))
            found[line.code] = max(clock, found.get(line.code, clock), key=lambda c: c.until)
    yield from found.values()


def _of_category(category: str, facts: Facts, schedule: Schedule, also: str = "") -> _Clock | str:
    line = schedule.line_for(category, facts.source)
    if line is None:
        return f"the schedule has no line for {category or facts.source or 'uncategorised'}{also}"
    if (start := _start(line, facts)) is None:
        return f"nobody has entered when the time of {line.name} began{also}"
    return _Clock(line, line.keep.after(start), also)


def _of_categories_before(
    facts: Facts, schedule: Schedule, now: _Clock | str
) -> tuple[_Clock | str, ...]:
    """Return what keeps longer than the category it has now, and what it was before asks for.

    One person brings no deletion forward (RET-01): until somebody else agrees, what it was
    counts too. A first choice is measured by what none would have asked for.
    """
    before = facts.categories_before
    if facts.category and facts.category_agreed_at is None:
        before = ("", *before)
    if not before or isinstance(now, str):
        return ()
    longer: dict[str, _Clock | str] = {}
    for category in before:
        found = _of_category(category, facts, schedule, _WAS if category else _WAS_NONE)
        if isinstance(found, str):
            longer.setdefault(found, found)
        elif found.outlasts(now):
            longer.setdefault(found.line.code, found)
    return tuple(longer.values())


def _start(line: Line, facts: Facts) -> datetime | None:
    if line.trigger is Trigger.RECORDING_END:
        return facts.ended_at
    began = facts.trigger_at
    if line.trigger in {Trigger.OUTCOME, Trigger.LAST_EVENT}:
        days = [day for case in facts.cases if (day := _day(line.trigger, case)) is not None]
        began = end_of(max(days)) if days else began
    # Where a person looks in the end, starting early only makes them look earlier.
    return began or (facts.ended_at if line.end is End.REVIEW else None)


def _day(trigger: Trigger, case: Proceedings) -> date | None:
    """Return the day from which a case's line counts."""
    return clear_since(case) if trigger is Trigger.LAST_EVENT else case.decided_on


def stays_after_late_docking(facts: Facts) -> datetime | None:
    """Return until when a recording stays because it was docked late; None if it was not."""
    if facts.ended_at is None or facts.received_at is None:
        return None
    if facts.received_at - facts.ended_at <= LATE_AFTER:
        return None
    return TIME_AFTER_LATE.after(facts.received_at)


def _more_time(facts: Facts, schedule: Schedule) -> Iterator[tuple[datetime, str]]:
    """Yield the ends that have nothing to do with the schedule's lines."""
    if (late := stays_after_late_docking(facts)) is not None:
        yield late, f"it was docked late; there is time to look at it until {in_words(late)}"
    for hold in facts.holds:
        if hold.released_at is not None:
            grace = GRACE.after(hold.released_at)
            yield grace, f"a hold was released; it stays at least until {in_words(grace)}"
    for clock in _after_holds(facts, schedule):
        yield clock.until, clock.reason
    if facts.category_agreed_at is not None:
        grace = GRACE.after(facts.category_agreed_at)
        yield grace, f"a second person agreed to its category; it stays until {in_words(grace)}"
    if facts.left_case_at is not None:
        grace = GRACE.after(facts.left_case_at)
        yield grace, f"it was taken out of a case; it stays at least until {in_words(grace)}"
    if facts.review is not None and facts.review.lets_go:
        grace = GRACE.after(facts.review.at)
        yield grace, f"two people let it go; it stays at least until {in_words(grace)}"
    if facts.review is not None and facts.review.keep_until is not None:
        day = facts.review.keep_until
        yield (
            end_of(day),
            f"{facts.review.by} looked at it: {facts.review.reason}; until {in_words(day)}",
        )


def _unsure(facts: Facts, at: datetime) -> Iterator[tuple[str, datetime | None]]:
    """Yield what is in doubt, and when time alone settles it: None when it does not."""
    if not facts.complete:
        yield "it is still arriving", None
    if facts.ended_at is None:
        yield "nobody knows when the recording ended", None
    elif facts.ended_at > at:
        yield "by its camera's clock it has not ended yet", facts.ended_at
    if facts.received_at is None:
        yield "nobody knows when it was received", None
    elif facts.received_at > at:
        yield "it was received later than it is now: a clock is wrong", facts.received_at
    elif facts.ended_at is not None and facts.received_at - facts.ended_at > TOO_OLD_TO_BELIEVE:
        yield "by its camera's clock it was filmed over a year before it was docked", None


def _latest(ends: Iterable[datetime | None]) -> datetime | None:
    """Return when the last of them ends; None when one has no end that time alone brings."""
    found = list(ends)
    known = [end for end in found if end is not None]
    return max(known) if len(known) == len(found) else None


def _keep(reasons: Iterable[str], due: datetime | None = None) -> Decision:
    return Decision(Verdict.KEEP, tuple(reasons), due)
