"""Clips and stills of a recording, for those who may have them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta

from custodes.kernel.errors import NotFound
from custodes.media.playable import why_not_playable
from custodes.people.rules import Permission, Viewer
from custodes.recordings.models import Copy, Original, Recording
from custodes.recordings.moments import filmed_from
from custodes.recordings.queries import recording_for, within_reach
from custodes.recordings.rules import MADE_BY_PEOPLE, Purpose


@dataclass(frozen=True, slots=True)
class Made:
    """A clip or a still as a list shows it; ``begins`` is by the camera's clock."""

    copy: Copy
    begins: datetime
    ends: datetime
    by: str
    because: str

    @property
    def is_clip(self) -> bool:
        """Say whether it is a clip and not a still."""
        return self.copy.purpose == Purpose.CLIP

    @property
    def seconds(self) -> float:
        """Return how long a clip is."""
        return (self.ends - self.begins).total_seconds()


def can_be_cut(original: Original) -> bool:
    """Say whether clips are made of files like this one, as far as is known: not of Matroska."""
    tracks = json.loads(original.commitment)["tracks"] if original.commitment else []
    return all(track.get("container") == "mp4" for track in tracks)


def must_be_made_anew(original: Original) -> bool:
    """Say whether a clip of this file plays everywhere only if all of it is encoded anew."""
    probe = (original.described or {}).get("probe")
    if not probe:
        return not can_be_cut(original)
    return not can_be_cut(original) or bool(why_not_playable({**probe, "tables_first": True}))


def made_of(viewer: Viewer, recording: Recording) -> list[Made]:
    """Return what people cut from a recording, newest first; nothing for who may not."""
    if not within_reach(viewer, Permission.MAKE_CLIPS, recording):
        return []
    found = Copy.objects.filter(original__recording=recording, purpose__in=MADE_BY_PEOPLE)
    copies = found.select_related("original", "original__recording").order_by("-made_at")
    began: dict[int, datetime] = {}
    return [_made(copy, began) for copy in copies]


def made_for(viewer: Viewer, recording: str, handle: str) -> Copy:
    """Return one clip or still, if this person may know that it exists."""
    known = recording_for(viewer, recording)
    found = Copy.objects.filter(
        handle=handle, original__recording=known, purpose__in=MADE_BY_PEOPLE
    )
    copy = found.select_related("original", "original__recording").first()
    if copy is None or not within_reach(viewer, Permission.MAKE_CLIPS, known):
        raise NotFound("There is no such clip of this recording.")
    return copy


def described(copy: Copy) -> Made:
    """Return a clip or still, which the caller may see, as a list shows it."""
    return _made(copy, {})


def _made(copy: Copy, began: dict[int, datetime]) -> Made:
    original: Original = copy.original
    if original.pk not in began:
        began[original.pk] = filmed_from(original)
    start, about = began[original.pk], copy.about
    return Made(
        copy,
        start + timedelta(seconds=about["begins"]),
        start + timedelta(seconds=about["ends"]),
        str(about.get("by", "")),
        str(about.get("because", "")),
    )
