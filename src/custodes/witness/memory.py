"""What a witness remembers: which logs it watches, and the last checkpoint of each it cosigned.

One SQLite file with synchronous=FULL: what was answered survives a power cut, or the
witness could cosign two histories. Checking and remembering are one transaction.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from custodes.ledger.keys import KeyInvalid, VerifierKey

# tlog-cosignature: ML-DSA-44 signs no longer one.
_LONGEST_NAME = 255
_TABLES = """
CREATE TABLE IF NOT EXISTS log (vkey TEXT PRIMARY KEY, origin TEXT NOT NULL) STRICT;
CREATE TABLE IF NOT EXISTS cosigned (
    origin TEXT PRIMARY KEY, origin_hash TEXT NOT NULL UNIQUE,
    size INTEGER NOT NULL, root BLOB NOT NULL, note TEXT NOT NULL
) STRICT;
"""


@dataclass(frozen=True, slots=True)
class Remembered:
    """The last checkpoint of a log that was cosigned, and the note with all its lines."""

    size: int
    root: bytes
    note: str


class Memory:
    """The witness's file. Every use opens it anew, so any thread may."""

    def __init__(self, home: Path) -> None:
        home.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._path = home / "witness.sqlite3"
        with self._open() as database:
            database.executescript(_TABLES)

    def watch(self, key: VerifierKey) -> None:
        """Cosign for the log of this name from now on, when this key signed."""
        if len(key.name.encode()) > _LONGEST_NAME:
            raise KeyInvalid(f"the name of a log is at most {_LONGEST_NAME} bytes long")
        with self.locked() as held:
            held.database.execute("INSERT OR IGNORE INTO log VALUES (?, ?)", [str(key), key.name])

    def watched(self) -> list[VerifierKey]:
        """Return the keys of all logs this witness cosigns for."""
        with self._open() as database:
            rows = database.execute("SELECT vkey FROM log ORDER BY origin, vkey").fetchall()
        return [VerifierKey.parse(vkey) for (vkey,) in rows]

    def published(self, origin_hash: str) -> str | None:
        """Return the newest cosigned note of the log with this hash of its origin."""
        with self._open() as database:
            query = "SELECT note FROM cosigned WHERE origin_hash = ?"
            row = database.execute(query, [origin_hash]).fetchone()
        return row[0] if row else None

    @contextmanager
    def locked(self) -> Iterator[Held]:
        """Hold the file alone; what is remembered within is durable when this ends."""
        with self._open() as database:
            database.execute("BEGIN IMMEDIATE")
            try:
                yield Held(database)
            except BaseException:
                database.execute("ROLLBACK")
                raise
            database.execute("COMMIT")

    @contextmanager
    def _open(self) -> Iterator[sqlite3.Connection]:
        database = sqlite3.connect(self._path, timeout=30, isolation_level=None)
        try:
            database.execute("PRAGMA journal_mode=WAL")
            database.execute("PRAGMA synchronous=FULL")
            yield database
        finally:
            database.close()


@dataclass(frozen=True, slots=True)
class Held:
    """The file, held by one request."""

    database: sqlite3.Connection

    def keys_of(self, origin: str) -> list[VerifierKey]:
        """Return the keys that may sign for a log; none when it is not watched."""
        rows = self.database.execute("SELECT vkey FROM log WHERE origin = ?", [origin])
        return [VerifierKey.parse(vkey) for (vkey,) in rows]

    def last(self, origin: str) -> Remembered | None:
        """Return what was cosigned last for a log."""
        query = "SELECT size, root, note FROM cosigned WHERE origin = ?"
        row = self.database.execute(query, [origin]).fetchone()
        return Remembered(*row) if row else None

    def remember(self, origin: str, origin_hash: str, cosigned: Remembered) -> None:
        """Replace what was cosigned last for a log."""
        self.database.execute(
            "INSERT INTO cosigned VALUES (?, ?, ?, ?, ?) ON CONFLICT (origin) DO UPDATE SET"
            " size = excluded.size, root = excluded.root, note = excluded.note",
            [origin, origin_hash, cosigned.size, cosigned.root, cosigned.note],
        )
