"""Open, take in and complete many new recordings of one file each, by sets.

What a shift brings to a dock at its end. The rows and the entries are those of
:mod:`arrive` for each by itself, which a test compares, in a fraction of the time.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter

from django.db import transaction

from custodes.custody.actions import record_all
from custodes.custody.appending import Happening
from custodes.custody.events import Event, RecordingCompleted
from custodes.custody.queries import leaves_of
from custodes.custody.rules import Actor
from custodes.fleet.actions import see_cameras
from custodes.fleet.queries import Wearers
from custodes.intake.inserting import insert_together
from custodes.intake.models import Upload
from custodes.intake.rules import Kind
from custodes.kernel.clock import rfc3339
from custodes.people.models import Person
from custodes.recordings.actions.gaps import Following, number_told
from custodes.recordings.actions.lock import lock_those_that_fall_in
from custodes.recordings.arriving import (
    Announcement,
    brought_by,
    opening_of,
    original_from,
    recording_from,
    sealing_of,
)
from custodes.recordings.models import Original, Recording
from custodes.recordings.rules import State

_ENTRIES_EACH = 3  # opened, sealed, completed


@dataclass(frozen=True, slots=True)
class Arrival:
    """A recording nobody knew of, and its only file, proved and noted as accepted."""

    said: Announcement
    upload: Upload


# With who wore its camera, and the original it became.
Arrived = tuple[Arrival, Person | None, Original]


@transaction.atomic
def take_in_together(arrivals: Sequence[Arrival], *, by: Actor, at: datetime) -> list[Original]:
    """Make each upload the one original of a new, complete recording; return them in order.

    The sealed objects are durable before this is called; all rows and entries commit
    as one. ``by`` took in what no dock brought. The caller made sure that no recording of
    these names was known, and holds the lock under which that stays so.
    """
    cameras = [arrival.said.camera for arrival in arrivals]
    worn = Wearers(cameras)
    wearers = [a.said.wearer or worn.at(a.said.camera, a.said.times.started_at) for a in arrivals]
    recordings = insert_together(
        [_complete(a, who, at) for a, who in zip(arrivals, wearers, strict=True)]
    )
    made = zip(recordings, arrivals, strict=True)
    originals = insert_together([original_from(each, a.upload, 1, at) for each, a in made])

    following = Following(cameras)
    for wave in _waves(list(zip(arrivals, wearers, originals, strict=True))):
        _enter(wave, following, by=by, at=at)
    following.save()
    see_cameras(cameras, at=at)
    brought = zip([brought_by(a.upload, by) for a in arrivals], recordings, strict=True)
    for dock, some in groupby(brought, key=itemgetter(0)):
        lock_those_that_fall_in([each for _, each in some], by=dock, at=at)
    return originals


def _waves(arrived: Sequence[Arrived]) -> Iterator[list[Arrived]]:
    """Yield in order, no camera twice at a time: each file names the entry of the one before it."""
    waiting = arrived
    while waiting:
        wave: dict[int, Arrived] = {}
        later = []
        for each in waiting:
            if wave.setdefault(each[0].said.camera.pk, each) is not each:
                later.append(each)
        yield list(wave.values())
        waiting = later


def _enter(wave: Sequence[Arrived], following: Following, *, by: Actor, at: datetime) -> None:
    """Enter what arrived, and let each file follow the one before it of its camera."""
    happenings: list[Happening] = []
    for arrival, wearer, original in wave:
        told = _told(arrival, wearer, original, following.leaf(arrival.said.camera))
        dock = brought_by(arrival.upload, by)
        happenings += [Happening(event, original.recording.handle, by=dock) for event in told]
    entries = record_all(happenings, by=by, at=at)
    leaves = leaves_of(entries[1::_ENTRIES_EACH])
    for (arrival, _, original), leaf in zip(wave, leaves, strict=True):
        dock = brought_by(arrival.upload, by)
        following.follow(original, _number(arrival.upload), leaf, by=dock, at=at)


def _complete(arrival: Arrival, wearer: Person | None, at: datetime) -> Recording:
    recording = recording_from(arrival.said, wearer, at)
    recording.state, recording.completed_at = State.COMPLETE, at
    return recording


def _told(
    arrival: Arrival, wearer: Person | None, original: Original, previous: bytes
) -> tuple[Event, ...]:
    """Return what is entered of one recording, in order."""
    recording = original.recording
    sealed = sealing_of(recording, original, _number(arrival.upload), previous)
    ended = rfc3339(recording.ended_at) if recording.ended_at else ""
    return opening_of(arrival.said, wearer), sealed, RecordingCompleted(files=1, ended=ended)


def _number(upload: Upload) -> int | None:
    return number_told(upload.told.get("sequence")) if upload.kind == Kind.VIDEO else None
