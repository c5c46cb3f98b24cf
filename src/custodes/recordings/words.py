"""What a file is, in words and as a media type, from what the sandbox found in it.

Rules only: no table, no clock, no files.
"""

from __future__ import annotations

from typing import Any

_MEDIA_TYPES = {
    "MP4": "video/mp4",
    "WebM": "video/webm",
    "Matroska": "video/x-matroska",
    "MPEG-TS": "video/mp2t",
    "MPEG-PS": "video/mpeg",
    "AVI": "video/x-msvideo",
    "FLV": "video/x-flv",
}
_UNKNOWN = "application/octet-stream"


def media_type(probe: dict[str, Any] | None, *, encrypted: bool) -> str:
    """Return the media type under which the original's own bytes may be served."""
    if encrypted or probe is None:
        return _UNKNOWN
    kind = _MEDIA_TYPES.get(probe["container"], _UNKNOWN)
    has_picture = any(track["kind"] == "video" for track in probe["tracks"])
    return kind if has_picture or kind == _UNKNOWN else kind.replace("video/", "audio/", 1)


def summary(probe: dict[str, Any] | None, track: dict[str, Any]) -> str:
    """Say in one sentence what the file holds."""
    if probe is None:
        points = len(track.get("points") or [])
        return f"a track of {points} positions." if points else "nothing that could be opened."
    parts = [_lasting(probe["seconds"]), *map(_of_track, _worth_saying(probe)), probe["container"]]
    return f"{', '.join(filter(None, parts))}. {probe['browser']['because']}."


def _worth_saying(probe: dict[str, Any]) -> list[dict[str, Any]]:
    return [track for track in probe["tracks"] if track["kind"] in {"video", "audio"}]


def _of_track(track: dict[str, Any]) -> str:
    codec = track["codec"] or "an unknown codec"
    if track["kind"] == "audio":
        return f"sound in {codec}"
    return f"{track.get('width')}x{track.get('height')} in {codec}"


def _lasting(seconds: float | None) -> str:
    if seconds is None:
        return "of unknown length"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest} s" if minutes else f"{rest} s"
