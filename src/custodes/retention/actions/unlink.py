"""Remove the sealed bytes of what was disposed of, after its disposal has committed.

The list of what to remove is in the database, so a crash in between leaves work, never
bytes that nobody knows of. Without its key an object is noise already.
"""

from __future__ import annotations

from django.db import transaction

from custodes.custody import strongroom
from custodes.kernel.errors import NotFound
from custodes.recordings.many import among
from custodes.retention.models import Tombstone, Unlinking
from custodes.retention.rules.disposal import Stage

_BATCH = 5000


def unlink_all(*, when_there_are: int = 1) -> int:
    """Remove every object on the list; return how many names were worked off.

    Does nothing while the list has fewer than ``when_there_are``.
    """
    if Unlinking.objects.count() < when_there_are:
        return 0
    store = strongroom.vault().store
    done = 0
    listed = Unlinking.objects.order_by("handle").values_list("handle", "tombstone")
    while batch := list(listed[:_BATCH]):
        for handle, _ in batch:
            try:
                store.shred(handle, durable=False)
            except NotFound:
                continue  # removed before a crash, or lost: the inventory has said so
        store.make_removals_durable()
        _note(batch)
        done += len(batch)
    return done


@transaction.atomic
def _note(batch: list[tuple[str, str]]) -> None:
    Unlinking.objects.filter(pk__in=among(handle for handle, _ in batch)).delete()
    stones = {stone for _, stone in batch}
    finished = Tombstone.objects.filter(pk__in=among(stones), stage=Stage.ACCESS_GONE)
    waiting = Unlinking.objects.order_by().values("tombstone")
    finished.exclude(pk__in=waiting).update(stage=Stage.UNLINKED)
