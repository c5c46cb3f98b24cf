"""Open a recording, take its files in, complete it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db import transaction

from custodes.custody import strongroom
from custodes.custody.actions import record
from custodes.custody.events import (
    OfferedAgain,
    RecordingChangedByCamera,
    RecordingCompleted,
)
from custodes.custody.rules import Actor
from custodes.fleet.actions import see_camera, wearer_at
from custodes.fleet.models import Dock
from custodes.intake.actions import quarantine
from custodes.intake.models import Upload
from custodes.intake.rules import Arrival, Kind
from custodes.intake.rules import State as UploadState
from custodes.kernel.clock import rfc3339
from custodes.people.models import Person
from custodes.recordings.actions.gaps import (
    count_of,
    follow,
    note_arrival,
    note_completed,
    number_told,
)
from custodes.recordings.actions.lock import lock_those_that_fall_in
from custodes.recordings.arriving import (
    Announcement,
    changed_by_camera,
    columns_of,
    in_words,
    opening_of,
    original_from,
    recording_from,
    sealing_of,
)
from custodes.recordings.models import Original, Recording
from custodes.recordings.queries import has_delivered
from custodes.recordings.rules import CameraTimes, State, believed, is_the_same_file, may_add

_COMPLETE = (
    "The recording it was sent for is complete, and another dock had brought it; this file is new."
)


@dataclass(frozen=True, slots=True)
class TakenIn:
    """What became of a received file: its original, and whether it was not newly taken in.

    None when it went into quarantine and nothing of its name is held.
    """

    original: Original | None
    again: bool


@transaction.atomic
def open_recording(said: Announcement, *, by: Actor, at: datetime) -> tuple[Recording, bool]:
    """Return the recording that is announced, and whether it is new.

    Announcing a known one again brings what is known up to date, unless it is
    complete and another dock's: that changes nothing.
    """
    known = Recording.objects.filter(camera=said.camera, source_key=said.source_key).first()
    if known is not None and not is_open_to(said.dock, known):
        return known, False
    if known is not None:
        tell_more(known, said.times, said.told, by=by, at=at)
        return known, False

    wearer = said.wearer or _person_of(said)
    recording = recording_from(said, wearer, at)
    recording.save(force_insert=True)
    opened = opening_of(said, wearer)
    record(opened, subject=recording.handle, by=by, at=at)
    lock_those_that_fall_in([recording], by=by, at=at)
    return recording, True


@transaction.atomic
def tell_more(
    recording: Recording, times: CameraTimes, told: dict[str, Any], *, by: Actor, at: datetime
) -> None:
    """Keep new facts a dock sends about a recording; saying the same again records nothing.

    All that is told is kept, and in the entry beside what was told before (HOLD-06); how
    far its times are believed is for the rules. ``times`` are what is told now. Of a
    recording that was deleted nothing is kept again.
    """
    recording = Recording.objects.select_for_update().get(pk=recording.pk)
    if recording.state == State.DISPOSED:
        return
    changed = {key for key, value in told.items() if recording.told.get(key) != value}
    if not changed:
        return
    known = recording.times
    times = believed(State(recording.state), known, times)
    news = changed_by_camera(changed, recording.told, told, known, times)
    recording.told = {**recording.told, **told}
    if times != known:
        for column, value in columns_of(times).items():
            setattr(recording, column, value)
    recording.save()
    record(news, subject=recording.handle, by=by, at=at)
    lock_those_that_fall_in([recording], by=by, at=at)


def is_open_to(dock: Dock | None, recording: Recording) -> bool:
    """Say whether a dock may add to a recording; whoever sends without one is at the server."""
    its_own = dock is None or has_delivered(dock, recording)
    return may_add(State(recording.state), is_its_own=its_own)


@transaction.atomic
def tell_of_file(
    recording: Recording, name: str, told: dict[str, Any], *, by: Actor, at: datetime
) -> Original | None:
    """Replace what the sender said of one file; None when the recording has no such file.

    The bytes are never touched; what was said on delivery stays with the upload.
    """
    recording = Recording.objects.select_for_update().get(pk=recording.pk)
    original = recording.originals.filter(name=name).first()
    if original is None or original.told == told:
        return original
    before = in_words(original.told)
    original.told = told
    original.save(update_fields=["told"])
    news = RecordingChangedByCamera(told=f"of {name}: {in_words(told)}", before=before)
    record(news, subject=recording.handle, by=by, at=at)
    return original


def holds_already(recording: Recording, name: str, arrival: Arrival) -> bool:
    """Say whether this very file is held under this name in this recording."""
    held = recording.originals.filter(name=name).first()
    return held is not None and is_the_same_file(arrival.sha256, held.sha256)


@transaction.atomic
def take_in(recording: Recording, upload: Upload, *, by: Actor, at: datetime) -> TakenIn:
    """Make a received and sealed upload an original of the recording.

    The object is durable before this is called; row and entry commit here, and
    only then may the dock be told that it may forget. A file held already under
    the name is not kept twice; another version of it goes into quarantine, and so
    does a file from another dock for a recording that is complete.
    """
    recording = Recording.objects.select_for_update().get(pk=recording.pk)
    if recording.state == State.DISPOSED:
        quarantine(upload, "The recording it belongs to was deleted already.", by=by, at=at)
        return TakenIn(None, again=True)
    held = recording.originals.filter(name=upload.name).first()
    if held is not None and is_the_same_file(upload.sha256, held.sha256):
        return _offered_again(recording, held, upload, by=by, at=at)
    if held is not None:
        reason = "Another version of this file is held already; this one differs from it."
        quarantine(upload, reason, by=by, at=at)
        return TakenIn(held, again=True)
    if not is_open_to(upload.dock, recording):
        quarantine(upload, _COMPLETE, by=by, at=at)
        return TakenIn(None, again=True)

    original = original_from(recording, upload, recording.originals.count() + 1, at)
    original.save(force_insert=True)
    number = number_told(upload.told.get("sequence")) if upload.kind == Kind.VIDEO else None
    count = count_of(recording.camera)
    sealed = sealing_of(recording, original, number, bytes(count.leaf or b""))
    entry = record(sealed, subject=recording.handle, by=by, at=at)
    follow(count, original, number, bytes(entry.leaf), by=by, at=at)
    upload.state, upload.ended_at = UploadState.ACCEPTED, at
    upload.wrapped = b""  # a key stands in one place: the original has it now
    upload.save()
    see_camera(recording.camera, at=at)
    return TakenIn(original, again=False)


@transaction.atomic
def complete(recording: Recording, *, by: Actor, at: datetime) -> None:
    """Note that the sender has nothing more for this recording. Saying so twice is no harm."""
    recording = Recording.objects.select_for_update().get(pk=recording.pk)
    if recording.state != State.ARRIVING:
        return
    recording.state, recording.completed_at = State.COMPLETE, at
    recording.save(update_fields=["state", "completed_at"])
    files = recording.originals.count()
    ended = rfc3339(recording.ended_at) if recording.ended_at else ""
    completed = RecordingCompleted(files=files, ended=ended)
    record(completed, subject=recording.handle, by=by, at=at)
    note_completed(recording, by=by, at=at)


def _offered_again(
    recording: Recording, held: Original, upload: Upload, *, by: Actor, at: datetime
) -> TakenIn:
    again = OfferedAgain(name=upload.name, sha256=upload.sha256)
    record(again, subject=recording.handle, by=by, at=at)
    note_arrival(held, by=by, at=at)
    if strongroom.vault().store.holds(upload.handle):
        # Two first deliveries at one moment: both are sealed, and nothing sealed is dropped.
        quarantine(upload, "The same file was being taken in just then.", by=by, at=at)
        return TakenIn(held, again=True)
    upload.state, upload.ended_at = UploadState.DISCARDED, at
    upload.reason = "The same file is held already."
    upload.save()
    # What of it was sealed a second time was never finished, and nobody will resume it.
    transaction.on_commit(lambda: strongroom.vault().store.discard_incoming(upload.handle))
    return TakenIn(held, again=True)


def _person_of(said: Announcement) -> Person | None:
    if said.announced is not None and said.announced.person is not None:
        return said.announced.person
    return wearer_at(said.camera, said.times.started_at)
