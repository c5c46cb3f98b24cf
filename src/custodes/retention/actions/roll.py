"""Begin a new epoch of keys, wrap every live key anew, and destroy the epochs before it.

That, and only that, makes old backups of the database useless: a data key that was
destroyed here is still in last night's backup, wrapped by an epoch's key that no longer
is anywhere (custody format, section 6). It makes them useless for everything else in
them too: so the old key is destroyed in a second step, which somebody asks for once a
backup of after the roll exists, and an hour later at the earliest, so that nothing
begun under it in the same moment is lost.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from custodes.custody import strongroom
from custodes.custody.actions import record
from custodes.custody.events import KeysRolled
from custodes.custody.models import BodyKey
from custodes.custody.rules import Actor
from custodes.intake.models import Upload
from custodes.kernel.digest import b64u
from custodes.kernel.ids import new_handle
from custodes.ledger.tree import LeafHashes, leaf_hash
from custodes.recordings.models import Original
from custodes.retention.errors import RollRefused
from custodes.retention.models import KeyRoll, Tombstone
from custodes.retention.rules.disposal import Stage

_BATCH = 20_000
#: How long a roll waits before it destroys the epochs before it.
WAITS = timedelta(hours=1)
_TABLES = (Original, Upload, BodyKey)


def roll_keys(*, by: Actor, at: datetime) -> KeyRoll:
    """Begin a new epoch and wrap every live key under it; destroys nothing yet."""
    ring = strongroom.ring()
    epoch = ring.begin_epoch()
    rewrapped = _rewrap_all(epoch)
    with transaction.atomic():
        kids = _inventory()
        roll = KeyRoll.objects.create(
            handle=new_handle(), epoch=epoch, began_at=at, keys=len(kids), root=_root(kids)
        )
        _enter(roll, rewrapped, destroyed=0, by=by, at=at)
    return roll


def destroy_old_epochs(*, by: Actor, at: datetime) -> int:
    """Destroy every epoch before the newest roll's; return how many. It cannot be undone.

    Raises RollRefused when there was no roll, or it was less than an hour ago.

    1. Wrap anew what was begun under an old epoch since. 2. Only if no key is left
    under one, enter the destruction in the record. 3. Destroy. 4. Call what was
    deleted before the roll destroyed.
    """
    roll = KeyRoll.objects.filter(destroyed_at=None).order_by("-epoch").first()
    if roll is None:
        raise RollRefused("No roll waits for older keys to be destroyed.")
    if at < roll.began_at + WAITS:
        raise RollRefused("The keys were rolled less than an hour ago.")
    _rewrap_all(roll.epoch)
    ring = strongroom.ring()
    old = [epoch for epoch in ring.epochs() if epoch < roll.epoch]
    with transaction.atomic():
        if any(_under_old(model, roll.epoch).exists() for model in _TABLES):
            raise RollRefused("Something was begun under an older key this moment.")
        KeyRoll.objects.filter(destroyed_at=None, epoch__lte=roll.epoch).update(destroyed_at=at)
        _enter(roll, 0, destroyed=len(old), by=by, at=at)
    for epoch in old:
        ring.destroy_epoch(epoch)
    unlinked = Tombstone.objects.filter(epoch__lt=roll.epoch, stage=Stage.UNLINKED)
    unlinked.filter(disposed_at__lte=roll.began_at).update(stage=Stage.FINAL)
    return len(old)


def _rewrap_all(epoch: int) -> int:
    """Wrap every key of an older epoch under the current one; return how many."""
    return sum(_rewrap(model, epoch) for model in _TABLES)


def _rewrap(model: Any, epoch: int) -> int:  # noqa: ANN401 - any table with a wrapped key
    ring, done = strongroom.ring(), 0
    while True:
        with transaction.atomic():
            rows = list(
                _under_old(model, epoch)
                .select_for_update()
                .order_by("pk")
                .values_list("pk", "epoch", "wrapped")[:_BATCH]
            )
            if not rows:
                return done
            new = ring.rewrap_many([(was, bytes(wrapped)) for _, was, wrapped in rows])
            table = connection.ops.quote_name(model._meta.db_table)
            with connection.cursor() as cursor:
                cursor.executemany(
                    f"UPDATE {table} SET wrapped = %s, epoch = %s WHERE id = %s",  # noqa: S608
                    [(wrapped, epoch, pk) for wrapped, (pk, _, _) in zip(new, rows, strict=True)],
                )
        done += len(rows)


def _under_old(model: Any, epoch: int) -> QuerySet[Any]:  # noqa: ANN401 - the same
    """Return the rows that hold a key under an older epoch; a destroyed key is empty."""
    found: QuerySet[Any] = model.objects.filter(epoch__lt=epoch).exclude(wrapped=b"")
    return found


def _inventory() -> list[str]:
    """Return the names of all live keys, sorted: one that is gone is provably not among them."""
    return sorted(set(_names()))


def _names() -> Iterator[str]:
    for model in _TABLES:
        live: QuerySet[Any] = model._default_manager.exclude(wrapped=b"")
        yield from live.order_by().values_list("kid", flat=True).iterator(_BATCH)


def _root(kids: list[str]) -> bytes:
    return LeafHashes(bytearray().join(leaf_hash(kid.encode()) for kid in kids)).root()


def _enter(roll: KeyRoll, rewrapped: int, destroyed: int, *, by: Actor, at: datetime) -> None:
    rolled = KeysRolled(
        epoch=roll.epoch,
        keys=roll.keys,
        root=b64u(bytes(roll.root)),
        destroyed=destroyed,
        rewrapped=rewrapped,
    )
    record(rolled, subject=roll.handle, by=by, at=at)
