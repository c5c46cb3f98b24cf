"""What a browser plays of an original: its own bytes, its viewing copy, or nothing yet."""

from __future__ import annotations

import json
from dataclasses import dataclass

from custodes.kernel.errors import Refused
from custodes.recordings.described import MEDIA_TYPES, read
from custodes.recordings.models import Copy, Original
from custodes.recordings.rules import Purpose, plays_by_its_packets

_PLAYABLE = frozenset(MEDIA_TYPES.values())


class NothingPlays(Refused):
    """There is nothing of this file that a browser plays."""

    advice = "The original is kept as it is. Whoever may can download it and play it elsewhere."


@dataclass(frozen=True, slots=True)
class Playing:
    """What is sent to a player. ``copy`` is None when it is the original itself."""

    handle: str
    media_type: str
    copy: Copy | None


def played(original: Original) -> Playing | None:
    """Return what a player is given, or None when nothing of this file plays (yet)."""
    found = read(original.described)
    if not found.looked and _plays_at_once(original):
        return Playing(original.handle, MEDIA_TYPES["MP4"], None)
    if found.plays and found.media_type in _PLAYABLE:
        return Playing(original.handle, found.media_type, None)
    for copy in original.copies.all():
        if copy.purpose == Purpose.VIEWING and copy.media_type in _PLAYABLE:
            return Playing(copy.handle, copy.media_type, copy)
    return None


def _plays_at_once(original: Original) -> bool:
    """Say whether a file nobody has looked at yet plays, by what was committed on arrival."""
    if not original.commitment:
        return False
    return plays_by_its_packets(json.loads(original.commitment)["tracks"])
