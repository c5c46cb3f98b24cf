"""Thousands of keys as one parameter, so that asking about them costs what the answer does.

A filter's ``__in`` with a list makes a parameter of every key, which costs more than
finding their rows does.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from django.db import connection
from django.db.backends.utils import CursorWrapper
from django.db.models.expressions import RawSQL

# What a transaction that changes thousands of rows needs of SQLite: pages kept until it
# commits instead of written twice, and copied back into the database many batches at a
# time. Mapped pages would count as ours, a quarter of a gigabyte of them.
_ROOMY = {"cache_size": -98_304, "mmap_size": 0, "wal_autocheckpoint": 25_000}


def among(keys: Iterable[int] | Iterable[str]) -> RawSQL:
    """Return keys, all numbers or all handles, in the form that a filter's ``__in`` takes."""
    listed = list(keys)
    if connection.vendor == "sqlite":
        return RawSQL("SELECT value FROM json_each(%s)", [json.dumps(listed)])
    of = "text" if listed and isinstance(listed[0], str) else "bigint"
    return RawSQL(f"SELECT unnest(%s::{of}[])", [listed])  # noqa: S611 - one of two words


@contextmanager
def room_for_many() -> Iterator[None]:
    """Let this connection change many rows in one transaction after the other."""
    if connection.vendor != "sqlite":
        yield
        return
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


def _set(cursor: CursorWrapper, values: dict[str, int]) -> None:
    for name, value in values.items():
        cursor.execute(f"PRAGMA {name} = {value}")
