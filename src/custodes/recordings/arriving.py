"""What an arrival becomes: the rows of a recording and its files, and what their entries say.

Made here and written by the actions, for one file (actions/arrive.py) and for many at a
time (actions/arrive_together.py), so that the two cannot differ in what they write.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from custodes.custody import strongroom
from custodes.custody.events import OriginalSealed, RecordingChangedByCamera, RecordingOpened
from custodes.custody.rules import Actor
from custodes.fleet.models import Camera, Dock, Wearer
from custodes.intake.models import Upload
from custodes.kernel.clock import rfc3339
from custodes.kernel.digest import b64u
from custodes.media.commitment import salted
from custodes.people.models import Person
from custodes.recordings.models import Original, Place, Recording
from custodes.recordings.rules import CameraTimes

SALT = "commitment salt"


@dataclass(frozen=True, slots=True)
class Announcement:
    """What is known of a recording before, or with, its first file."""

    camera: Camera
    source: str
    source_key: str
    times: CameraTimes
    told: dict[str, Any]
    dock: Dock | None = None
    announced: Wearer | None = None
    wearer: Person | None = None
    clock_offset_ms: int | None = None
    place: str = ""
    position: tuple[float, float] | None = None


def brought_by(upload: Upload, otherwise: Actor) -> Actor:
    """Return the dock that brought a file as the one who acts, or who does where none did."""
    if upload.dock is None:
        return otherwise
    return Actor(upload.dock.handle, upload.dock.name, upload.door)


def recording_from(said: Announcement, wearer: Person | None, at: datetime) -> Recording:
    """Return the row of a recording that is announced, to be inserted."""
    return Recording(
        camera=said.camera,
        dock=said.dock,
        wearer=wearer,
        announced=said.announced,
        team_id=wearer.team_id if wearer else None,
        mount=said.camera.mount,
        source=said.source,
        source_type=said.camera.source_type,
        source_key=said.source_key,
        told=said.told,
        received_at=at,
        clock_offset_ms=said.clock_offset_ms,
        **columns_of(said.times),
        **_where(said),
    )


def opening_of(said: Announcement, wearer: Person | None) -> RecordingOpened:
    """Return what the record says when a recording is announced."""
    return RecordingOpened(
        device=said.camera.handle,
        source=said.source,
        wearer=str(wearer or said.announced or "a wearer not known"),
        camera=said.camera.serial,
        started=rfc3339(said.times.started_at),
    )


def original_from(recording: Recording, upload: Upload, number: int, at: datetime) -> Original:
    """Return the row of a received file as an original, to be inserted."""
    return Original(
        handle=upload.handle,
        recording=recording,
        upload=upload,
        number=number,
        kind=upload.kind,
        name=upload.name,
        told=upload.told,
        size=upload.received,
        sha256=upload.sha256,
        md5=upload.md5,
        chunk_root=upload.chunk_root,
        media_root=upload.media_root,
        commitment=upload.commitment,
        no_clip_proofs=upload.no_clip_proofs,
        kid=upload.kid,
        epoch=upload.epoch,
        wrapped=upload.wrapped,
        sealed_at=at,
    )


def sealing_of(
    recording: Recording, original: Original, number: int | None, previous: bytes
) -> OriginalSealed:
    """Return what the record says of a file; ``previous`` is the leaf of its camera's last one."""
    salt = salt_of(original)
    media = original.media_root
    return OriginalSealed(
        original=original.handle,
        device=recording.camera.handle,
        source=recording.source,
        size=original.size,
        file=b64u(salted("file", salt, bytes.fromhex(original.sha256))),
        chunks=b64u(salted("chunks", salt, bytes(original.chunk_root))),
        media=b64u(salted("media", salt, bytes(media))) if media else "",
        kid=original.kid,
        epoch=original.epoch,
        name=original.name,
        sha256=original.sha256,
        sequence=number,
        previous=b64u(previous) if previous else "",
    )


def salt_of(original: Original) -> bytes:
    """Return the salt of an original's commitments; it dies with the data key."""
    return strongroom.ring().unwrap(original.key).derive(SALT).secret


def columns_of(times: CameraTimes) -> dict[str, Any]:
    """Return the columns of a recording that hold its times."""
    ended = times.ended_at
    return {
        "started_at": times.started_at,
        "ended_at": ended,
        "trigger_on": times.trigger_on,
        "trigger_off": times.trigger_off,
        "time_zone": times.time_zone,
        "seconds": (ended - times.started_at).total_seconds() if ended else 0.0,
    }


def changed_by_camera(
    changed: Collection[str],
    before: Mapping[str, Any],
    after: Mapping[str, Any],
    known: CameraTimes,
    times: CameraTimes,
) -> RecordingChangedByCamera:
    """Return what the record says when a dock tells more: each value and the one before it."""
    was = _span(known)
    span = was if times == known else f"{_span(times)}; before {was}"
    return RecordingChangedByCamera(
        told=in_words({key: after[key] for key in changed}),
        before=in_words({key: before[key] for key in changed if key in before}),
        span=span,
    )


def in_words(told: Mapping[str, Any]) -> str:
    """Return what was told, whole: an entry is where an older value is read again (HOLD-06)."""
    return ", ".join(f"{key} {value}" for key, value in sorted(told.items())) or "nothing"


def _span(times: CameraTimes) -> str:
    ended = rfc3339(times.ended_at) if times.ended_at else "a time not known"
    triggers = [
        f", trigger {name} {rfc3339(when)}"
        for name, when in (("on", times.trigger_on), ("off", times.trigger_off))
        if when is not None
    ]
    zone = f", time zone {times.time_zone}" if times.time_zone else ""
    return f"{rfc3339(times.started_at)} to {ended}{''.join(triggers)}{zone}"


def _where(said: Announcement) -> dict[str, Any]:
    place = Place.objects.get_or_create(name=said.place[:120])[0] if said.place else None
    latitude, longitude = said.position or (None, None)
    return {"place": place, "latitude": latitude, "longitude": longitude}
