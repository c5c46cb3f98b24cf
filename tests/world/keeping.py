"""Recordings that were delivered whole, and an engine that sweeps them: for tests of keeping."""

from __future__ import annotations

from datetime import datetime, timedelta

from tests.world import force

from custodes.custody.checkpoints import beat_if_due
from custodes.custody.models import Entry, Head
from custodes.custody.rules import Actor
from custodes.fleet.models import Camera
from custodes.recordings.actions.arrive import complete
from custodes.recordings.models import Recording
from custodes.retention.actions.sweep import rehearse, run
from custodes.retention.models import Sweep

ENGINE = Actor(handle="", name="Custodes", door="worker")
DAY = timedelta(days=1)
#: When a recording of one minute that begins at noon may go, uncategorised.
DUE = force.NOON + timedelta(minutes=1, days=31)


def delivered(key: str = "r1", *, serial: str = "X100", **said: object) -> Recording:
    """Deliver a recording of one file, whole."""
    camera = Camera.objects.filter(serial=serial).first() or force.camera(serial)
    recording = force.recording(camera, key, **said)
    force.original(recording, body=key.encode())
    complete(recording, by=force.CLERK, at=recording.received_at)
    recording.refresh_from_db()
    return recording


def server_runs_until(at: datetime) -> None:
    """Have the record speak once a day, as it does while a server runs."""
    last = Head.objects.get().at
    while last is not None and (last := last + DAY) < at:
        beat_if_due(by=ENGINE, at=last)


def swept(at: datetime) -> Sweep:
    """Rehearse and run."""
    return run(rehearse(by=ENGINE, at=at), by=ENGINE, at=at)


def kinds_of(recording: Recording) -> list[str]:
    """Return what is on record of it, in order."""
    entries = Entry.objects.filter(subject=recording.handle).order_by("number")
    return list(entries.values_list("kind", flat=True))
