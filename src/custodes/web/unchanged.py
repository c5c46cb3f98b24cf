"""Whether anything at all was committed to the database since a moment ago.

What was answered from the database holds for as long as nothing in it has changed,
whatever the answer was made of. That is asked here in one small question instead of
all those it took to find the answer; it can err only by saying "changed".
"""

from __future__ import annotations

import sqlite3
import threading
from functools import cache

from django.db import DatabaseError, connection


def mark() -> str | None:
    """Return a mark of what is committed: two equal marks, and nothing was in between.

    Take it before reading what it is to vouch for. None where it cannot be told.
    """
    if connection.vendor == "sqlite":
        return _watch(str(connection.settings_dict["NAME"])).mark()
    return _snapshot() if connection.vendor == "postgresql" else None


class _Watch:
    """A connection that never writes, so that every commit is somebody else's.

    PRAGMA data_version changes when another connection has committed, and only values
    from the same connection can be compared; so all threads share this one.
    """

    def __init__(self, database: str) -> None:
        is_uri = database.startswith("file:")
        self._connection = sqlite3.connect(database, uri=is_uri, check_same_thread=False)
        self._alone = threading.Lock()

    def mark(self) -> str | None:
        with self._alone:
            try:
                [(version,)] = self._connection.execute("PRAGMA data_version").fetchall()
            except sqlite3.Error:
                return None
        return str(version)


_watch = cache(_Watch)


def _snapshot() -> str | None:
    """Return which transactions are over: it changes with each that wrote and ended."""
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_current_snapshot()::text")
            return str(cursor.fetchone()[0])
    except DatabaseError:
        return None
