"""The end of the log, held by one transaction: what is added becomes entries and tiles.

Used by :mod:`custodes.custody.actions` alone. All of it is written by sets, so that
a night's sweep of half a million entries is one transaction of seconds. Nothing is
visible, and nothing is durable, before the transaction commits.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Collection, Sequence
from contextlib import nullcontext
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db import connection
from django.db.backends.utils import CursorWrapper

from custodes.custody import bodies, who_acted
from custodes.custody.beside import beside
from custodes.custody.events import Event
from custodes.custody.guard import refuse_if_behind
from custodes.custody.models import BodyKey, Entry, Head
from custodes.custody.rules import Actor
from custodes.custody.tiles import StoredTiles
from custodes.kernel.clock import to_millisecond
from custodes.ledger.entry import PublicEntry, commit_body
from custodes.ledger.growing import grown_by
from custodes.ledger.tree import leaf_hash

# One writer at a time: PostgreSQL needs to be told, SQLite's IMMEDIATE
# transactions see to it by themselves. The number is ours to choose.
_APPEND_LOCK = 0x43555354
_HEAD = 1
_SEED = 32
#: By subject: the number of its next entry, and the leaf hash of its last.
Chains = dict[str, tuple[int, bytes | None]]
NO_ENTRY = (0, None)
_Values = tuple[Any, ...]
_HeadRead = tuple[int, datetime | None, str, BodyKey | None]

_ADD_ENTRIES = (
    'INSERT INTO custody_entry ("index", subject, number, kind, at, data, leaf, body, body_key_id,'
    " who) VALUES {rows}"
)
# Asked without the models: on the way of every act, they cost more than the database.
_LOCK = "SELECT pg_advisory_xact_lock(%s)"
_READ_HEAD = (
    "SELECT h.size, h.at, h.refused, k.id, k.month, k.kid, k.epoch, k.wrapped FROM custody_head h"
    " LEFT JOIN custody_bodykey k ON k.month = %s WHERE h.id = %s"
)
# One search of an index a subject, and one of its row. PostgreSQL's planner sees that in a
# lateral join; SQLite's only if it is told how to find the row again.
_READ_ENDS = {
    "postgresql": """
        SELECT asked.subject, last.number, last.leaf
        FROM (VALUES {rows}) AS asked (subject) CROSS JOIN LATERAL (
            SELECT number, leaf FROM custody_entry e WHERE e.subject = asked.subject
            ORDER BY number DESC LIMIT 1
        ) last
    """,
    "sqlite": """
        WITH asked (subject) AS (VALUES {rows})
        SELECT asked.subject, last.number, last.leaf
        FROM asked JOIN custody_entry last ON last.rowid = (
            SELECT rowid FROM custody_entry e WHERE e.subject = asked.subject
            ORDER BY number DESC LIMIT 1
        )
    """,
}
_MOVE_HEAD = (
    "INSERT INTO custody_head (id, size, at) VALUES {rows} ON CONFLICT"
    " (id) DO UPDATE SET size = excluded.size, at = excluded.at"
)
_PUT_TILES = (
    "INSERT INTO custody_tile (level, number, hashes) VALUES {rows} ON CONFLICT"
    " (level, number) DO UPDATE SET hashes = excluded.hashes"
)


class Happening(NamedTuple):
    """Something to be entered: the event, the handle of what it happened to, and why.

    ``by`` is who did it, where that is not who has it all entered.
    """

    event: Event
    subject: str
    because: str = ""
    by: Actor | None = None


class Row(NamedTuple):
    """One entry as its table takes it; the columns of :class:`Entry`, in order, but the last."""

    place: int
    subject: str
    number: int
    kind: str
    at: object
    data: bytes
    leaf: bytes
    body: bytes
    body_key: int
    who: bytes | None

    def as_entry(self, at: datetime) -> Entry:
        """Return the row as if it had been read again; ``at`` is its time."""
        names = [field.attname for field in Entry._meta.concrete_fields]
        # None: nothing is erased yet.
        return Entry.from_db(connection.alias, names, (*self._replace(at=at), None))


class EndOfLog:
    """The end of the log, locked until the transaction ends.

    ``subjects`` are those of the first part that is added, and ``at`` becomes the time of
    all that is.
    """

    def __init__(self, by: Actor, at: datetime, subjects: set[str]) -> None:
        self._cursor = connection.cursor()
        self._by = by
        self._marks: dict[str, bytes | None] = {}
        at = to_millisecond(at)
        month = bodies.month_of(at)
        head, chains = _lock_and_read(self._cursor, month, subjects)
        self.size, last, refused, key = head
        self._chains: Chains | None = chains
        refuse_if_behind(self.size, refused)
        self.at = max(at, last) if last else at
        if key is None or key.month != bodies.month_of(self.at):
            key = bodies.key_for(self.at)
        self._sealer = bodies.Sealer(key)
        self._stored_at = connection.ops.adapt_datetimefield_value(self.at)

    def add(
        self, happenings: Sequence[Happening], meanwhile: Callable[[], None] | None = None
    ) -> list[_Values]:
        """Write the entries, the tiles and the new end; return each as :class:`Row` has it.

        The entries are composed beside what is done ``meanwhile``, and written after it.
        """
        chains, self._chains = self._chains, None  # kept for the first part alone
        if chains is None:
            chains = ends_of({each.subject for each in happenings}, self._cursor)
        with beside(meanwhile) if meanwhile else nullcontext():
            rows, leaves = self._rows(happenings, chains)
        tiles = grown_by(StoredTiles(), self.size, leaves)
        self.size += len(rows)
        _write(
            self._cursor,
            (_ADD_ENTRIES, rows),
            (_PUT_TILES, [(tile.level, tile.number, hashes) for tile, hashes in tiles]),
            (_MOVE_HEAD, [(_HEAD, self.size, self._stored_at)]),
        )
        return rows

    def _rows(
        self, happenings: Sequence[Happening], chains: Chains
    ) -> tuple[list[_Values], list[bytes]]:
        """Compose the entries; each follows the last of its subject, which it then is."""
        rows: list[_Values] = []
        leaves: list[bytes] = []
        # Drawn at once: to ask the system for each costs as much as the smaller statements.
        seeds = os.urandom(_SEED * len(happenings))
        at, stored_at, sealer = self.at, self._stored_at, self._sealer
        for place, (event, subject, because, another) in enumerate(happenings):
            index, by = self.size + place, another or self._by
            number, previous = chains.get(subject, NO_ENTRY)
            fields = {
                "actor": by.name,
                "actor_handle": by.handle,
                "because": because,
                "door": by.door,
                **event.private(),
            }
            seed, kind = seeds[place * _SEED : (place + 1) * _SEED], event.kind
            body, facts = commit_body(seed, fields), event.facts()
            data = PublicEntry(subject, kind, number, previous, at, body, facts).to_bytes()
            leaf = leaf_hash(data)
            chains[subject] = number + 1, leaf
            sealed = sealer.seal(fields, seed, index)
            leaves.append(leaf)
            who = self._mark(by)
            row = index, subject, number, kind, stored_at, data, leaf, sealed, sealer.key, who
            rows.append(row)
        return rows, leaves

    def _mark(self, by: Actor) -> bytes | None:
        """Return the mark of who acted, made once for each."""
        if by.handle not in self._marks:
            self._marks[by.handle] = who_acted.mark(by.handle)
        return self._marks[by.handle]


def lock_end() -> Head:
    """Lock the end of the log until the transaction ends, and return it."""
    with connection.cursor() as cursor:
        _lock(cursor)
    return Head.objects.get_or_create(pk=_HEAD)[0]


def ends_of(subjects: Collection[str], cursor: CursorWrapper) -> Chains:
    """Return the next number and the last leaf of each subject that has entries."""
    cursor.execute(_ends_statement(cursor, len(subjects)), list(subjects))
    return _ends(cursor)


def _ends_statement(cursor: CursorWrapper, subjects: int) -> str:
    return _READ_ENDS[cursor.db.vendor].format(rows=_marks(1, subjects))


def _ends(cursor: CursorWrapper) -> Chains:
    return {subject: (number + 1, bytes(leaf)) for subject, number, leaf in cursor}


def _lock(cursor: CursorWrapper) -> None:
    if cursor.db.vendor == "postgresql":
        cursor.execute(_LOCK, [_APPEND_LOCK])


def _lock_and_read(
    cursor: CursorWrapper, month: str, subjects: set[str]
) -> tuple[_HeadRead, Chains]:
    """Lock the end of the log and return it, and the ends of the chains of these subjects.

    PostgreSQL is asked all of it in one message. Each statement of it begins once the one
    before is done, and sees what was committed until then (manual 13.2.1, "Read Committed
    Isolation Level"): the head is read with the lock held.
    """
    ends = _ends_statement(cursor, len(subjects))
    if cursor.db.vendor != "postgresql":
        cursor.execute(_READ_HEAD, [month, _HEAD])
        head = _head(cursor)
        cursor.execute(ends, list(subjects))
        return head, _ends(cursor)
    values: list[int | str] = [_APPEND_LOCK, month, _HEAD, *subjects]
    cursor.execute(f"{_LOCK}; {_READ_HEAD}; {ends}", values)
    cursor.nextset()
    head = _head(cursor)
    cursor.nextset()
    return head, _ends(cursor)


def _write(cursor: CursorWrapper, *tables: tuple[str, Sequence[_Values]]) -> None:
    """Write rows into one table after the other, as sets.

    On SQLite each statement is prepared once and run for every row. PostgreSQL is at
    the end of a wire: there, all of it is one statement and one answer (PostgreSQL
    manual 7.8.4, "Data-Modifying Statements in WITH").
    """
    filled = [(statement, rows) for statement, rows in tables if rows]
    if cursor.db.vendor != "postgresql":
        for statement, rows in filled:
            cursor.executemany(statement.format(rows=_marks(len(rows[0]), 1)), rows)
        return
    *parts, last = [
        statement.format(rows=_marks(len(rows[0]), len(rows))) for statement, rows in filled
    ]
    named = ", ".join(f"part{place} AS ({part})" for place, part in enumerate(parts))
    values = [value for _, rows in filled for row in rows for value in row]
    cursor.execute(f"WITH {named} {last}", values)


def _marks(columns: int, rows: int) -> str:
    row = f"({', '.join(['%s'] * columns)})"
    return ", ".join([row] * rows)


def _head(cursor: CursorWrapper) -> _HeadRead:
    """Return size, last time and refusal of the log, and the body key of a month if it is made."""
    found: tuple[Any, ...] = cursor.fetchone() or (0, None, "", None, "", "", 0, b"")
    size, at, refused, number, month, kid, epoch, wrapped = found
    # SQLite keeps no zone with a time; Django writes it in UTC.
    at = at.replace(tzinfo=UTC) if at and at.tzinfo is None else at
    return size, at, refused, BodyKey(number, month, kid, epoch, wrapped) if number else None
