"""The end of the log, held by one transaction: what is added becomes entries, chains and tiles.

Used by :mod:`custodes.custody.actions` alone. All of it is written by sets, so that
a night's sweep of half a million entries is one transaction of seconds. Nothing is
visible, and nothing is durable, before the transaction commits.
"""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, NamedTuple

from django.db import connection

from custodes.custody import bodies, who_acted
from custodes.custody.events import Event
from custodes.custody.guard import refuse_if_behind
from custodes.custody.models import Entry, Head
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
#: By subject: the number of its next entry, and the leaf hash of its last.
Chains = dict[str, tuple[int, bytes]]

_ADD_ENTRIES = (
    'INSERT INTO custody_entry ("index", subject, number, kind, at, data, leaf, body, body_key_id,'
    " who) VALUES {rows}"
)
# Asked without the models: on the way of every act, they cost more than the database.
_READ_HEAD = "SELECT size, at, refused FROM custody_head WHERE id = %s"
_READ_CHAINS = "SELECT subject, next_number, leaf FROM custody_chain WHERE subject IN ({marks})"
_MOVE_CHAINS = (
    "INSERT INTO custody_chain (subject, next_number, leaf) VALUES {rows} ON CONFLICT"
    " (subject) DO UPDATE SET next_number = excluded.next_number, leaf = excluded.leaf"
)
_MOVE_HEAD = (
    "INSERT INTO custody_head (id, size, at) VALUES {rows} ON CONFLICT"
    " (id) DO UPDATE SET size = excluded.size, at = excluded.at"
)
_PUT_TILES = (
    "INSERT INTO custody_tile (level, number, hashes) VALUES {rows} ON CONFLICT"
    " (level, number) DO UPDATE SET hashes = excluded.hashes"
)


@dataclass(frozen=True, slots=True)
class Happening:
    """Something to be entered: the event, the handle of what it happened to, and why."""

    event: Event
    subject: str
    because: str = ""


class Row(NamedTuple):
    """One entry as its table holds it; the columns of :class:`Entry`, in order, but the last."""

    place: int
    subject: str
    number: int
    kind: str
    at: datetime
    data: bytes
    leaf: bytes
    body: bytes
    body_key: int
    who: bytes | None

    def as_entry(self) -> Entry:
        """Return the row as if it had been read again."""
        names = [field.attname for field in Entry._meta.concrete_fields]
        return Entry.from_db(connection.alias, names, (*self, None))  # nothing is erased yet


class EndOfLog:
    """The end of the log, locked until the transaction ends."""

    def __init__(self, by: Actor, at: datetime) -> None:
        _lock()
        self.size, last, refused = _read_head()
        refuse_if_behind(self.size, refused)
        self._by = by
        self._who = who_acted.mark(by.handle)
        self._at = max(to_millisecond(at), last) if last else to_millisecond(at)
        self._sealer = bodies.Sealer(bodies.key_for(self._at))

    def add(self, happenings: Sequence[Happening]) -> list[Row]:
        """Write the entries, the ends of their subjects' chains, the tiles and the new end."""
        chains = _chains({happening.subject for happening in happenings})
        rows = [
            self._row(index, happening, chains)
            for index, happening in enumerate(happenings, self.size)
        ]
        tiles = grown_by(StoredTiles(), self.size, [row.leaf for row in rows])
        self.size += len(rows)

        at = connection.ops.adapt_datetimefield_value(self._at)
        _write(
            (_ADD_ENTRIES, [(*row[:4], at, *row[5:]) for row in rows]),
            (_MOVE_CHAINS, [(subject, *end) for subject, end in chains.items()]),
            (_PUT_TILES, [(tile.level, tile.number, hashes) for tile, hashes in tiles]),
            (_MOVE_HEAD, [(_HEAD, self.size, at)]),
        )
        return rows

    def _row(self, index: int, happening: Happening, chains: Chains) -> Row:
        """Compose an entry that follows the last of its subject, which it then is."""
        event, subject = happening.event, happening.subject
        number, previous = chains.get(subject) or (0, None)
        fields = {
            "actor": self._by.name,
            "actor_handle": self._by.handle,
            "because": happening.because,
            "door": self._by.door,
            **event.private(),
        }
        seed = os.urandom(32)
        data = PublicEntry(
            subject=subject,
            kind=event.kind,
            number=number,
            previous=previous,
            at=self._at,
            body=commit_body(seed, fields),
            facts=event.facts(),
        ).to_bytes()
        leaf = leaf_hash(data)
        chains[subject] = (number + 1, leaf)
        body = self._sealer.seal(fields, seed, index)
        key, who = self._sealer.key, self._who
        return Row(index, subject, number, event.kind, self._at, data, leaf, body, key, who)


def lock_end() -> Head:
    """Lock the end of the log until the transaction ends, and return it; for recovery alone."""
    _lock()
    return Head.objects.get_or_create(pk=_HEAD)[0]


def _lock() -> None:
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_APPEND_LOCK])


def _write(*tables: tuple[str, Sequence[tuple[Any, ...]]]) -> None:
    """Write rows into one table after the other, as sets.

    On SQLite each statement is prepared once and run for every row. PostgreSQL is at
    the end of a wire: there, all of it is one statement and one answer (PostgreSQL
    manual 7.8.4, "Data-Modifying Statements in WITH").
    """
    filled = [(statement, rows) for statement, rows in tables if rows]
    with connection.cursor() as cursor:
        if connection.vendor != "postgresql":
            for statement, rows in filled:
                cursor.executemany(statement.format(rows=_marks(rows[:1])), rows)
            return
        *parts, last = [statement.format(rows=_marks(rows)) for statement, rows in filled]
        named = ", ".join(f"part{place} AS ({part})" for place, part in enumerate(parts))
        values = [value for _, rows in filled for row in rows for value in row]
        cursor.execute(f"WITH {named} {last}", values)


def _marks(rows: Sequence[tuple[Any, ...]]) -> str:
    row = f"({', '.join(['%s'] * len(rows[0]))})"
    return ", ".join([row] * len(rows))


def _read_head() -> tuple[int, datetime | None, str]:
    with connection.cursor() as cursor:
        cursor.execute(_READ_HEAD, [_HEAD])
        size, at, refused = cursor.fetchone() or (0, None, "")
    # SQLite keeps no zone with a time; Django writes it in UTC.
    return size, at.replace(tzinfo=UTC) if at and at.tzinfo is None else at, refused


def _chains(subjects: set[str]) -> Chains:
    """Return the next number and the last leaf of each subject that has entries."""
    marks = ", ".join(["%s"] * len(subjects))
    with connection.cursor() as cursor:
        cursor.execute(_READ_CHAINS.format(marks=marks), list(subjects))
        return {subject: (number, bytes(leaf)) for subject, number, leaf in cursor}
