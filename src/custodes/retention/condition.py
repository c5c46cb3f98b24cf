"""What is known of the installation before anything is deleted, and under which schedule."""

from __future__ import annotations

from datetime import datetime

from django.db.models import QuerySet

from custodes.custody.models import Entry, Head
from custodes.custody.queries import silence_after
from custodes.kernel.digest import b64u, sha256
from custodes.ledger.entry import parse_entry
from custodes.recordings.models import Category
from custodes.retention.errors import SweepStopped
from custodes.retention.facts import readable_schedule_at, schedule_at
from custodes.retention.inventory.figures import Figures
from custodes.retention.inventory.looking import glance
from custodes.retention.inventory.telling import headline
from custodes.retention.models import Hold, Outlook, ScheduleVersion, Sweep
from custodes.retention.policy import Policy
from custodes.retention.rules.disposal import QUIET_LIMIT, Condition
from custodes.retention.rules.inventory import Verdict
from custodes.retention.rules.schedule import Schedule, faults_of

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
        holds_lost=max(_of_kind("hold.opened").count() - Hold.objects.count(), 0),
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
    if otherwise := _why_not_as_published(schedule):
        return (f"The schedule here is not the one of the record. {otherwise}",)
    offered = Category.objects.filter(is_offered=True).order_by("code")
    return faults_of(schedule, offered.values_list("code", flat=True))


def _why_not_as_published(schedule: Schedule) -> str:
    """Return why the schedule in force here is not the one the record says is; else nothing.

    A database that lost the newest version would go on deleting by the one before. What was
    published before the one in force matters no more: each takes effect after the last.
    """
    row = ScheduleVersion.objects.filter(version=schedule.version).first()
    handles = set(ScheduleVersion.objects.values_list("handle", flat=True))
    for entry in _of_kind("policy.publish").order_by("-index"):
        facts = parse_entry(bytes(entry.data)).facts
        if row is not None and entry.subject == row.handle:
            as_published = facts["doc"] == b64u(sha256(row.document.encode()))
            return "" if as_published else f"Version {row.version} was published otherwise."
        if entry.subject not in handles:
            return f"The record tells of version {facts['ver']}, which this database has lost."
    return f"Version {row.version} was never published." if row is not None else ""


def _of_kind(kind: str) -> QuerySet[Entry]:
    return Entry.objects.filter(kind=kind)


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
