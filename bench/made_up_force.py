"""A made-up force in a database: 2,000 officers and as many recordings as asked for.

Written past the models and the ledger: a bench of reading need not wait for a million
entries. The newest recordings have a film with a thumbnail and a filmstrip.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

OFFICERS, CAMERAS, PLACES, TEAMS, DAYS = 2000, 1000, 400, 80, 730
PICTURED = 50_000
START = datetime(2024, 12, 1, tzinfo=UTC)


def build(database: Path, total: int) -> None:
    """Fill the tables past the models: a bench of reading need not wait for a million entries."""
    connection = sqlite3.connect(database)
    connection.execute("PRAGMA synchronous=OFF")
    connection.execute("PRAGMA journal_mode=OFF")
    connection.execute("PRAGMA cache_size=-262144")
    _small_tables(connection)
    indexes = connection.execute(
        "SELECT name, sql FROM sqlite_master WHERE tbl_name='recordings_recording' "
        "AND type='index' AND sql IS NOT NULL"
    ).fetchall()
    for name, _ in indexes:
        connection.execute(f'DROP INDEX "{name}"')
    connection.execute(_RECORDINGS, {"total": total, "step": DAYS * 86400 / total})
    for _, made in indexes:
        connection.execute(made)
    for filled in (_UPLOADS, _ORIGINALS, _COPIES):
        connection.execute(filled, {"from": total - PICTURED})
    connection.execute("ANALYZE")
    connection.commit()
    lost = connection.execute("PRAGMA foreign_key_check").fetchmany(3)
    assert not lost, f"the made-up force does not hold together: {lost}"
    connection.close()


def _small_tables(connection: sqlite3.Connection) -> None:
    def fill(table: str, rows: Iterator[dict[str, Any]]) -> None:
        for row in rows:
            names, marks = ",".join(f'"{name}"' for name in row), ",".join("?" * len(row))
            sql = f"INSERT INTO {table} ({names}) VALUES ({marks})"
            connection.execute(sql, list(row.values()))

    fill("people_team", ({"name": f"Team {n}", "unit": ""} for n in range(2, TEAMS + 1)))
    fill("people_person", (
        {"handle": f"p{n:021}", "username": f"o{n}", "name": f"Officer {n}",
         "collar_number": str(n), "team_id": n % TEAMS + 1, "password": "!",
         "email": "", "is_active": 1, "joined_at": START.isoformat(" ")}
        for n in range(4, OFFICERS + 1)
    ))  # fmt: skip
    fill("fleet_camera", (
        {"handle": f"c{n:021}", "serial": f"C{n:05}", "name": "", "model": "X6000",
         "mount": "chest", "grade": "S2", "is_active": 1, "told": "{}"}
        for n in range(1, CAMERAS + 1)
    ))  # fmt: skip
    fill("recordings_place", ({"id": n, "name": f"Place {n} Road"} for n in range(1, PLACES + 1)))
    fill("recordings_category", (
        {"code": f"C{n}", "name": f"Category {n}", "is_offered": 1, "order": n} for n in range(12)
    ))  # fmt: skip
    connection.commit()


# Made inside SQLite, which is ten times as fast as handing it rows. The factors are
# prime, so that who, where and what are spread and do not go together.
_RECORDINGS = f"""
WITH RECURSIVE numbered(n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbered WHERE n < :total),
made AS (
    SELECT n, n * 7919 % {OFFICERS} + 1 AS wearer, n * 104729 % 3581 + 20 AS seconds,
        n * 1299709 % 1000 AS chance, {START.timestamp():.0f} + n * :step AS at
    FROM numbered
)
INSERT INTO recordings_recording (
    id, handle, camera_id, wearer_id, team_id, mount, source, source_key, told, started_at,
    ended_at, time_zone, received_at, seconds, state, category_id, place_id, fault, origin,
    category_before
)
SELECT n, printf('%022d', n), n * 15485863 % {CAMERAS} + 1, wearer, wearer % {TEAMS} + 1,
    'chest', 'axis', 'k' || n,
    '{{"mimeType": "video/mp4", "recordingSource": "body-worn camera"}}',
    strftime('%Y-%m-%d %H:%M:%f', at, 'unixepoch'),
    strftime('%Y-%m-%d %H:%M:%f', at + seconds, 'unixepoch'), 'Europe/London',
    strftime('%Y-%m-%d %H:%M:%f', at + 18000, 'unixepoch'), seconds,
    CASE WHEN chance = 1 THEN 'arriving' ELSE 'complete' END,
    CASE WHEN chance % 10 = 2 THEN NULL ELSE 'C' || (n * 6700417 % 12) END,
    n * 32452843 % {PLACES} + 1,
    CASE WHEN chance IN (3, 4) THEN 'The file is cut short.' ELSE '' END, 'police-generated', ''
FROM made
"""

_UPLOADS = """
INSERT INTO intake_upload (
    id, handle, door, camera_id, who, source_key, name, kind, told, promised_sha256, state, reason,
    received, rate, sha256, md5, commitment, no_clip_proofs, kid, epoch, wrapped, began_at, heard_at
)
SELECT id, printf('u%021d', id), source, camera_id, '', source_key, 'film.mp4', 'video', '{}', '',
    'accepted', '', 50000000, 0, printf('%064x', id), '', '', '', printf('k%021d', id), 1,
    zeroblob(40), received_at, received_at
FROM recordings_recording WHERE id > :from
"""
_ORIGINALS = """
INSERT INTO recordings_original (
    id, handle, recording_id, upload_id, number, kind, name, told, size, sha256, md5, chunk_root,
    commitment, no_clip_proofs, kid, epoch, wrapped, sealed_at, described
)
SELECT id, handle, id, id, 1, kind, name, told, received, sha256, '', zeroblob(32), '', '', kid,
    1, wrapped, heard_at, '{"seconds": 60}'
FROM intake_upload WHERE id > :from
"""
_COPIES = """
INSERT INTO recordings_copy (
    handle, original_id, purpose, size, sha256, media_type, about, recipe, made_at
)
SELECT printf('%s%021d', substr(purpose, 1, 1), id), id, purpose, 20000, sha256, 'image/jpeg',
    '{"count": 12, "columns": 4, "rows": 3, "tile_width": 160, "tile_height": 90}', '{}', sealed_at
FROM recordings_original, (SELECT 'thumbnail' AS purpose UNION SELECT 'filmstrip')
WHERE recordings_original.id > :from
"""
