"""Write down what the sandbox found, and seal the copies it made for viewing."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction

from custodes.custody import strongroom
from custodes.custody.actions import record
from custodes.custody.events import CopyMade, RecordingDescribed
from custodes.custody.rules import Actor
from custodes.kernel.errors import Damaged
from custodes.kernel.ids import new_handle
from custodes.recordings.actions.lock import lock_those_that_fall_in
from custodes.recordings.models import Copy, Original, Recording
from custodes.recordings.rules import Purpose
from custodes.vault.keys import DataKey
from custodes.vault.sealed import SealedWriter

# Times are stored to the microsecond, lengths as fractions of a second.
_A_MOMENT = timedelta(milliseconds=1)


@transaction.atomic
def describe(original: Original, found: dict[str, Any], *, by: Actor, at: datetime) -> None:
    """Keep what the sandbox found in an original. Finding it again records nothing."""
    original = Original.objects.select_for_update().get(pk=original.pk)
    if original.described is not None:
        return
    original.described = found
    seconds = found.get("seconds")
    original.seconds = seconds
    if seconds is not None and original.started_at is None:
        original.started_at = original.recording.started_at
    original.save(update_fields=["described", "seconds", "started_at"])
    learned = _learn(original.recording, original, found)
    # Where it was filmed may be what a lock that stands reaches for.
    lock_those_that_fall_in([learned], by=by, at=at)

    what = RecordingDescribed(
        original=original.handle, name=original.name, found=str(found.get("summary", ""))[:1000]
    )
    record(what, subject=original.recording.handle, by=by, at=at)


@dataclass
class CopyDraft:
    """A copy being made: feed it bytes, then hand it to :func:`keep_copy`.

    With ``is_sealed`` a run that was killed sealed it whole and did not enter it: it is
    taken as it is, and bytes fed to it are passed over.
    """

    original: Original
    purpose: Purpose
    media_type: str
    handle: str = field(default_factory=new_handle)
    is_sealed: bool = False

    def __post_init__(self) -> None:
        self._digest = hashlib.sha256()
        self._writer = (
            None if self.is_sealed else begin_copy(self.original, self.purpose, self.handle)
        )

    def write(self, data: bytes) -> None:
        """Add bytes to the end."""
        if self._writer is not None:
            self._writer.write(data)

    def patch(self, offset: int, data: bytes) -> None:
        """Change bytes in the first 64 KiB, as the writer of an MP4 must."""
        if self._writer is not None:
            self._writer.patch(offset, data)

    def seal(self) -> tuple[int, str]:
        """Make the copy durable and return its size and SHA-256."""
        if self._writer is not None:
            self._writer.finish()
        key = copy_key(self.original, self.purpose)
        with strongroom.vault().open(self.handle, self.purpose, key) as reader:
            for block in reader.blocks(0, reader.size):
                self._digest.update(block)
            return reader.size, self._digest.hexdigest()

    def drop(self) -> None:
        """Give the draft up; what is sealed stays."""
        if self._writer is None:
            return
        self._writer.abandon()
        strongroom.vault().store.discard_incoming(self.handle)


def keep_copy(
    draft: CopyDraft, *, about: dict[str, Any], recipe: dict[str, Any], by: Actor, at: datetime
) -> Copy:
    """Seal a draft and enter it. A copy that is there already is returned as it is."""
    size, sha256 = draft.seal()
    with transaction.atomic():
        original = Original.objects.select_for_update().get(pk=draft.original.pk)
        there = original.copies.filter(purpose=draft.purpose).first()
        if there is not None:
            return there
        made = CopyMade(
            original=original.handle,
            copy=draft.handle,
            purpose=draft.purpose,
            size=size,
            name=original.name,
            sha256=sha256,
            recipe=str(recipe),
        )
        record(made, subject=original.recording.handle, by=by, at=at)
        return Copy.objects.create(
            handle=draft.handle,
            original=original,
            purpose=draft.purpose,
            size=size,
            sha256=sha256,
            media_type=draft.media_type,
            about=about,
            recipe=recipe,
            made_at=at,
        )


def is_sealed_whole(original: Original, purpose: Purpose, handle: str) -> bool:
    """Say whether the store holds this very copy, sealed and sound, though no row names it."""
    if not strongroom.vault().store.holds(handle):
        return False
    try:
        with strongroom.vault().open(handle, purpose, copy_key(original, purpose)) as reader:
            for _ in reader.blocks(0, reader.size):
                pass
    except Damaged:
        return False
    return True


def copy_key(original: Original, purpose: str) -> DataKey:
    """Return the key of a copy, derived from the original's, so that it dies with it."""
    return strongroom.ring().unwrap(original.key).derive(f"copy: {purpose}")


def begin_copy(original: Original, purpose: Purpose, handle: str) -> SealedWriter:
    """Return a sealed writer for a copy of an original."""
    key = copy_key(original, purpose)
    return strongroom.vault().begin(handle, purpose, key, patchable_head=True)


def _learn(recording: Recording, original: Original, found: dict[str, Any]) -> Recording:
    """Fill in what the sender left out; never overrule what it said."""
    recording = Recording.objects.select_for_update().get(pk=recording.pk)
    faults = found.get("faults") or []
    if faults and not recording.fault:
        recording.fault = str(faults[0])[:300]
    others = sum(each.seconds or 0.0 for each in recording.originals.exclude(pk=original.pk))
    if original.seconds and _is_only_learned(recording, others):
        recording.seconds = others + original.seconds
        recording.ended_at = recording.started_at + timedelta(seconds=recording.seconds)
    track = found.get("track") or {}
    if recording.latitude is None and track.get("points"):
        _, recording.longitude, recording.latitude = track["points"][0][:3]
    recording.save(update_fields=["fault", "seconds", "ended_at", "latitude", "longitude"])
    return recording


def _is_only_learned(recording: Recording, seconds: float) -> bool:
    """Say whether its end is not the sender's: unknown, or the length of what was described.

    Files are looked at one after the other, and each that follows lengthens it: what is
    taken to have ended too early would be deleted too early.
    """
    if recording.ended_at is None:
        return True
    return abs(recording.ended_at - recording.started_at - timedelta(seconds=seconds)) < _A_MOMENT
