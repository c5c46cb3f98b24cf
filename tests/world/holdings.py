"""A made-up archive: recordings of one file each, in tables, record and store alike.

The rows are written past the models, the entries by the record's own function; a sealed
object is an empty file under its handle, because an inventory reads names and no bytes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import connection, transaction

from custodes.custody.actions import record_all
from custodes.custody.appending import Happening
from custodes.custody.events import OriginalSealed
from custodes.custody.rules import SYSTEM
from custodes.kernel.clock import now
from custodes.kernel.ids import new_handle

_CAMERAS = 200
_BATCH = 20_000
_START = datetime(2026, 1, 1, tzinfo=UTC)
_LASTS = timedelta(days=320)

_CAMERA = """INSERT INTO fleet_camera (handle, serial, name, model, mount, grade, is_active, told)
    VALUES (%s, %s, '', 'X6000', 'chest', 'S2', %s, '{}')"""
_RECORDING = """INSERT INTO recordings_recording (id, handle, camera_id, mount, source, source_key,
    told, started_at, ended_at, time_zone, received_at, completed_at, seconds, state, fault,
    origin, category_before)
    VALUES (%s, %s, %s, 'chest', 'axis', %s, '{}', %s, %s, '', %s, %s, 60, 'complete', '',
    'police-generated', '')"""
_UPLOAD = """INSERT INTO intake_upload (id, handle, door, camera_id, who, source_key, name, kind,
    told, promised_sha256, state, reason, received, rate, sha256, md5, commitment, no_clip_proofs,
    kid, epoch, wrapped, began_at, heard_at)
    VALUES (%s, %s, 'axis', %s, '', %s, 'a.mp4', 'video', '{}', '', 'accepted', '', 1000, 0, %s,
    '', '', '', %s, 1, %s, %s, %s)"""
_ORIGINAL = """INSERT INTO recordings_original (id, handle, recording_id, upload_id, number, kind,
    name, told, size, sha256, md5, chunk_root, commitment, no_clip_proofs, kid, epoch, wrapped,
    sealed_at) VALUES (%s, %s, %s, %s, 1, 'video', 'a.mp4', '{}', 1000, %s, '', %s, '', '', %s, 1,
    %s, %s)"""


def fill(store: Path, total: int) -> list[str]:
    """Make so many recordings; return the handles of their sealed objects, in no order."""
    with transaction.atomic(), connection.cursor() as cursor:
        cameras = [(new_handle(), f"A{number:05}", True) for number in range(_CAMERAS)]
        cursor.executemany(_CAMERA, cameras)
        cursor.execute("SELECT MIN(id) FROM fleet_camera WHERE serial = 'A00000'")
        first = cursor.fetchone()[0]
    handles = [new_handle() for _ in range(total)]
    numbered = enumerate(handles, 1)
    while some := list(islice(numbered, _BATCH)):
        _write(some, first, _LASTS / total)
    for handle in handles:
        folder = store / "sealed" / handle[:2]
        folder.mkdir(exist_ok=True)
        (folder / f"{handle}.floe").touch(0o400)
    return handles


def _write(some: Sequence[tuple[int, str]], first: int, step: timedelta) -> None:
    # PostgreSQL takes a time as it is; SQLite as the text that Django writes.
    adapt = connection.ops.adapt_datetimefield_value
    digest, key, root = "0" * 64, b"\0" * 40, b"\0" * 32
    with transaction.atomic(), connection.cursor() as cursor:
        rows: dict[str, list[tuple[Any, ...]]] = {_RECORDING: [], _UPLOAD: [], _ORIGINAL: []}
        for number, handle in some:
            at = adapt(_START + number * step)
            camera, name = first + number % _CAMERAS, f"k{number}"
            subject = _recording_of(handle)
            rows[_RECORDING].append((number, subject, camera, name, at, at, at, at))
            rows[_UPLOAD].append((number, handle, camera, name, digest, handle, key, at, at))
            rows[_ORIGINAL].append((number, handle, number, number, digest, root, handle, key, at))
        for statement, values in rows.items():
            cursor.executemany(statement, values)
        record_all(_happenings(some), by=SYSTEM, at=now())


def _happenings(some: Sequence[tuple[int, str]]) -> Iterator[Happening]:
    for number, handle in some:
        sealed = OriginalSealed(
            original=handle, device="", source="axis", size=1000, file="", chunks="", media="",
            kid=handle, epoch=1, name="a.mp4", sha256="", sequence=number,
        )  # fmt: skip
        yield Happening(sealed, _recording_of(handle))


def _recording_of(handle: str) -> str:
    """Return the handle of the recording of an object: the object's, told backwards."""
    turned = handle[::-1]
    return turned if not turned.startswith("-") else f"_{turned[1:]}"
