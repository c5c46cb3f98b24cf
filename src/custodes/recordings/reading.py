"""Read the bytes of originals and copies out of the vault.

Whoever calls has made sure that the viewer may, and that it is recorded.
"""

from __future__ import annotations

import json
from typing import Any

from custodes.custody import strongroom
from custodes.intake.actions import OBJECT_KIND
from custodes.kernel.errors import NotFound
from custodes.people.rules import Permission, Viewer
from custodes.recordings.actions.describe import copy_key
from custodes.recordings.errors import NotYours
from custodes.recordings.models import Copy, Original
from custodes.recordings.queries import within_reach
from custodes.recordings.rules import Purpose
from custodes.vault.sealed import SealedReader

_LARGEST_JSON = 16 << 20


def open_original(original: Original) -> SealedReader:
    """Return the original as it was received; raises Damaged or NotFound."""
    key = strongroom.ring().unwrap(original.key)
    return strongroom.vault().open(original.handle, OBJECT_KIND, key)


def open_copy(copy: Copy) -> SealedReader:
    """Return a copy made for viewing; raises Damaged or NotFound."""
    key = copy_key(copy.original, copy.purpose)
    return strongroom.vault().open(copy.handle, copy.purpose, key)


def open_for(viewer: Viewer, original: Original, copy: str) -> tuple[SealedReader, str]:
    """Open the original, or its viewing copy, for somebody; with its SHA-256 in hex.

    Raises NotYours when the viewer may not play it, NotFound without such a copy.
    The caller records the reading; see actions/watch.py.
    """
    if not within_reach(viewer, Permission.PLAY, original.recording):
        raise NotYours("You may know of this recording, but not play it.")
    if copy == "original":
        return open_original(original), original.sha256
    made = original.copies.filter(purpose=Purpose.VIEWING).first()
    if made is None:
        raise NotFound("No viewing copy was made of this file.")
    return open_copy(made), made.sha256


def read_numbers(copy: Copy) -> dict[str, Any]:
    """Return a waveform or a track, which are small and JSON."""
    with open_copy(copy) as reader:
        found = json.loads(reader.read_at(0, min(reader.size, _LARGEST_JSON)))
    return found if isinstance(found, dict) else {}
