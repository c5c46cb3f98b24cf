"""The subtitle file a DJI drone writes beside its video, in two dialects.

``[latitude: 41.42] [longitude: 2.16]`` and the older ``GPS(lon,lat,height)``.
The times in the text are the drone's local time without a zone, so they are not
taken for moments; the subtitle's own time places the point in the recording.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from custodes.kernel.errors import Refused
from custodes.media.track.points import Track, TrackPoint, track_of

_TIME = re.compile(r"(\d{1,3}):(\d\d):(\d\d)[,.](\d{3})\s*-->")
_NUMBER = r"(-?\d{1,3}(?:\.\d{1,12})?)"
_BRACKETS = re.compile(
    rf"\[latitude\s*:\s*{_NUMBER}\s*\].{{0,40}}\[long?i?tude\s*:\s*{_NUMBER}\s*\]", re.S
)
_OLDER = re.compile(rf"GPS\s*\(\s*{_NUMBER}\s*,\s*{_NUMBER}")


def read(data: bytes) -> Track:
    """Read the subtitle text; raises Refused when there is no position line in it."""
    text = data.decode("utf-8", "replace").replace("\r\n", "\n")
    points = list(_points(text))
    if not points:
        raise Refused("There are no positions in this subtitle file.")
    return track_of("dji", points)


def _points(text: str) -> Iterator[TrackPoint | None]:
    starts = list(_TIME.finditer(text))
    ends = [*(match.start() for match in starts[1:]), len(text)]
    for start, end in zip(starts, ends, strict=False):
        hours, minutes, seconds, thousandths = (int(part) for part in start.groups())
        at = hours * 3600 + minutes * 60 + seconds + thousandths / 1000
        yield _point(at, text[start.end() : min(end, start.end() + 2000)])


def _point(at: float, cue: str) -> TrackPoint | None:
    if found := _BRACKETS.search(cue):
        return TrackPoint(at, float(found[2]), float(found[1]))
    if found := _OLDER.search(cue):
        return TrackPoint(at, float(found[1]), float(found[2]))
    return None
