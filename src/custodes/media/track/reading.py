"""Reading a track file of unknown kind, in the sandbox."""

from __future__ import annotations

from typing import Any

from custodes.kernel.clock import parse_rfc3339
from custodes.kernel.errors import Refused
from custodes.media.sandbox.ports import ReadAt
from custodes.media.sandbox.tasks import Outside
from custodes.media.track import axis, dji, gpmf, gpx
from custodes.media.track.points import Track

MAX_BYTES = 32 * 1024**2


def read_track(data: bytes, started_at: str | None = None) -> Track:
    """Read a track from its bytes, whatever wrote them; raises Refused.

    ``started_at`` (RFC 3339) is the recording's start, for formats that give
    only the time of day.
    """
    start = data[:4096].lstrip(b"\xef\xbb\xbf \t\r\n")
    if start.startswith(b"{"):
        return axis.read(data)
    if start.startswith(b"<"):
        return gpx.read(data, parse_rfc3339(started_at) if started_at else None)
    if start.startswith(b"DEVC"):
        return gpmf.read(data)
    return dji.read(data)


def task(reader: ReadAt, params: dict[str, Any], _outside: Outside) -> dict[str, Any]:
    """Read the whole file as a track."""
    if reader.size > MAX_BYTES:
        raise Refused(f"A track file over {MAX_BYTES >> 20} MB is not opened.")
    return read_track(reader.read_at(0, reader.size), params.get("started_at")).as_json()
