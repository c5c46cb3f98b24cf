"""What the tables ask the store for, and what they know of objects that nobody asks for."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from django.db import connection

from custodes.intake.models import Upload
from custodes.intake.rules import State
from custodes.recordings.models import Copy, Original
from custodes.recordings.rules import State as RecordingState
from custodes.retention.models import Unlinking
from custodes.retention.rules.inventory import Kind

_KINDS = tuple(Kind)
_SET_APART = (State.QUARANTINED.value, State.RECEIVED.value)
# One statement sees one moment, and an index gives the order; that of bytes, which
# PostgreSQL must be told.
_WANTED = """
    SELECT handle{collation} AS handle, 1 FROM recordings_original
    UNION ALL SELECT handle{collation}, 2 FROM recordings_copy
    UNION ALL SELECT u.handle{collation}, 3 FROM intake_upload u
        WHERE u.state IN (%s, %s) AND u.sha256 <> ''
          AND NOT EXISTS (SELECT 1 FROM recordings_original o WHERE o.upload_id = u.id)
    ORDER BY 1
"""
_WHOSE = """
    SELECT u.handle, u.state, r.handle, r.state FROM intake_upload u
    LEFT JOIN recordings_recording r ON r.camera_id = u.camera_id AND r.source_key = u.source_key
    WHERE u.handle IN ({marks})
"""


def wanted() -> Iterator[list[tuple[str, Kind]]]:
    """Yield every object that the tables name, some at a time, in the order of handles."""
    collation = ' COLLATE "C"' if connection.vendor == "postgresql" else ""
    with connection.chunked_cursor() as cursor:
        cursor.execute(_WANTED.format(collation=collation), _SET_APART)
        while rows := cursor.fetchmany(2000):
            yield [(handle, _KINDS[kind]) for handle, kind in rows]


def still_wanted(handles: Sequence[str]) -> set[str]:
    """Return those that the tables name at this moment."""
    kept = Upload.objects.filter(state__in=_SET_APART).exclude(sha256="")
    return {
        handle
        for rows in (Original.objects.all(), Copy.objects.all(), kept)
        for handle in rows.filter(handle__in=handles).order_by().values_list("handle", flat=True)
    }


def being_removed(handles: Sequence[str]) -> set[str]:
    """Return those whose recording was disposed of and that are on the list to be removed."""
    return set(Unlinking.objects.filter(pk__in=handles).values_list("pk", flat=True))


def left_of_uploads(handles: Sequence[str]) -> tuple[set[str], dict[str, str]]:
    """Return which are under way, and which should be gone, each with its recording's handle."""
    under_way: set[str] = set()
    over: dict[str, str] = {}
    with connection.cursor() as cursor:
        cursor.execute(_WHOSE.format(marks=", ".join(["%s"] * len(handles))), list(handles))
        for handle, state, recording, standing in cursor.fetchall():
            if state in {State.RECEIVING, State.RECEIVED}:
                under_way.add(handle)
            elif state == State.DISCARDED or standing == RecordingState.DISPOSED:
                over[handle] = recording or ""
    return under_way, over
