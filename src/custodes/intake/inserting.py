"""Insert many new rows of one table with one statement.

What ``bulk_create`` does, without asking of every value of every row how it is written
in SQL: for plain columns it is always the same. A whole shift arrives at once, and this
is a third of what taking it in costs.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from django.db import connection
from django.db.models import Model

# A statement of either database takes tens of thousands of values, not more.
_VALUES = 30_000
Row = TypeVar("Row", bound=Model)


def insert_together(rows: Sequence[Row]) -> list[Row]:
    """Insert rows that the database numbers, in order, and give them their numbers.

    For tables without columns of computed values; ``save`` and its signals are not called.
    """
    done: list[Row] = []
    if rows:
        at_once = _VALUES // len(rows[0]._meta.local_concrete_fields)
        for start in range(0, len(rows), at_once):
            done += _insert(rows[start : start + at_once])
    return done


def _insert(rows: Sequence[Row]) -> Sequence[Row]:
    meta = rows[0]._meta
    fields = [field for field in meta.local_concrete_fields if not field.primary_key]
    key = connection.ops.quote_name(str(meta.pk.column))
    columns = ", ".join(connection.ops.quote_name(str(field.column)) for field in fields)
    table = connection.ops.quote_name(meta.db_table)
    marks = ", ".join(["(" + ", ".join(["%s"] * len(fields)) + ")"] * len(rows))
    values = [
        field.get_db_prep_save(getattr(row, field.attname), connection)
        for row in rows
        for field in fields
    ]
    insert = f"INSERT INTO {table} ({columns}) VALUES {marks} RETURNING {key}"  # noqa: S608 - names of ours
    with connection.cursor() as cursor:
        cursor.execute(insert, values)
        numbers = [number for (number,) in cursor.fetchall()]
    for row, number in zip(rows, numbers, strict=True):
        row.pk = number
        row._state.adding, row._state.db = False, connection.alias
    return rows
