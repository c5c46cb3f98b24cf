"""Put it on the record that somebody looked through the recordings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction

from custodes.custody.actions import record
from custodes.custody.events import RecordingsSearched
from custodes.people.rules import Viewer


@transaction.atomic
def note_search(viewer: Viewer, asked: Mapping[str, str], found: str, *, at: datetime) -> None:
    """Record who searched, for what, and how many were found.

    The entry belongs to the searcher: a list shows many recordings, and an entry in
    the history of each would bury what was done to them (docs/decisions).
    """
    words = ", ".join(f"{name} {value}" for name, value in sorted(asked.items())) or "all of them"
    searched = RecordingsSearched(asked=words[:500], found=found)
    record(searched, subject=viewer.handle, by=viewer.actor, at=at)
