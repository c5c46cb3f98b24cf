"""Whether a film is in the playable profile, and why not: what every court's player shows.

Rules only. MP4 with its tables in front (faststart), H.264 up to High in 4:2:0 with eight
bits, AAC sound. A decoder of High shows Main and Constrained Baseline too (ITU-T H.264
annex A.2). If in doubt the answer is no: a film that does not play costs a hearing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Final

from custodes.media.browser import named

PROFILES: Final = frozenset(
    {"Constrained Baseline", "Main", "High", "Progressive High", "Constrained High"}
)
_PIXELS: Final = frozenset({"yuv420p", "yuvj420p"})


def why_not_playable(found: Mapping[str, Any] | None) -> tuple[str, ...]:
    """Return what keeps a film from the playable profile; nothing when it is in it.

    ``found`` is what the ``profile`` or the ``probe`` task says of the file; None: nobody
    has looked at it.
    """
    if not found:
        return ("Nobody has looked whether it plays.",)
    return tuple(_faults(found))


def _faults(found: Mapping[str, Any]) -> Iterator[str]:
    tracks = found.get("tracks") or ()
    pictures = [track for track in tracks if track.get("kind") == "video"]
    if found.get("container") != "MP4":
        yield f"It is {found.get('container') or 'of an unknown kind'}, not MP4."
    elif found.get("tables_first") is not True:
        yield "Its tables stand at its end, so that a player must load all of it first."
    if not pictures:
        yield "There are no moving pictures in it."
    for track in pictures:
        yield from _of_pictures(track)
    for track in tracks:
        if track.get("kind") == "audio" and track.get("codec") != "aac":
            yield f"Its sound is {named(str(track.get('codec')))}, not AAC."
    if pictures and not found.get("pictures_decoded"):
        yield "None of its pictures could be decoded."
    elif found.get("decode_errors"):
        yield "Some of its pictures could not be decoded."


def _of_pictures(track: Mapping[str, Any]) -> Iterator[str]:
    if track.get("codec") != "h264":
        yield f"Its pictures are {named(str(track.get('codec')))}, not H.264."
        return
    if track.get("profile") not in PROFILES:
        yield f"Its pictures are H.264 {track.get('profile') or 'of an unknown profile'}, not High."
    if track.get("pixels") not in _PIXELS:
        yield f"Its pictures are stored as {track.get('pixels') or 'nobody knows'}, not as 4:2:0."
