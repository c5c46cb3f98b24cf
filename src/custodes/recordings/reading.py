"""Open the sealed bytes of a file for somebody who may have them."""

from __future__ import annotations

from dataclasses import dataclass

from custodes.custody import strongroom
from custodes.intake.actions import OBJECT_KIND
from custodes.kernel.errors import NotFound
from custodes.people.rules import Permission, Viewer
from custodes.recordings.actions.describe import copy_key
from custodes.recordings.errors import NotYours
from custodes.recordings.models import Copy, Original
from custodes.recordings.queries import within_reach
from custodes.recordings.rules import Purpose
from custodes.vault.reading import SealedReader


@dataclass(frozen=True, slots=True)
class Opened:
    """Bytes that can be read at any place, and what they are."""

    reader: SealedReader
    size: int
    media_type: str
    sha256: str


def open_for(viewer: Viewer, original: Original, copy: str) -> Opened:
    """Open the original, or the viewing copy if ``copy`` is "viewing".

    Raises NotYours when the viewer may not play it, NotFound without such a copy.
    The caller records the reading first; see actions/watch.py.
    """
    if not within_reach(viewer, Permission.PLAY, original.recording):
        raise NotYours("You may know of this recording, but not play it.")
    if copy == "original":
        return open_original(original)
    made = original.copies.filter(purpose=Purpose.VIEWING).first()
    if made is None:
        raise NotFound("No viewing copy was made of this file.")
    return open_copy(made)


def open_original(original: Original) -> Opened:
    """Open an original, for the system itself."""
    key = strongroom.ring().unwrap(original.key)
    reader = strongroom.vault().open(original.handle, OBJECT_KIND, key)
    media_type = (original.described or {}).get("media_type", "application/octet-stream")
    return Opened(reader, original.size, media_type, original.sha256)


def open_copy(copy: Copy) -> Opened:
    """Open a copy, for the system itself or for pictures on a page."""
    reader = strongroom.vault().open(
        copy.handle, copy.purpose, copy_key(copy.original, copy.purpose)
    )
    return Opened(reader, copy.size, copy.media_type, copy.sha256)
