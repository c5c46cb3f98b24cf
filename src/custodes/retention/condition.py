"""What is known of the installation before anything is deleted, and under which schedule."""

from __future__ import annotations

from datetime import datetime

from custodes.custody.models import Entry, Head
from custodes.custody.queries import silence_after
from custodes.recordings.models import Category
from custodes.retention.errors import SweepStopped
from custodes.retention.facts import readable_schedule_at, schedule_at
from custodes.retention.inventory.figures import Figures
from custodes.retention.inventory.looking import glance
from custodes.retention.inventory.telling import headline
from custodes.retention.models import Outlook, ScheduleVersion, Sweep
from custodes.retention.policy import Policy
from custodes.retention.rules.disposal import QUIET_LIMIT, Condition
from custodes.retention.rules.inventory import Verdict
from custodes.retention.rules.schedule import faults_of

# What would explain a loss away, and must be cleared up before anybody counts one.
_FIRST_OF_ALL = frozenset({Verdict.OLD_DATABASE, Verdict.STORE_AWAY, Verdict.PARTS_AWAY})


def condition_at(at: datetime, *, due_by: datetime) -> Condition:
    """Return what speaks for and against deleting now what was due by a moment.

    Takes the inventory, which is a while for a large store: ask outside a transaction.
    """
    head = Head.objects.first()
    figures, why_not = _inventory()
    last = Sweep.objects.exclude(ended_at=None).order_by("-pk").first()
    return Condition(
        at=at,
        last_entry_at=head.at if head else None,
        silence=silence_after(_last_believed(), at, QUIET_LIMIT),
        schedule_faults=faults_of_schedule_at(at),
        behind=why_not,
        objects_missing=0 if why_not else figures.open_missing,
        objects_unknown=0 if why_not else figures.unexpected,
        rows_lost=0 if why_not else figures.open_forgotten,
        due=Outlook.objects.filter(due_at__lte=due_by).count(),
        due_last_time=last.disposed if last else None,
    )


def policy_at(at: datetime) -> Policy:
    """Return the schedule in force with its handle in the record; raises SweepStopped."""
    schedule = readable_schedule_at(at)
    published = ScheduleVersion.objects.filter(version=schedule.version) if schedule else None
    version = published.first() if published is not None else None
    if schedule is None or version is None:
        raise SweepStopped("No schedule was published that is in force now and can be read.")
    return Policy(version.handle, schedule)


def faults_of_schedule_at(at: datetime) -> tuple[str, ...]:
    """Return why nothing can be deleted by the schedule in force; nothing when it is fit."""
    try:
        schedule = schedule_at(at)
    except ValueError as error:
        return (f"The schedule cannot be read: {error}.",)
    if schedule is None:
        return ("No schedule is in force.",)
    offered = Category.objects.filter(is_offered=True).order_by("code")
    return faults_of(schedule, offered.values_list("code", flat=True))


def _last_believed() -> int:
    """Return the entry from which on the clock is doubted: the rehearsal of the last sweep.

    One that began: either the record had not been silent, or two people said that the clock
    is right.
    """
    last = Sweep.objects.exclude(begun_at=None).order_by("-pk").first()
    entries = Entry.objects.filter(subject=last.handle) if last else Entry.objects.none()
    return entries.order_by("number").values_list("index", flat=True).first() or 0


def _inventory() -> tuple[Figures, str]:
    """Return what is held and missing, and why that cannot be said; empty if it can."""
    try:
        figures = glance()
    except OSError as error:
        return Figures(size=0), f"The store cannot be listed: {error.strerror or error}."
    if figures.verdict in _FIRST_OF_ALL:
        return figures, headline(figures)
    return figures, figures.behind
