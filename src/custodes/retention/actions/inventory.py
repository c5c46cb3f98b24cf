"""Take the inventory: look at everything, enter the total, and sound the alarm at a loss.

The look locks nothing. What is entered is one transaction: the total, what was lost or
came back since the last one, and the list of what is missing now. Nothing is ever
removed or repaired.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef

from custodes.custody.actions import record
from custodes.custody.appending import lock_end
from custodes.custody.events import InventoryTaken, LossMended, LossNoticed
from custodes.custody.log import subject_of_log
from custodes.custody.rules import Actor
from custodes.retention.inventory import recorded
from custodes.retention.inventory.figures import Figures
from custodes.retention.inventory.looking import Look, Progress, look
from custodes.retention.inventory.naming import Named
from custodes.retention.inventory.shown import begun_at
from custodes.retention.inventory.tables import AcceptedLoss, Discrepancy, Inventory
from custodes.retention.inventory.telling import headline
from custodes.retention.rules.inventory import (
    Fault,
    Kind,
    Verdict,
    look_is_due,
    total_is_due,
)

# Of these everything seems to be missing; a list of everything helps nobody.
_NOT_LISTED = frozenset({Verdict.STORE_AWAY, Verdict.OLD_DATABASE})
_AT_ONCE = 1000
# The gravest first: an object that is both gone and forgotten is told as missing.
_IN_ORDER = (Fault.MISSING, Fault.FORGOTTEN, Fault.SURVIVING, Fault.UNEXPECTED, Fault.MISCOUNTED)


@dataclass(frozen=True, slots=True)
class Taken:
    """What a look found, and the total that was entered; None while the log is behind."""

    look: Look
    inventory: Inventory | None


def take_inventory(*, by: Actor, at: datetime, progress: Progress | None = None) -> Taken:
    """Look at everything and enter the total. Raises OSError when the store cannot be read.

    While the log is behind nothing is entered and nothing is noted: an older database
    knows too little to say that something was lost.
    """
    found = look(progress)
    if found.figures.behind:
        return Taken(found, None)
    return Taken(found, _enter(found, by=by, at=at))


def look_if_due(*, by: Actor, at: datetime) -> Taken | None:
    """Take the regular look; enter a total if anything changed or the day's is due.

    The first is taken half an hour after the log began. Raises OSError when the store
    cannot be read: then nobody looks, and that is told too.
    """
    newest = Inventory.objects.first()
    last = newest.looked_at if newest else begun_at()
    if last is None or not look_is_due(last, at):
        return None
    found = look()
    if found.figures.behind:
        return Taken(found, None)
    if newest is not None and not total_is_due(newest.taken_at, at) and _is_still(newest, found):
        Inventory.objects.filter(pk=newest.pk).update(looked_at=at)
        return Taken(found, newest)
    return Taken(found, _enter(found, by=by, at=at))


def _is_still(newest: Inventory, found: Look) -> bool:
    """Say whether nothing was lost, found or turned up since."""
    before, now = Figures.from_value(newest.figures), found.figures
    names = (
        "verdict",
        "missing",
        "forgotten",
        "surviving",
        "unexpected",
        "uncounted",
        "miscounted",
        "accepted_missing",
        "accepted_forgotten",
        "accepted_miscounted",
    )
    if any(getattr(before, name) != getattr(now, name) for name in names):
        return False
    if now.verdict in _NOT_LISTED:
        return True
    told = Discrepancy.objects.filter(fault=Fault.MISCOUNTED).values_list("handle", "says")
    return not _lost(found) and set(told) == {(m.handle, m.says) for m in found.miscounted}


@transaction.atomic
def _enter(found: Look, *, by: Actor, at: datetime) -> Inventory:
    """Enter the total, then what was lost or came back since the last one."""
    lock_end()  # one at a time, so that no two say of the same loss that it is new
    last = Inventory.objects.first()
    before = Figures.from_value(last.figures) if last else Figures(size=0)
    figures = found.figures
    lost, back = _since(found, before)
    entry = record(_total(figures), subject=subject_of_log(), by=by, at=at)
    if lost:
        noticed = LossNoticed(lost=lost, missing=figures.missing, what=headline(figures))
        record(noticed, subject=subject_of_log(), by=by, at=at)
    if back:
        mended = LossMended(found=back, missing=figures.missing)
        record(mended, subject=subject_of_log(), by=by, at=at)
    if figures.verdict not in _NOT_LISTED:
        _list(found, entry.index, at)
    return Inventory.objects.create(
        taken_at=at, looked_at=at, entry=entry.index, figures=figures.to_value()
    )


def _total(figures: Figures) -> InventoryTaken:
    """Return the total, with the record counted up to the very entry that it becomes."""
    size = lock_end().size
    since = {
        kind: recorded.number_of(kind, size) - recorded.number_of(kind, figures.size)
        for kind in ("recording.ingested", "recording.deleted")
    }
    return InventoryTaken(
        size=figures.size,
        taken_in=figures.taken_in + since["recording.ingested"],
        deleted=figures.disposed + since["recording.deleted"],
        wanted=figures.wanted,
        held=figures.held,
        missing=figures.missing,
        forgotten=figures.forgotten,
        surviving=figures.surviving,
        unexpected=figures.unexpected,
        uncounted=figures.uncounted,
        miscounted=figures.miscounted,
        accepted=figures.accepted,
        root=figures.root,
    )


def _since(found: Look, before: Figures) -> tuple[int, int]:
    """Return how many objects were lost and how many came back since the last total."""
    missing = found.figures.missing
    if {found.figures.verdict, before.verdict} & _NOT_LISTED:
        return max(missing - before.missing, 0), max(before.missing - missing, 0)
    lost = _lost(found)
    return lost, Discrepancy.objects.filter(fault=Fault.MISSING).count() - (missing - lost)


def _lost(found: Look) -> int:
    """Return how many of what is missing are not on the list yet."""
    lost = 0
    for some in found.piles[Fault.MISSING].batches():
        handles = [handle for handle, _ in some]
        known = Discrepancy.objects.filter(handle__in=handles, fault=Fault.MISSING)
        lost += len(handles) - known.count()
    return lost


def _list(found: Look, entry: int, at: datetime) -> None:
    """Bring the list of what is wrong up to date; what is well again leaves it."""
    told: set[str] = set()
    for fault in _IN_ORDER:
        for rows in _in_rows(found, fault, told, entry, at):
            Discrepancy.objects.bulk_create(
                rows,
                update_conflicts=True,
                unique_fields=["handle"],
                update_fields=["fault", "kind", "recording", "month", "says", "entry"],
            )
    Discrepancy.objects.exclude(entry=entry).delete()
    # What came back and goes again is a new loss.
    listed = Discrepancy.objects.filter(pk=OuterRef("handle"))
    over = AcceptedLoss.objects.filter(acceptance__accepted_at__isnull=False)
    over.exclude(Exists(listed)).delete()


def _in_rows(
    found: Look, fault: Fault, told: set[str], entry: int, at: datetime
) -> Iterator[list[Discrepancy]]:
    rows: list[Discrepancy] = []
    for each in found.findings(fault):
        if fault is Fault.FORGOTTEN and each.handle in told:
            continue
        if fault is Fault.MISSING and each.kind is Kind.FORGOTTEN:
            told.add(each.handle)
        rows.append(_row(each, entry, at))
        if len(rows) == _AT_ONCE:
            yield rows
            rows = []
    yield rows


def _row(each: Named, entry: int, at: datetime) -> Discrepancy:
    return Discrepancy(
        handle=each.handle,
        fault=each.fault,
        kind=each.kind,
        recording=each.recording,
        month=each.month,
        says=each.says,
        noticed_at=at,
        entry=entry,
    )
