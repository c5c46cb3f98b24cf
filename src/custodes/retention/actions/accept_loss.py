"""Accept for good that something is lost: two people, each with a reason, after looking into it.

Nothing is repaired, hidden or forgotten by it. What was accepted stays on the list and is
counted as lost; its alarm ends, and it stops no sweep.
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q

from custodes.custody.actions import record
from custodes.custody.appending import lock_end
from custodes.custody.events import LossAccepted, LossProposed, LossWithdrawn
from custodes.custody.log import subject_of_log
from custodes.kernel.digest import b64u, sha256
from custodes.people.rules import Permission, Viewer
from custodes.retention.errors import LossRefused
from custodes.retention.inventory import accepted
from custodes.retention.inventory.figures import Figures
from custodes.retention.inventory.tables import (
    AcceptedLoss,
    Discrepancy,
    Inventory,
    LossAcceptance,
)
from custodes.retention.rules.disposal import enough_agree
from custodes.retention.rules.inventory import Fault, Kind, Verdict

# Everything seems to be missing: that is a disk to be mounted, or a backup put back.
_NOT_TOLD = frozenset({Verdict.STORE_AWAY, Verdict.OLD_DATABASE})
_SHORTEST, _LONGEST = 10, 1000
_AT_ONCE = 1000
_NAMED = 5


@transaction.atomic
def agree_to_loss(
    viewer: Viewer, because: str, objects: Collection[str] = (), *, at: datetime
) -> LossAcceptance:
    """Agree that what is listed as lost is lost for good; raises LossRefused.

    The first person says of which objects, or of all that is listed and not accepted; the
    second agrees to that list. What came back in between is not in it any more.
    """
    _make_sure(viewer)
    because = " ".join(because.split())
    if not _SHORTEST <= len(because) <= _LONGEST:
        raise LossRefused("Say what was looked into and what came of it, in 10 to 1,000 letters.")
    lock_end()
    waiting = _waiting()
    if waiting is None:
        return _propose(viewer, because, frozenset(objects), at)
    if objects:
        raise LossRefused("Another list waits for a second person.")
    return _accept(viewer, waiting, because, at)


@transaction.atomic
def withdraw_loss(viewer: Viewer, because: str, *, at: datetime) -> LossAcceptance:
    """Take back what waits for a second person: whoever may accept a loss may; LossRefused."""
    _make_sure(viewer)
    if not because.strip():
        raise LossRefused("Say why it is taken back.")
    lock_end()
    waiting = _waiting()
    if waiting is None:
        raise LossRefused("Nothing waits for a second person.")
    waiting.withdrawn_at = at
    waiting.save(update_fields=["withdrawn_at"])
    withdrawn = LossWithdrawn(number=waiting.losses.count())
    record(
        withdrawn, subject=subject_of_log(), by=viewer.actor, at=at, because=because.strip()[:1000]
    )
    return waiting


def _make_sure(viewer: Viewer) -> None:
    if not viewer.may(Permission.ACCEPT_LOSS) or viewer.person is None:
        raise LossRefused("None of your roles accepts losses.")


def _waiting() -> LossAcceptance | None:
    return (
        LossAcceptance.objects.select_for_update()
        .filter(accepted_at=None, withdrawn_at=None)
        .first()
    )


def _propose(viewer: Viewer, because: str, objects: frozenset[str], at: datetime) -> LossAcceptance:
    newest = Inventory.objects.first()
    if newest is None or Figures.from_value(newest.figures).verdict in _NOT_TOLD:
        raise LossRefused("Everything seems to be missing: that is no loss to be accepted.")
    lost = accepted.open_losses()
    if objects:
        lost = lost.filter(pk__in=objects)
        if unlisted := sorted(objects - set(lost.values_list("pk", flat=True))):
            named = ", ".join(unlisted[:_NAMED])
            raise LossRefused(f"This is not listed as lost, or was accepted already: {named}.")
    if not lost.exists():
        raise LossRefused("Nothing is listed as lost that was not accepted already.")
    made = LossAcceptance.objects.create(
        because=because, proposed_by_id=viewer.person, proposed_at=at
    )
    rows = lost.values_list("handle", "fault", "says").iterator(_AT_ONCE)
    AcceptedLoss.objects.bulk_create(
        (AcceptedLoss(acceptance=made, handle=h, fault=f, says=says) for h, f, says in rows),
        batch_size=_AT_ONCE,
    )
    proposed = LossProposed(number=made.losses.count(), document=_digest_of(made))
    record(proposed, subject=subject_of_log(), by=viewer.actor, at=at, because=because)
    return made


def _accept(viewer: Viewer, made: LossAcceptance, because: str, at: datetime) -> LossAcceptance:
    if not enough_agree([str(made.proposed_by_id), str(viewer.person)]):
        raise LossRefused("You agreed to it already. A second person must.")
    listed = Discrepancy.objects.filter(
        pk=OuterRef("handle"), fault=OuterRef("fault"), says=OuterRef("says")
    )
    made.losses.exclude(Exists(listed)).delete()
    if not (number := made.losses.count()):
        raise LossRefused("Nothing of that list is lost any more.")
    made.accepted_by_id, made.accepted_at, made.also_because = viewer.person, at, because
    made.save(update_fields=["accepted_by", "accepted_at", "also_because"])
    told = LossAccepted(
        accepted=number, document=_digest_of(made), first=made.proposed_by.name, why=made.because
    )
    record(told, subject=subject_of_log(), by=viewer.actor, at=at, because=because)
    _count_anew()
    return made


def _digest_of(made: LossAcceptance) -> str:
    """Return the digest over the objects, one a line, in the order of their bytes."""
    handles = sorted(made.losses.order_by().values_list("handle", flat=True))
    return b64u(sha256("".join(f"{handle}\n" for handle in handles).encode()))


def _count_anew() -> None:
    """Let the newest total know of it, so that the alarm ends before the next look."""
    newest = Inventory.objects.first()
    if newest is None:
        return
    lost = accepted.accepted_losses()
    figures = Figures.from_value(newest.figures)
    figures.accepted_missing = lost.filter(fault=Fault.MISSING).count()
    figures.accepted_miscounted = lost.filter(fault=Fault.MISCOUNTED).count()
    figures.accepted_forgotten = lost.filter(
        Q(fault=Fault.FORGOTTEN) | Q(fault=Fault.MISSING, kind=Kind.FORGOTTEN)
    ).count()
    newest.figures = figures.to_value()
    newest.save(update_fields=["figures"])
