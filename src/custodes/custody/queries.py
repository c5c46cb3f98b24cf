"""Read history. Callers have already made sure that their viewer may.

Custody knows no people and no stages: the stage that owns a subject decides
who may read its history, and asks here only after that.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from custodes.custody.bodies import open_body
from custodes.custody.models import Entry
from custodes.ledger.entry import parse_entry


@dataclass(frozen=True, slots=True)
class Told:
    """One entry, opened: what everybody may see and what only some may."""

    index: int
    subject: str
    kind: str
    at: datetime
    facts: dict[str, Any]
    fields: dict[str, str]
    leaf: bytes
    data: bytes


def history_of(subject: str) -> list[Told]:
    """Return all entries of a subject, oldest first, opened."""
    entries = Entry.objects.filter(subject=subject).select_related("body_key").order_by("number")
    return [tell(entry) for entry in entries]


def entries_after(index: int, limit: int) -> list[Entry]:
    """Return up to ``limit`` entries with a higher index, in order, unopened."""
    return list(Entry.objects.filter(index__gt=index).order_by("index")[:limit])


def newest(kind: str, limit: int = 1) -> Iterator[Told]:
    """Yield the newest entries of a kind, newest first, opened."""
    for entry in (
        Entry.objects.filter(kind=kind).select_related("body_key").order_by("-index")[:limit]
    ):
        yield tell(entry)


def tell(entry: Entry) -> Told:
    """Open one entry."""
    _, fields = open_body(bytes(entry.body), entry.index, entry.body_key)
    data = bytes(entry.data)
    facts = dict(parse_entry(data).facts)
    return Told(
        entry.index, entry.subject, entry.kind, entry.at, facts, fields, bytes(entry.leaf), data
    )
