"""An archive eleven months old, whole: rows, wrapped keys, sealed files, entries and notes.

What benches of deleting and of counting need: each recording has a film and, if asked
for, a thumbnail in the store, an upload and an original with a key of their own, three
entries that the log's own action wrote, and a note of when it is due. Routine footage goes
after 31 days: of 785,000 recordings 460,000 are due. Rows are written past the models,
entries are not; a name
is as random as any other, so that indexes are as wide as they would be.
"""

from __future__ import annotations

import os
import random
import secrets
import sqlite3
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cryptography.hazmat.primitives.keywrap import aes_key_wrap

from custodes.kernel.ids import new_handle

if TYPE_CHECKING:
    from custodes.custody.appending import Happening

DAYS, KEPT_DAYS = 330, 31
# What goes by the clock, and what a person looks at after a year: so many in a thousand.
ROUTINE, EVIDENCE = ("non-evidential", "N0", 647), ("arrest", "E0", 353)
OFFICERS, CAMERAS, PLACES, TEAMS = 2000, 1000, 400, 80
_AT_ONCE = 4000


@dataclass(frozen=True, slots=True)
class Made:
    """What is made of one recording: its names, its times, and whether it goes by itself."""

    number: int
    handle: str
    original: str
    thumbnail: str
    kid: str
    camera: str
    started: datetime
    ended: datetime
    received: datetime
    is_routine: bool

    @property
    def due(self) -> datetime:
        """Return when the default schedule asks again."""
        return self.ended + timedelta(days=KEPT_DAYS if self.is_routine else 365)


def build(
    home: Path,
    total: int,
    *,
    at: datetime,
    with_files: bool = True,
    with_thumbnails: bool = True,
) -> None:
    """Fill a home that was prepared; Django is up, and nobody else is in."""
    from django.db import connection

    from custodes.custody import strongroom

    strongroom.vault()  # its folders
    database = sqlite3.connect(home / "custodes.sqlite3")
    for setting in ("synchronous=OFF", "cache_size=-262144", "wal_autocheckpoint=50000"):
        database.execute(f"PRAGMA {setting}")
    cameras = _small_tables(database, at - timedelta(days=DAYS + 1))
    key = (home / "keys" / "epochs" / "epoch-000001.key").read_bytes()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA synchronous=OFF")
        cursor.execute("PRAGMA wal_autocheckpoint=50000")
    for batch in _in_batches(total, cameras, at):
        _rows(database, batch, key, with_thumbnails)
        _enter(batch)
        if with_files:
            _seal(home / "vault" / "sealed", batch, with_thumbnails)
    lost = database.execute("PRAGMA foreign_key_check").fetchmany(3)
    assert not lost, f"the archive does not hold together: {lost}"
    database.close()
    connection.close()
    os.sync()


def _in_batches(total: int, cameras: list[str], at: datetime) -> Iterator[list[Made]]:
    chance = random.Random(2017)
    begin, step = at - timedelta(days=DAYS), timedelta(days=DAYS, hours=-2) / total
    for first in range(0, total, _AT_ONCE):
        yield [
            _made(number, begin + step * number, cameras, chance)
            for number in range(first + 1, min(first + _AT_ONCE, total) + 1)
        ]


def _made(number: int, started: datetime, cameras: list[str], chance: random.Random) -> Made:
    started = started.replace(microsecond=0)
    ended = started + timedelta(seconds=20 + chance.randrange(3580))
    return Made(
        number=number,
        handle=new_handle(),
        original=new_handle(),
        thumbnail=new_handle(),
        kid=new_handle(),
        camera=cameras[number * 15485863 % CAMERAS],
        started=started,
        ended=ended,
        received=ended + timedelta(minutes=2),
        is_routine=chance.randrange(1000) < ROUTINE[2],
    )


def _small_tables(database: sqlite3.Connection, since: datetime) -> list[str]:
    cameras = [new_handle() for _ in range(CAMERAS)]
    teams = [(f"Team {n}", f"Unit {n % 8}") for n in range(1, TEAMS + 1)]
    people = [
        (n, new_handle(), f"o{n}", f"Officer {n}", str(n), n % TEAMS + 1, "!", "", 1, _at(since))
        for n in range(1001, OFFICERS + 1001)
    ]
    kinds = [(n + 1, c, f"C{n:05}", "", "X", "chest", "S2", 1, "{}") for n, c in enumerate(cameras)]
    places = [(n, f"Place {n} Road") for n in range(1, PLACES + 1)]
    _put(database, "people_team", "name, unit", teams)
    _put(database, "people_person", "id, handle, username, name, collar_number, team_id, password, "
         "email, is_active, joined_at", people)  # fmt: skip
    _put(database, "fleet_camera", "id, handle, serial, name, model, mount, grade, is_active, told",
         kinds)  # fmt: skip
    _put(database, "recordings_place", "id, name", places)
    database.commit()
    return cameras


def _put(database: sqlite3.Connection, table: str, columns: str, rows: list[Any]) -> None:
    marks = ", ".join("?" * (columns.count(",") + 1))
    database.executemany(f"INSERT INTO {table} ({columns}) VALUES ({marks})", rows)


_RECORDINGS = (
    "id, handle, camera_id, wearer_id, team_id, mount, source, source_key, told, started_at, "
    "ended_at, time_zone, received_at, completed_at, seconds, state, category_id, place_id, fault, "
    "origin, category_before"
)
_UPLOADS = (
    "id, handle, door, camera_id, who, source_key, name, kind, told, promised_sha256, state, "
    "reason, received, rate, sha256, md5, chunk_root, commitment, no_clip_proofs, kid, epoch, "
    "wrapped, began_at, heard_at, ended_at"
)
_ORIGINALS = (
    "id, handle, recording_id, upload_id, number, kind, name, told, size, sha256, md5, chunk_root, "
    "commitment, no_clip_proofs, kid, epoch, wrapped, sealed_at, described"
)
_COPIES = "handle, original_id, purpose, size, sha256, media_type, about, recipe, made_at"
_NOTES = "recording_id, verdict, due_at, line, held, waits, version"
_TOLD = '{"mimeType": "video/mp4", "recordingSource": "body-worn camera"}'
_ABOUT = '{"count": 12, "columns": 4, "rows": 3, "tile_width": 160, "tile_height": 90}'


def _rows(
    database: sqlite3.Connection, batch: list[Made], key: bytes, with_thumbnails: bool
) -> None:
    tables: dict[str, tuple[str, list[Any]]] = {
        "recordings_recording": (_RECORDINGS, []),
        "intake_upload": (_UPLOADS, []),
        "recordings_original": (_ORIGINALS, []),
        "recordings_copy": (_COPIES, []),
        "retention_outlook": (_NOTES, []),
    }
    for m in batch:
        n, camera, wearer = m.number, m.number * 15485863 % CAMERAS + 1, m.number * 7919 % OFFICERS
        digest, root, wrapped = secrets.token_hex(32), secrets.token_bytes(32), aes_key_wrap(
            key, secrets.token_bytes(32))  # fmt: skip
        category, line, _ = ROUTINE if m.is_routine else EVIDENCE
        times, seconds = (_at(m.started), _at(m.ended)), (m.ended - m.started).total_seconds()
        received = _at(m.received)
        of = {
            "recordings_recording": (
                n, m.handle, camera, 1001 + wearer, wearer % TEAMS + 1, "chest", "axis", f"k{n}",
                _TOLD, *times, "Europe/London", received, received, seconds, "complete", category,
                n * 32452843 % PLACES + 1, "", "police-generated", "",
            ),
            "intake_upload": (
                n, m.original, "axis", camera, "", f"k{n}", "film.mp4", "video", "{}", "",
                "accepted", "", 50_000_000, 0, digest, "", root, "", "", m.kid, 1, b"",
                times[0], received, received,
            ),
            "recordings_original": (
                n, m.original, n, n, 1, "video", "film.mp4", "{}", 50_000_000, digest, "", root, "",
                "", m.kid, 1, wrapped, received, '{"seconds": 60}',
            ),
            "recordings_copy": (
                m.thumbnail, n, "thumbnail", 20_000, digest, "image/webp", _ABOUT, "{}", received,
            ),
            "retention_outlook": (n, "keep", _at(m.due), line, 0, 0, 1),
        }  # fmt: skip
        if not with_thumbnails:
            of.pop("recordings_copy")
        for table, row in of.items():
            tables[table][1].append(row)
    for table, (columns, rows) in tables.items():
        _put(database, table, columns, rows)
    database.commit()


def _at(moment: datetime) -> str:
    """Write a moment as Django writes it into SQLite."""
    return f"{moment:%Y-%m-%d %H:%M:%S}"


def _enter(batch: list[Made]) -> None:
    """Let the log's own action write what it would have written on arrival."""
    from django.db import transaction

    from custodes.custody.actions import record_all
    from custodes.custody.rules import SYSTEM

    with transaction.atomic():
        record_all(_happenings(batch), by=SYSTEM, at=batch[-1].received)


def _happenings(batch: list[Made]) -> Iterator[Happening]:
    from custodes.custody.appending import Happening
    from custodes.custody.events import OriginalSealed, RecordingCompleted, RecordingOpened
    from custodes.kernel.clock import rfc3339
    from custodes.kernel.digest import b64u

    for m in batch:
        started, salted = rfc3339(m.started), b64u(secrets.token_bytes(32))
        yield Happening(
            RecordingOpened(
                device=m.camera, source="axis", wearer="an officer", camera="C", started=started
            ),
            m.handle,
        )
        yield Happening(
            OriginalSealed(
                original=m.original, device=m.camera, source="axis", size=50_000_000, file=salted,
                chunks=salted, media="", kid=m.kid, epoch=1, name="film.mp4", sha256="0" * 64,
            ),
            m.handle,
        )  # fmt: skip
        yield Happening(RecordingCompleted(files=1, ended=rfc3339(m.ended)), m.handle)


def _seal(sealed: Path, batch: list[Made], with_thumbnails: bool) -> None:
    """Write the files of each recording; what is in them nobody opens."""
    for made in batch:
        for handle in (made.original, made.thumbnail)[: 1 + with_thumbnails]:
            path = f"{sealed}/{handle[:2]}/{handle}.floe"
            try:
                file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
            except FileNotFoundError:
                (sealed / handle[:2]).mkdir(mode=0o700)
                file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o400)
            os.write(file, made.kid.encode() * 3)
            os.close(file)
