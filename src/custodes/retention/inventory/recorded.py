"""What the custody record tells of objects and recordings, asked of its tables in sets.

The record knows each file that was taken in by the handle of its sealed object, so a row
that went missing is seen without that row.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from typing import Any, NamedTuple

from django.db import connection

from custodes.custody.log import of_kind
from custodes.custody.models import Entry
from custodes.ledger.entry import parse_entry

_BATCH = 500
_MEMBER = {
    "sqlite": "json_extract(CAST(e.data AS TEXT), '$.x.{name}')",
    "postgresql": "(convert_from(e.data, 'UTF8')::jsonb #>> '{{x,{name}}}')",
}
# Whose row is gone, and whose recording was not deleted either, as its tombstone and the
# tombstone's own entry say. Streams without sorting: what is well is never handed over.
_LOST_FILES = """
    SELECT {object}, e.subject FROM custody_entry e
    WHERE e.kind = 'recording.ingested' AND e."index" < %s
      AND NOT EXISTS (SELECT 1 FROM recordings_original o WHERE o.handle = {object})
      AND NOT EXISTS (
          SELECT 1 FROM retention_tombstone t JOIN custody_entry d ON d."index" = t.entry
          WHERE t.handle = e.subject AND d.subject = e.subject AND d.kind = 'recording.deleted')
"""
_LOST_APART = """
    SELECT e.subject, '' FROM custody_entry e
    WHERE e.kind = 'recording.rejected' AND e."index" < %s
      AND NOT EXISTS (SELECT 1 FROM intake_upload u WHERE u.handle = e.subject)
"""
_LOST_GAPS = """
    SELECT e.subject FROM custody_entry e WHERE e.kind = 'gap.opened'
      AND NOT EXISTS (SELECT 1 FROM recordings_gap g WHERE g.handle = e.subject)
    ORDER BY 1
"""


class Told(NamedTuple):
    """What the record tells of one object: whose it is, and whether that was deleted."""

    recording: str
    deleted: bool


def lost_files(size: int) -> list[tuple[str, str]]:
    """Return what was taken in, is not deleted and has no row: object and recording, in order."""
    found: list[tuple[str, str]] = []
    for asked in (_LOST_FILES, _LOST_APART):
        told = list(rows(asked.format(object=member("o")), [size]))
        deleted = deleted_among(subject for _, subject in told if subject)
        found += [row for row in told if row[1] not in deleted]
    return sorted(found)


def deleted_among(subjects: Iterable[str]) -> set[str]:
    """Return those recordings that the record says were deleted."""
    deleted: set[str] = set()
    for some in in_batches(sorted(set(subjects))):
        entries = Entry.objects.filter(subject__in=some, kind="recording.deleted").order_by()
        deleted.update(entries.values_list("subject", flat=True))
    return deleted


def number_of(kind: str, before: int) -> int:
    """Return how many entries of a kind stand before an index."""
    return Entry.objects.filter(kind=kind, index__lt=before).order_by().count()


def gaps_without_a_row() -> list[str]:
    """Return the gaps the record tells of that the register has lost."""
    return [handle for (handle,) in rows(_LOST_GAPS, [])]


def newest_scrub() -> tuple[int, datetime] | None:
    """Return how many faults the newest scrub found, and when it was."""
    entry = of_kind("integrity.scrubbed").first()
    return (int(parse_entry(bytes(entry.data)).facts.get("f", 0)), entry.at) if entry else None


def told_of(objects: set[str]) -> dict[str, Told]:
    """Return what the record tells of these objects: reads every arrival and every copy once."""
    found: dict[str, str] = {}
    kinds = ["recording.ingested", "copy.made", "clip.made", "still.made"]
    entries = Entry.objects.filter(kind__in=kinds).order_by()
    for kind, subject, data in entries.values_list("kind", "subject", "data").iterator(_BATCH):
        handle = json.loads(bytes(data))["x"].get("o" if kind == kinds[0] else "c")
        if handle in objects:
            found[handle] = subject
    deleted = deleted_among(found.values())
    return {handle: Told(subject, subject in deleted) for handle, subject in found.items()}


def in_batches(handles: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield some at a time, as many as one question takes."""
    return (handles[start : start + _BATCH] for start in range(0, len(handles), _BATCH))


def member(name: str) -> str:
    """Return a public member of the entry ``e`` as the database reads it: text, or a number."""
    return _MEMBER[connection.vendor].format(name=name)


def rows(asked: str, values: Sequence[str | int]) -> Iterator[tuple[Any, ...]]:
    """Yield what the database answers, some at a time."""
    with connection.chunked_cursor() as cursor:
        cursor.execute(asked, values)
        while some := cursor.fetchmany(2000):
            yield from some
