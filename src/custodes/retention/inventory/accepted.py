"""Losses that two people accepted for good: which they are, and who may see and decide them.

What was accepted stays lost, listed and counted; it only stops the alarm, and no sweep.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence

from django.db.models import Exists, OuterRef, QuerySet

from custodes.people.rules import Permission, Viewer
from custodes.retention.inventory import recorded
from custodes.retention.inventory.naming import Named
from custodes.retention.inventory.tables import AcceptedLoss, Discrepancy, LossAcceptance
from custodes.retention.rules.inventory import Fault

#: What can be accepted: what is lost. What is too much is no loss.
LOSSES = (Fault.MISSING, Fault.FORGOTTEN, Fault.MISCOUNTED)


def among(handles: Collection[str]) -> set[tuple[str, str]]:
    """Return which of these objects were accepted as lost, each with its fault."""
    found: set[tuple[str, str]] = set()
    for some in recorded.in_batches(sorted(handles)):
        losses = _accepted().filter(handle__in=some).order_by()
        found.update(losses.values_list("handle", "fault"))
    return found


def number_of(miscounted: Iterable[Named]) -> int:
    """Return of how many cameras and gaps the very disagreement was accepted."""
    accepted = set(
        _accepted().filter(fault=Fault.MISCOUNTED).order_by().values_list("handle", "says")
    )
    return sum((each.handle, each.says) in accepted for each in miscounted)


def is_any() -> bool:
    """Say whether anything was ever accepted."""
    return _accepted().exists()


def open_losses() -> QuerySet[Discrepancy]:
    """Return what is listed as lost and was not accepted, the gravest first."""
    losses = Discrepancy.objects.filter(fault__in=LOSSES).order_by("fault", "month", "handle")
    return losses.exclude(Exists(as_listed(_accepted())))


def accepted_losses() -> QuerySet[Discrepancy]:
    """Return what is listed as lost and was accepted."""
    return Discrepancy.objects.filter(Exists(as_listed(_accepted()))).order_by()


def as_listed(losses: QuerySet[AcceptedLoss]) -> QuerySet[AcceptedLoss]:
    """Return those about the listed object of the question around: same fault, same words."""
    return losses.filter(handle=OuterRef("handle"), fault=OuterRef("fault"), says=OuterRef("says"))


def open_losses_for(viewer: Viewer) -> QuerySet[Discrepancy]:
    """Return what is lost and not accepted, for those who see the inventory."""
    return open_losses() if viewer.may(Permission.SEE_INVENTORY) else Discrepancy.objects.none()


def accepted_among(viewer: Viewer, listed: Sequence[Discrepancy]) -> set[str]:
    """Return which of these listed objects were accepted as lost."""
    if not viewer.may(Permission.SEE_INVENTORY):
        return set()
    handles = [each.handle for each in listed]
    return set(accepted_losses().filter(pk__in=handles).values_list("pk", flat=True))


def acceptances_for(viewer: Viewer) -> QuerySet[LossAcceptance]:
    """Return what was agreed about losses, the newest first, for those who see the inventory."""
    made = LossAcceptance.objects.select_related("proposed_by", "accepted_by").order_by("-pk")
    return made if viewer.may(Permission.SEE_INVENTORY) else made.none()


def waiting_for(viewer: Viewer) -> LossAcceptance | None:
    """Return what waits for a second person, if this viewer sees the inventory."""
    return acceptances_for(viewer).filter(accepted_at=None, withdrawn_at=None).first()


def waits_for(viewer: Viewer) -> bool:
    """Say whether this very person is the one who may be the second."""
    if not viewer.may(Permission.ACCEPT_LOSS):
        return False
    waiting = waiting_for(viewer)
    return waiting is not None and waiting.proposed_by_id != viewer.person


def _accepted() -> QuerySet[AcceptedLoss]:
    return AcceptedLoss.objects.filter(acceptance__accepted_at__isnull=False)
