"""A mark changes when somebody commits, and only then."""

from __future__ import annotations

import sqlite3
from pathlib import Path

from custodes.web.unchanged import _Watch


def test_a_mark_of_sqlite_changes_with_every_commit_and_with_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "some.sqlite3"
    writer = sqlite3.connect(path)
    writer.executescript("PRAGMA journal_mode=WAL; CREATE TABLE facts (fact TEXT)")
    watch = _Watch(str(path))
    before = watch.mark()

    assert watch.mark() == before
    writer.execute("INSERT INTO facts VALUES ('not yet')")
    assert watch.mark() == before
    writer.commit()
    after = watch.mark()
    assert after != before
    writer.execute("SELECT * FROM facts").fetchall()
    assert watch.mark() == after


def test_a_database_that_cannot_be_asked_has_no_mark(tmp_path: Path) -> None:
    path = tmp_path / "some.sqlite3"
    path.write_bytes(b"this is no database" * 100)

    assert _Watch(str(path)).mark() is None
