"""Open, take in and complete many new recordings of one file each, by sets.

What a shift brings to a dock at its end. The rows and the entries are those of
:mod:`arrive` for each by itself, which a test compares, in a fraction of the time.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from custodes.custody.actions import record_all
from custodes.custody.appending import Happening
from custodes.custody.events import RecordingCompleted
from custodes.custody.queries import leaves_of
from custodes.custody.rules import Actor
from custodes.fleet.actions import see_cameras
from custodes.fleet.queries import Wearers
from custodes.intake.models import Upload
from custodes.intake.rules import Kind
from custodes.kernel.clock import rfc3339
from custodes.people.models import Person
from custodes.recordings.actions.gaps import Followed, counts_of, follow_together, number_told
from custodes.recordings.arriving import (
    Announcement,
    opening_of,
    original_from,
    recording_from,
    sealing_of,
)
from custodes.recordings.models import CameraCount, Original, Recording
from custodes.recordings.rules import State

_ENTRIES_EACH = 3  # opened, sealed, completed


@dataclass(frozen=True, slots=True)
class Arrival:
    """A recording nobody knew of, and its only file, proved and noted as accepted."""

    said: Announcement
    upload: Upload


@transaction.atomic
def take_in_together(arrivals: Sequence[Arrival], *, by: Actor, at: datetime) -> list[Original]:
    """Make each upload the one original of a new, complete recording; return them in order.

    The sealed objects are durable before this is called; all rows and entries commit
    as one. The caller made sure that no recording of these names was known, and holds
    the lock under which that stays so.
    """
    originals: dict[int, Original] = {}
    for wave in _waves(arrivals):
        for original in _take_in(wave, by=by, at=at):
            originals[original.upload_id] = original
    return [originals[arrival.upload.pk] for arrival in arrivals]


def _waves(arrivals: Iterable[Arrival]) -> Iterator[list[Arrival]]:
    """Yield arrivals in order, no camera twice at a time: each file names the one before it."""
    waiting = list(arrivals)
    while waiting:
        wave: dict[int, Arrival] = {}
        later = []
        for arrival in waiting:
            if wave.setdefault(arrival.said.camera.pk, arrival) is not arrival:
                later.append(arrival)
        yield list(wave.values())
        waiting = later


def _take_in(wave: Sequence[Arrival], *, by: Actor, at: datetime) -> list[Original]:
    cameras = [arrival.said.camera for arrival in wave]
    worn = Wearers(cameras)
    wearers = [a.said.wearer or worn.at(a.said.camera, a.said.times.started_at) for a in wave]
    rows = [recording_from(a.said, who, at) for a, who in zip(wave, wearers, strict=True)]
    for row in rows:
        row.state, row.completed_at = State.COMPLETE, at
    recordings = Recording.objects.bulk_create(rows)
    made = zip(recordings, wave, strict=True)
    originals = Original.objects.bulk_create(
        [original_from(recording, arrival.upload, 1, at) for recording, arrival in made]
    )

    counts = counts_of(cameras)
    happenings: list[Happening] = []
    for arrival, wearer, original in zip(wave, wearers, originals, strict=True):
        happenings += _told(arrival, wearer, original, counts[arrival.said.camera.pk])
    entries = record_all(happenings, by=by, at=at)

    leaves = leaves_of(entries[1::_ENTRIES_EACH])
    followed = [
        Followed(counts[arrival.said.camera.pk], original, _number(arrival.upload), leaf)
        for arrival, original, leaf in zip(wave, originals, leaves, strict=True)
    ]
    follow_together(followed, by=by, at=at)
    see_cameras(cameras, at=at)
    return originals


def _told(
    arrival: Arrival, wearer: Person | None, original: Original, count: CameraCount
) -> list[Happening]:
    """Return the entries of one recording, in order."""
    recording = original.recording
    previous = bytes(count.leaf or b"")
    sealed = sealing_of(recording, original, _number(arrival.upload), previous)
    ended = rfc3339(recording.ended_at) if recording.ended_at else ""
    events = (opening_of(arrival.said, wearer), sealed, RecordingCompleted(files=1, ended=ended))
    return [Happening(event, recording.handle) for event in events]


def _number(upload: Upload) -> int | None:
    return number_told(upload.told.get("sequence")) if upload.kind == Kind.VIDEO else None
