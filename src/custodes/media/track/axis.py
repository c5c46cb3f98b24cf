"""The track an Axis body-worn camera sends: JSON with a WKT point per entry.

Body-worn integration API v1.6, "gpstrail": seconds count from the clip's start.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from custodes.kernel.clock import parse_rfc3339
from custodes.kernel.errors import Refused
from custodes.media.track.points import Track, TrackPoint, track_of

_BOM = b"\xef\xbb\xbf"
_POINT = re.compile(
    r"\s*POINT\s*(?:Z\s*|M\s*|ZM\s*)?\(\s*([-+0-9.eE]{1,40})\s+([-+0-9.eE]{1,40})[^()]{0,80}\)\s*\Z"
)


def read(data: bytes) -> Track:
    """Read a gpstrail body; raises Refused when it is not one."""
    try:
        body = json.loads(data.removeprefix(_BOM))
        entries = body["CoordinateEntries"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise Refused("This is not a track of an Axis camera.") from None
    if not isinstance(entries, list):
        raise Refused("This is not a track of an Axis camera.")
    return track_of("axis", _points(entries))


def _points(entries: list[Any]) -> Iterator[TrackPoint | None]:
    for entry in entries:
        try:
            place = _POINT.match(entry["LocationWKT"])
            seconds = float(entry["SecondsFromStart"])
            longitude, latitude = (float(n) for n in place.groups()) if place else (999.0, 999.0)
        except (KeyError, TypeError, ValueError):
            yield None
            continue
        yield TrackPoint(seconds, longitude, latitude, at=_time(entry.get("Timestamp")))


def _time(text: object) -> datetime | None:
    try:
        return parse_rfc3339(str(text))
    except (ValueError, OverflowError):
        return None
