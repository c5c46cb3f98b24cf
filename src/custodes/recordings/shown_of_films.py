"""What proof.json says of each film in a package: an original, a clip, or what else was made.

Reads and decides nothing; see packaging.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable
from pathlib import PurePath
from typing import Any, Final

from custodes.custody.queries import Told
from custodes.media.commitment import MediaCommitment
from custodes.package.paths import safe_name
from custodes.package.statement import CLIP, MADE, ORIGINAL, FileShown
from custodes.recordings.arriving import salt_of
from custodes.recordings.carrying import Carried
from custodes.recordings.models import Original
from custodes.recordings.shown_of_log import ALL_FIELDS

_MAKING: Final = frozenset({"clip.made", "still.made"})


def path_of(original: Original, opened: Collection[str]) -> str:
    """Return where a file stands; its own name, which may name a person, only if it is opened."""
    name = safe_name(original.name)
    if opened and {ALL_FIELDS, "name"} & set(opened):
        return f"data/{original.number:02d}-{name}"
    return f"data/original-{original.number:02d}{PurePath(name).suffix[:8]}"


def made_by(told: Told) -> str:
    """Return the handle of the clip or still that an entry says was made; empty for others."""
    return str(told.facts.get("c", "")) if told.kind in _MAKING else ""


def original_shown(original: Original, history: Iterable[Told], path: str) -> FileShown:
    """Return what is said of an original that stands at this path."""
    return FileShown(
        path=path,
        role=ORIGINAL,
        entry=_took_in(original, history),
        recording=original.recording.handle,
        original=original.handle,
        salt=salt_of(original),
        file_sha256=bytes.fromhex(original.sha256),
        chunk_root=bytes(original.chunk_root),
        size=original.size,
        media_root=bytes(original.media_root or b""),
        tracks=_tracks(original),
    )


def made_shown(made: Carried, history: Iterable[Told]) -> FileShown:
    """Return what is said of a clip or a still: its packets, or the entry that made it."""
    original = made.copy.original
    where: dict[str, Any] = {
        "path": made.path,
        "recording": original.recording.handle,
        "original": original.handle,
    }
    if made.proof is None:
        by = next(told.index for told in history if made_by(told) == made.copy.handle)
        return FileShown(role=MADE, entry=by, **where)
    return FileShown(
        role=CLIP,
        entry=_took_in(original, history),
        salt=salt_of(original),
        media_root=bytes(original.media_root or b""),
        tracks=_tracks(original),
        clip=made.proof,
        **where,
    )


def _took_in(original: Original, history: Iterable[Told]) -> int:
    """Return the index of the entry that took an original in."""
    return next(
        told.index
        for told in history
        if told.kind == "recording.ingested" and told.facts["o"] == original.handle
    )


def _tracks(original: Original) -> tuple[bytes, ...]:
    if not original.commitment:
        return ()
    commitment = MediaCommitment.from_cj1(json.loads(original.commitment))
    return tuple(track.to_bytes() for track in commitment.tracks)
