"""The schedule: how long each kind of recording is kept, from when, and what then.

A schedule is a version that never changes. A new version takes effect on its day and
rewrites no decision that an older one made.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from custodes.retention.rules.holds import HOLD_NAMES, HoldKind
from custodes.retention.rules.periods import NONE, Period
from custodes.retention.rules.proceedings import Outcome, Proceedings


class Trigger(StrEnum):
    """What starts the clock of a line."""

    RECORDING_END = "recording-end"
    CASE_LINKED = "case-linked"
    OUTCOME = "outcome"
    LAST_EVENT = "last-event"
    MATTER_OPENED = "matter-opened"
    HOLD_RELEASED = "hold-released"


class End(StrEnum):
    """What happens when the time is over."""

    DISPOSE = "dispose"
    REVIEW = "review"
    RETURN = "return"


@dataclass(frozen=True, slots=True)
class Line:
    """How long one kind of recording is kept.

    ``keep`` is the time after the trigger; when it is over, ``end`` says whether the
    recording may go by itself or a person must look; RETURN, after a hold, hands it back
    to its own line. ``look_every`` is the longest time between two looks. ``authority``
    says who or what asks for the period.
    """

    code: str
    name: str
    trigger: Trigger
    keep: Period
    end: End
    look_every: Period
    authority: str
    proposal: bool = False


@dataclass(frozen=True, slots=True)
class Schedule:
    """One version of the schedule, with which category and source goes by which line.

    ``by_source`` is asked for uncategorised recordings only: what a person said about
    a recording counts more than which camera it came from. ``by_outcome`` and
    ``by_group`` (MoPI offence group) say which lines a case adds; ``in_custody`` is that of
    a conviction after which somebody was sent to prison or hospital. ``by_hold`` says by
    which line something goes besides its own once a hold of a kind is over: for so long it
    stays, and where that line ends in a review, a person looks before it goes.
    """

    version: int
    effective_at: datetime
    lines: tuple[Line, ...]
    by_category: tuple[tuple[str, str], ...]
    by_source: tuple[tuple[str, str], ...] = ()
    by_outcome: tuple[tuple[Outcome, str], ...] = ()
    by_group: tuple[tuple[int, str], ...] = ()
    in_custody: str = ""
    by_hold: tuple[tuple[HoldKind, str], ...] = ()
    uncategorised: str = "N0"

    def line(self, code: str | None) -> Line | None:
        """Return the line of this code, if there is one."""
        return next((line for line in self.lines if line.code == code), None)

    def line_for(self, category: str, source: str) -> Line | None:
        """Return the line a recording goes by; None keeps it until somebody decides."""
        if category:
            return self.line(next((c for name, c in self.by_category if name == category), None))
        for name, code in self.by_source:
            if name == source:
                return self.line(code)
        return self.line(self.uncategorised)

    def lines_for_case(self, case: Proceedings) -> tuple[Line | None, ...]:
        """Return the lines a case adds; one that is None keeps until somebody decides."""
        by_outcome = dict(self.by_outcome).get(case.outcome)
        if case.custodial and self.in_custody:
            by_outcome = self.in_custody
        groups: dict[int | None, str] = dict(self.by_group)
        codes = [code for code in (by_outcome, groups.get(case.group)) if code]
        return tuple(self.line(code) for code in codes) or (None,)

    def line_after(self, hold: HoldKind) -> Line | None:
        """Return the line that counts once a hold of this kind was released."""
        return self.line(dict(self.by_hold).get(hold))


def in_force(versions: Iterable[Schedule], at: datetime) -> Schedule | None:
    """Return the version that counts at a moment: of those in effect, the latest to take effect."""
    begun = [version for version in versions if version.effective_at <= at]
    return max(begun, key=lambda v: (v.effective_at, v.version), default=None)


def faults_of(schedule: Schedule, categories: Iterable[str] = ()) -> tuple[str, ...]:
    """Return what makes a schedule unfit to be used; nothing when it is fit.

    DPA 2018 s.39(2) asks for a time limit and for periodic review: a line without
    either, or a category without a line, is refused.
    """
    named = [*_named(schedule), *_after_holds(schedule)]
    codes = [line.code for line in schedule.lines]
    faults = [
        f"Two lines have the code {c}." for c in sorted({c for c in codes if codes.count(c) > 1})
    ]
    faults += [fault for line in schedule.lines for fault in _faults_of_line(line)]
    faults += [
        f"{who} goes by {code}, which is no line." for who, code in named if code not in codes
    ]
    faults += _faults_of_use(schedule)
    known = dict(schedule.by_category)
    faults += [f"The category {c} has no line." for c in categories if c not in known]
    return tuple(faults)


def _named(schedule: Schedule) -> Iterator[tuple[str, str]]:
    """Yield what goes by which code."""
    yield "Uncategorised recordings", schedule.uncategorised
    yield from ((f"The category {category}", code) for category, code in schedule.by_category)
    yield from ((f"The source type {source}", code) for source, code in schedule.by_source)
    yield from ((f"The outcome {outcome}", code) for outcome, code in schedule.by_outcome)
    yield from ((f"The offence group {group}", code) for group, code in schedule.by_group)
    if schedule.in_custody:
        yield "A sentence served", schedule.in_custody


def _after_holds(schedule: Schedule) -> Iterator[tuple[str, str]]:
    yield from ((f"A hold for {HOLD_NAMES[kind]}", code) for kind, code in schedule.by_hold)


def _faults_of_line(line: Line) -> Iterator[str]:
    called = f"{line.code} {line.name}"
    if line.look_every == NONE:
        yield f"{called} has no time after which it is looked at again."
    if line.end is End.DISPOSE and line.keep == NONE:
        yield f"{called} would dispose of recordings at once."
    # Anybody outside computes from the log when a deletion was due: they know when a
    # recording ended, and nothing of cases.
    countable = line.trigger is Trigger.RECORDING_END and line.keep == Period(days=line.keep.days)
    if line.end is End.DISPOSE and not countable:
        yield (
            f"{called} lets go by itself, so it must count whole days from the end of the "
            "recording; otherwise a person looks."
        )
    if (line.end is End.RETURN) != (line.trigger is Trigger.HOLD_RELEASED):
        yield f"{called} counts from the release of a hold only if it goes by its own line then."
    if not line.authority.strip():
        yield f"{called} does not say who asks for it."


def _faults_of_use(schedule: Schedule) -> Iterator[str]:
    for group, code in schedule.by_group:
        by_group = schedule.line(code)
        # RET-09, RET-10: only group 3 may be let go without somebody looking.
        if group != 3 and by_group is not None and by_group.end is not End.REVIEW:
            yield f"Offence group {group} goes only after a review, and {code} has none."
    for who, code in _named(schedule):
        line = schedule.line(code)
        if line is not None and line.end is End.RETURN:
            yield f"{who} cannot go by {code}: that is only for what a hold kept."
    for who, code in _after_holds(schedule):
        line = schedule.line(code)
        if line is not None and line.end is End.DISPOSE:
            yield f"{who} cannot go by {code}: after a hold nothing more lets go by itself."
