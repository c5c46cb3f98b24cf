"""Begin a new epoch of keys, wrap every live key anew, and destroy the epochs before it.

That, and only that, makes old backups of the database useless: a data key that was
destroyed here is still in last night's backup, wrapped by an epoch's key that no longer
is anywhere (custody format, section 6). It makes them useless for everything else in
them too: so the old key is destroyed in a second step, which somebody asks for once a
backup of after the roll exists, and an hour later at the earliest, so that nothing
begun under it in the same moment is lost.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta
from typing import Any

from django.db import connection, transaction
from django.db.models import QuerySet

from custodes.custody import strongroom
from custodes.custody.actions import record
from custodes.custody.events import KeysRolled, RecordingDeleted
from custodes.custody.log import size_of_log
from custodes.custody.models import BodyKey, Entry
from custodes.custody.rules import Actor
from custodes.intake.models import Upload
from custodes.kernel.digest import b64u
from custodes.kernel.ids import new_handle
from custodes.ledger.inventory import blocks_of
from custodes.recordings.many import room_for_many
from custodes.recordings.models import Original
from custodes.retention.errors import RollRefused
from custodes.retention.models import KeyNames, KeyRoll, Tombstone
from custodes.retention.rules.disposal import Stage

_BATCH = 20_000
#: How long a roll waits before it destroys the epochs before it.
WAITS = timedelta(hours=1)
_TABLES = (Original, Upload, BodyKey)
_TRIES = 10


class _Overtaken(Exception):
    """Something was deleted while the names of the live keys were gathered."""


def roll_keys(*, by: Actor, at: datetime) -> KeyRoll:
    """Begin a new epoch and wrap every live key under it; destroys nothing yet."""
    ring = strongroom.ring()
    epoch = ring.begin_epoch()
    rewrapped = _rewrap_all(epoch)
    for _ in range(_TRIES):
        before, names = size_of_log(), _inventory()
        try:
            return _begin(epoch, names, rewrapped, before, by=by, at=at)
        except _Overtaken:
            continue
    raise RollRefused("Recordings are being deleted this moment.")


def destroy_old_epochs(*, by: Actor, at: datetime) -> int:
    """Destroy every epoch before the newest roll's; return how many. It cannot be undone.

    Raises RollRefused when there was no roll, or it was less than an hour ago. What a crash
    kept from being destroyed comes first.

    1. Wrap anew what was begun under an old epoch since. 2. Only if no key is left
    under one, enter the destruction in the record. 3. Destroy. 4. Call what was
    deleted before the roll destroyed.
    """
    left_over = finish_destroying()
    roll = KeyRoll.objects.filter(destroyed_at=None).order_by("-epoch").first()
    if roll is None and left_over:
        return left_over
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
        _let_go_of_names(roll)
        KeyRoll.objects.filter(destroyed_at=None, epoch__lte=roll.epoch).update(destroyed_at=at)
        _enter(roll, 0, destroyed=len(old), by=by, at=at)
    _destroy(old, roll)
    return len(old)


def finish_destroying() -> int:
    """Destroy the epochs that the record says were destroyed and that are still here.

    A crash between the entry and the destruction leaves them. Returns how many; raises
    RollRefused, and destroys none, should a key be left under one of them.
    """
    roll = _last_that_destroyed()
    if roll is None:
        return 0
    old = epochs_left_over()
    if old:
        _rewrap_all(roll.epoch)
        if any(_under_old(model, roll.epoch).exists() for model in _TABLES):
            raise RollRefused("A key is left under an epoch that should be gone.")
    _destroy(old, roll)
    return len(old)


def epochs_left_over() -> list[int]:
    """Return the epochs whose destruction is in the record and whose keys are still here."""
    roll = _last_that_destroyed()
    return [] if roll is None else [e for e in strongroom.ring().epochs() if e < roll.epoch]


def _last_that_destroyed() -> KeyRoll | None:
    return KeyRoll.objects.exclude(destroyed_at=None).order_by("-epoch").first()


def _destroy(old: Iterable[int], roll: KeyRoll) -> None:
    """Destroy epochs, then call what was deleted before the roll destroyed."""
    ring = strongroom.ring()
    for epoch in old:
        ring.destroy_epoch(epoch)
    unlinked = Tombstone.objects.filter(epoch__lt=roll.epoch, stage=Stage.UNLINKED)
    unlinked.filter(disposed_at__lte=roll.began_at).update(stage=Stage.FINAL)


def _let_go_of_names(roll: KeyRoll) -> None:
    """Keep the names of this roll and of the last whose older keys ended: no others are shown."""
    ended = KeyRoll.objects.exclude(destroyed_at=None).filter(blocks__isnull=False)
    last = ended.order_by("-epoch").first()
    KeyNames.objects.filter(roll__epoch__lt=roll.epoch).exclude(roll=last).delete()


@transaction.atomic
def _begin(
    epoch: int, names: list[str], rewrapped: int, before: int, *, by: Actor, at: datetime
) -> KeyRoll:
    """Enter the roll; raises _Overtaken when something was deleted since the names were read.

    Its key would stand in an inventory that comes after its deletion. The entry locks the
    end of the log, so that no deletion slips in between looking and committing.
    """
    root, blocks = blocks_of(names)
    roll = KeyRoll.objects.create(
        handle=new_handle(), epoch=epoch, began_at=at, keys=len(names), root=root
    )
    KeyNames.objects.bulk_create(
        KeyNames(roll=roll, number=number, first=block.names[0], root=block.root,
                 names=" ".join(block.names))
        for number, block in enumerate(blocks)
    )  # fmt: skip
    _enter(roll, rewrapped, destroyed=0, by=by, at=at)
    deleted = Entry.objects.filter(kind=RecordingDeleted.kind, index__gte=before)
    if deleted.exists():
        raise _Overtaken
    return roll


def _rewrap_all(epoch: int) -> int:
    """Wrap every key of an older epoch under this one; return how many."""
    with room_for_many():
        return sum(_rewrap(model, epoch) for model in _TABLES)


def _rewrap(model: Any, epoch: int) -> int:  # noqa: ANN401 - any table with a wrapped key
    done, last = 0, 0
    while True:
        some, last = _rewrap_some(model, epoch, last)
        if not some:
            return done
        done += some


@transaction.atomic
def _rewrap_some(model: Any, epoch: int, after: int) -> tuple[int, int]:  # noqa: ANN401 - the same
    """Wrap the next keys anew, in the order of the table; return how many, and the last row."""
    rows = list(
        _under_old(model, epoch)
        .filter(pk__gt=after)
        .select_for_update()
        .order_by("pk")
        .values_list("pk", "epoch", "wrapped")[:_BATCH]
    )
    if not rows:
        return 0, after
    new = strongroom.ring().rewrap_many(
        [(was, bytes(wrapped)) for _, was, wrapped in rows], into=epoch
    )
    table = connection.ops.quote_name(model._meta.db_table)
    with connection.cursor() as cursor:
        cursor.executemany(
            f"UPDATE {table} SET wrapped = %s, epoch = %s WHERE id = %s",  # noqa: S608
            [(wrapped, epoch, pk) for wrapped, (pk, _, _) in zip(new, rows, strict=True)],
        )
    return len(rows), rows[-1][0]


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


def _enter(roll: KeyRoll, rewrapped: int, destroyed: int, *, by: Actor, at: datetime) -> None:
    rolled = KeysRolled(
        epoch=roll.epoch,
        keys=roll.keys,
        root=b64u(bytes(roll.root)),
        destroyed=destroyed,
        rewrapped=rewrapped,
    )
    record(rolled, subject=roll.handle, by=by, at=at)
