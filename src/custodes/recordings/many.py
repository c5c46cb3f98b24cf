"""Thousands of keys as one parameter, so that asking about them costs what the answer does.

A filter's ``__in`` with a list makes a parameter of every key, which costs more than
finding their rows does.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, nullcontext
from datetime import UTC, datetime
from typing import Any

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models import QuerySet, TextField
from django.db.models.expressions import RawSQL
from django.db.models.functions import Cast

from custodes.kernel.cycles import looked_for_rarely

# What a transaction that changes thousands of rows needs of SQLite: a few pages kept, since
# most of an index is touched by every batch and no cache holds that; and its log of what was
# written copied back into the database many batches at a time. Until then that takes up to
# 400 MB of disk. Mapped pages would count as ours, a quarter of a gigabyte.
_ROOMY = {"cache_size": -65_536, "mmap_size": 0, "wal_autocheckpoint": 100_000}


def among(keys: Iterable[int] | Iterable[str]) -> RawSQL:
    """Return keys, all numbers or all handles, in the form that a filter's ``__in`` takes."""
    listed = list(keys)
    if connection.vendor == "sqlite":
        return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(listed)])
    of = "text" if listed and isinstance(listed[0], str) else "bigint"
    return RawSQL(f"SELECT unnest(%s::{of}[])", [listed])  # noqa: S611 - one of two words


def rows_of(listed: QuerySet[Any, tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """Return what a ``values_list`` finds, as the database's own module hands it over.

    Django's converters cost more for a row than finding it does: moments are asked for
    by :func:`as_stored` and go through :func:`moment`, and what is stored as JSON or as yes
    and no must not be asked for here.
    """
    found = listed.query.get_compiler(using=listed.db).execute_sql()
    return [row for some in found for row in some]


def as_stored(*names: str) -> Iterator[Cast | str]:
    """Yield moments to ask :func:`rows_of` for as they are stored, which :func:`moment` reads.

    Reading a text costs a third of what Django's converter does for SQLite's own module.
    """
    is_text = connection.vendor == "sqlite"
    return (Cast(name, TextField()) if is_text else name for name in names)


def moment(stored: str | datetime) -> datetime:
    """Return a moment as Django would have: in UTC and aware of it, which SQLite's are not."""
    return datetime.fromisoformat(f"{stored}+00:00") if isinstance(stored, str) else stored


def stored(at: datetime) -> str | datetime:
    """Return a moment as this database stores it, the inverse of :func:`moment`.

    For thousands of rows that are written past the models: Django's own way costs as much
    as writing the row does.
    """
    return str(at.astimezone(UTC).replace(tzinfo=None)) if connection.vendor == "sqlite" else at


@contextmanager
def room_for_many() -> Iterator[None]:
    """Let this connection change many rows in one transaction after the other."""
    room = _room_in_sqlite() if connection.vendor == "sqlite" else nullcontext()
    with looked_for_rarely(), room:
        yield


@contextmanager
def _room_in_sqlite() -> Iterator[None]:
    with connection.cursor() as cursor:
        before = {}
        for name in _ROOMY:
            cursor.execute(f"PRAGMA {name}")
            if found := cursor.fetchone():  # a database in memory maps no pages
                before[name] = int(found[0])
        _set(cursor, _ROOMY)
        try:
            yield
        finally:
            _set(cursor, before)
            if not connection.in_atomic_block:
                cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")  # give the room on the disk back


def _set(cursor: CursorWrapper, values: dict[str, int]) -> None:
    for name, value in values.items():
        cursor.execute(f"PRAGMA {name} = {value}")
