"""Let somebody watch a recording or take a file of it away; always on the record."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from custodes.custody.actions import record
from custodes.custody.events import AccessDenied, PageOpened, RecordingFetched, RecordingViewed
from custodes.people.rules import Permission, Viewer
from custodes.recordings.actions.recipients import note_recipient, to_themselves
from custodes.recordings.errors import NeedsAReason, NotYours, Unusable
from custodes.recordings.models import Original, Recording
from custodes.recordings.queries import recording_for, within_reach

# What a custody entry can hold is 64 kB a field; nobody's reason is that long.
LONGEST_REASON = 4000


@transaction.atomic
def begin_viewing(
    viewer: Viewer, recording: Recording, because: str, *, reason_needed: bool, at: datetime
) -> None:
    """Record that somebody plays a recording, and why.

    Their own footage needs no words: that it is their own is the reason. Raises
    NotYours when no role of theirs plays it, NeedsAReason when words are due.
    """
    recording = recording_for(viewer, recording.handle)
    if not within_reach(viewer, Permission.PLAY, recording):
        raise NotYours("You may know of this recording, but not play it.")
    if recording.wearer_id == viewer.person:
        because = because or "their own footage"
    if reason_needed and not because.strip():
        raise NeedsAReason("The recording was not played.")
    if len(because) > LONGEST_REASON:
        raise Unusable(f"A reason has at most {LONGEST_REASON:,} characters.")
    record(
        RecordingViewed(),
        subject=recording.handle,
        by=viewer.actor,
        at=at,
        because=because.strip() or "no reason was asked for",
    )


@transaction.atomic
def open_page(viewer: Viewer, recording: Recording, *, at: datetime) -> None:
    """Record that somebody looked at a recording's details and pictures without playing it."""
    recording = recording_for(viewer, recording.handle)
    record(PageOpened(), subject=recording.handle, by=viewer.actor, at=at)


@transaction.atomic
def fetch(viewer: Viewer, original: Original, copy: str, because: str, *, at: datetime) -> Original:
    """Record that somebody takes a file away, and why; returns it to be read."""
    recording = recording_for(viewer, original.recording.handle)
    if not within_reach(viewer, Permission.FETCH_ORIGINAL, recording):
        raise NotYours("The file was not handed out.")
    if not because.strip():
        raise NeedsAReason("The file was not handed out.")
    if len(because) > LONGEST_REASON:
        raise Unusable(f"A reason has at most {LONGEST_REASON:,} characters.")
    fetched = RecordingFetched(copy=copy, name=original.name)
    record(fetched, subject=recording.handle, by=viewer.actor, at=at, because=because.strip())
    note_recipient(recording, to_themselves(viewer, f"the {copy} of a file"), at=at)
    return original


@transaction.atomic
def deny(viewer: Viewer, asked: str, *, at: datetime) -> None:
    """Record that somebody asked for what they may not have."""
    record(AccessDenied(asked=asked), subject=viewer.handle, by=viewer.actor, at=at)
