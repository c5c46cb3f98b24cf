"""Remove the sealed bytes of what was disposed of, after its disposal has committed.

The list of what to remove is in the database, so a crash in between leaves work, never
bytes that nobody knows of. Without its key an object is noise already.
"""

from __future__ import annotations

from django.db import transaction
from django.db.models import QuerySet

from custodes.custody import strongroom
from custodes.recordings.many import among
from custodes.retention.models import Tombstone, Unlinking
from custodes.retention.rules.disposal import Stage
from custodes.vault.removing import Removing, shred_all

_BATCH = 5000
_Listed = list[tuple[str, str]]


class Unlinker:
    """Removes what is on the list while a sweep adds to it; a process of its own does it.

    It takes so many objects together as to wait for the disk once, and not again for
    those that go meanwhile.
    """

    def __init__(self, together: int) -> None:
        """Begin once the list has so many objects, and take twice as many at most."""
        self._together = together
        self._listed: _Listed = []
        self._removing: Removing | None = None

    def go_on(self) -> None:
        """Note what was removed, and begin with what is on the list, if it is enough."""
        if self._removing is not None and not self._removing.is_over:
            return
        self._note_what_went()
        if Unlinking.objects.count() >= self._together:
            self._listed = list(_of_list()[: 2 * self._together])
            folder = strongroom.store_folder()
            self._removing = Removing(folder, [handle for handle, _ in self._listed])

    def end(self) -> None:
        """Wait for what was begun, and remove whatever is left on the list."""
        self._note_what_went()
        unlink_all()

    def _note_what_went(self) -> None:
        # What did not go stays on the list, and whoever works it off meets the same fault.
        if self._removing is not None and self._removing.end():
            _note(self._listed)
        self._removing = None


def unlink_all() -> int:
    """Remove every object on the list; return how many names were worked off."""
    store = strongroom.vault().store
    done = 0
    while batch := list(_of_list()[:_BATCH]):
        shred_all(store, [handle for handle, _ in batch])
        _note(batch)
        done += len(batch)
    return done


def _of_list() -> QuerySet[Unlinking, tuple[str, str]]:
    return Unlinking.objects.order_by("handle").values_list("handle", "tombstone")


@transaction.atomic
def _note(batch: _Listed) -> None:
    Unlinking.objects.filter(pk__in=among(handle for handle, _ in batch)).delete()
    stones = {stone for _, stone in batch}
    finished = Tombstone.objects.filter(pk__in=among(stones), stage=Stage.ACCESS_GONE)
    waiting = Unlinking.objects.order_by().values("tombstone")
    finished.exclude(pk__in=waiting).update(stage=Stage.UNLINKED)
