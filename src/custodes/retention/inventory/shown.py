"""The last inventory for pages, Today and the doctor: totals, what is missing, the alarm."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Min, QuerySet

from custodes.custody.models import Entry
from custodes.people.rules import Permission, Viewer
from custodes.retention.inventory.figures import Figures
from custodes.retention.inventory.tables import Discrepancy, Inventory
from custodes.retention.inventory.telling import advice, headline
from custodes.retention.rules.inventory import Verdict, look_is_late

#: Told as an alarm; what is only odd stands on the page.
ALARMING = frozenset(
    {Verdict.LOSS, Verdict.MISCOUNT, Verdict.PARTS_AWAY, Verdict.STORE_AWAY, Verdict.OLD_DATABASE}
)


@dataclass(frozen=True, slots=True)
class Alarm:
    """That something was lost, or that nobody could look: a sentence and what to do."""

    sentence: str
    advice: str
    since: datetime


def totals_for(viewer: Viewer) -> QuerySet[Inventory]:
    """Return the totals that were entered, the newest first, if this viewer may see them."""
    totals = Inventory.objects.all()
    return totals if viewer.may(Permission.SEE_INVENTORY) else totals.none()


def discrepancies_for(viewer: Viewer) -> QuerySet[Discrepancy]:
    """Return what is missing or too much, the gravest and oldest first."""
    found = Discrepancy.objects.order_by("fault", "month", "handle")
    return found if viewer.may(Permission.SEE_INVENTORY) else found.none()


def alarm_for(viewer: Viewer, at: datetime) -> Alarm | None:
    """Return the alarm that is sounding, if this viewer may see the inventory."""
    return alarm(at) if viewer.may(Permission.SEE_INVENTORY) else None


def alarm(at: datetime) -> Alarm | None:
    """Return the alarm that is sounding, for whoever runs the server; None while all is well.

    It counts objects and names nobody, and no recording.
    """
    newest = Inventory.objects.first()
    if newest is not None:
        figures = Figures.from_value(newest.figures)
        if figures.verdict in ALARMING:
            first = Discrepancy.objects.aggregate(at=Min("noticed_at"))["at"]
            return Alarm(headline(figures), advice(figures), first or newest.taken_at)
    looked = newest.looked_at if newest else begun_at()
    if looked is not None and look_is_late(looked, at):
        return Alarm(
            f"Nobody has looked since {looked:%d %B %Y %H:%M} UTC whether everything is held.",
            "Look whether a worker is running, then run: custodes inventory.",
            looked,
        )
    return None


def begun_at() -> datetime | None:
    """Return when the log began, from when the first look is counted; None before that."""
    return Entry.objects.filter(index=0).values_list("at", flat=True).first()
