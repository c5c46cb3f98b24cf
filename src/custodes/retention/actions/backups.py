"""Say of what was destroyed that its last backup has expired too: the fourth and last state.

Custodes makes no backups and cannot see them go. What it knows is what the force
declares (``backups_kept_days``); the entry says so (custody format, section 6, D4).
"""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db import transaction

from custodes.custody.actions import record
from custodes.custody.events import BackupsAgedOut
from custodes.custody.rules import Actor
from custodes.retention.models import KeyRoll, Tombstone
from custodes.retention.rules.disposal import Stage


def note_backups_gone(days: int, *, by: Actor, at: datetime) -> int:
    """Note of what was destroyed so many days ago that its backups are gone; return of how many.

    Counted from the destruction of the epoch's keys. Without a declaration (0) nothing is.
    """
    if not days:
        return 0
    rolls = KeyRoll.objects.filter(destroyed_at__lte=at - timedelta(days=days))
    return sum(_note(roll, days, by=by, at=at) for roll in rolls.order_by("epoch"))


@transaction.atomic
def _note(roll: KeyRoll, days: int, *, by: Actor, at: datetime) -> int:
    final = Tombstone.objects.filter(stage=Stage.FINAL, epoch__lt=roll.epoch)
    number = final.filter(disposed_at__lte=roll.began_at).update(stage=Stage.BACKUPS_GONE)
    if number:
        aged = BackupsAgedOut(epoch=roll.epoch, gone=number, days=days)
        record(aged, subject=roll.handle, by=by, at=at)
    return number
