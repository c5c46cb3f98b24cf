"""Erase the details of entries older than the law wants them kept; the entries stand.

A body holds the seed that opens its fields. With the body gone, the public entry,
its leaf and every proof stay what they were, fields that were opened before can
still be checked, and nobody can open or guess the others. Two people: one asks, another
agrees. Which entries go, :mod:`rules` decides; the public entries alone say which.

It cannot reach what is elsewhere: a backup of the database holds the bodies until
the backup is gone, or until the epoch keys it was made under are.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from django.db import connection, transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from custodes.custody.actions import record
from custodes.custody.errors import ErasureRefused
from custodes.custody.events import DetailsErased, ErasurePlanned
from custodes.custody.models import BodyKey, Entry
from custodes.custody.queries import index_at, newest
from custodes.custody.rules import (
    ENDING_KIND,
    FORGETTING_RULE,
    PASSING_KINDS,
    Actor,
    PlannedErasure,
    why_not_erase,
    years_before,
)
from custodes.kernel.ids import new_handle

# No entry has this index: what is being erased bears it until its entry is written.
_UNDER_WAY = -1


def forgettable(before: int) -> QuerySet[Entry]:
    """Return the entries before an index whose details may go, by ``may_be_forgotten``."""
    ended = Entry.objects.filter(subject=OuterRef("subject"), kind=ENDING_KIND, index__lt=before)
    return Entry.objects.filter(index__lt=before, erased_in=None).filter(
        Q(kind__in=PASSING_KINDS) | Exists(ended)
    )


def number_forgettable(years: int, at: datetime) -> int:
    """Return how many entries have details that may be erased now."""
    return forgettable(index_at(years_before(at, years))).count()


def planned() -> PlannedErasure | None:
    """Return the erasure last asked for, unless it was carried out."""
    told = next(newest("metadata.erasure_planned"), None)
    if told is None:
        return None
    if Entry.objects.filter(subject=told.subject, number__gt=told.number).exists():
        return None
    return PlannedErasure(
        subject=told.subject,
        asked_by=Actor(told.fields["actor_handle"], told.fields["actor"], told.fields["door"]),
        because=told.fields["because"],
        asked_at=told.at,
        before=told.facts["u"],
        entries=told.facts["c"],
    )


@transaction.atomic
def plan_erasure(years: int, *, by: Actor, because: str, at: datetime) -> int:
    """Ask for the erasure of all details that may go; return of how many. Erases nothing."""
    before = index_at(years_before(at, years))
    entries = forgettable(before).count()
    if not entries:
        raise ErasureRefused("No details are old enough to be erased.")
    plan = ErasurePlanned(before=before, entries=entries)
    record(plan, subject=new_handle(), by=by, at=at, because=because)
    return entries


def number_ended(years: int, at: datetime) -> int:
    """Return of how many things whose life ended the details may be erased now."""
    old = Entry.objects.filter(index__lt=index_at(years_before(at, years)), erased_in=None)
    return _ended(old).count()


@transaction.atomic
def erase_details(
    *, by: Actor, because: str, at: datetime, forget: Callable[[QuerySet[Entry]], int]
) -> int:
    """Agree to the erasure that was asked for, and carry it out; return of how many.

    ``forget`` is given the entries with which lives ended among those whose details go; it
    lets go of what else is written about these, in the same transaction, and returns of how
    many. Raises ErasureRefused when none is asked for, when it lapsed, or when the one who
    agrees is the one who asked.
    """
    plan = planned()
    if plan is None or (refused := why_not_erase(plan, by, at)):
        raise ErasureRefused(refused if plan else "Nobody has asked for an erasure.")
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA secure_delete = ON")  # overwrite what is let go of

    # Whoever agrees at the same moment waits here, and then finds nothing left.
    entries = forgettable(plan.before).update(body=b"", who=None, erased_in=_UNDER_WAY)
    if not entries:
        raise ErasureRefused("The details were already erased.")
    going = Entry.objects.filter(index__lt=plan.before, erased_in=_UNDER_WAY)
    erased = DetailsErased(
        before=plan.before,
        entries=entries,
        rule=FORGETTING_RULE,
        asked_by=plan.asked_by.name,
        recordings=forget(_ended(going)),
    )
    entry = record(erased, subject=plan.subject, by=by, at=at, because=because)
    going.update(erased_in=entry.index)
    _destroy_keys_of_nothing(entry.body_key)
    return entries


def _ended(entries: QuerySet[Entry]) -> QuerySet[Entry]:
    return entries.filter(kind=ENDING_KIND)


def _destroy_keys_of_nothing(current: BodyKey) -> None:
    """Destroy the keys of months of which no body is left; reads the log through once."""
    used = Entry.objects.filter(erased_in=None).order_by().values_list("body_key", flat=True)
    empty = BodyKey.objects.exclude(pk__in=[current.pk, *used.distinct()])
    empty.update(wrapped=b"")
