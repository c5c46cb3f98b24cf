"""GPX 1.0 and 1.1 tracks, read without ever expanding an entity.

A document type declaration is the only way to define entities, and no GPX needs
one: a file that has it is refused before its first entity could be used.
"""

from __future__ import annotations

from datetime import datetime
from typing import Any, NoReturn
from xml.parsers import expat

from custodes.kernel.clock import parse_rfc3339
from custodes.kernel.errors import Refused
from custodes.media.track.points import MAX_POINTS, Track, TrackPoint, track_of

_MAX_TEXT = 200


def read(data: bytes, started_at: datetime | None = None) -> Track:
    """Read a GPX file; seconds count from ``started_at``, else from the first time.

    Raises Refused when it is not GPX, is broken XML, or declares a DOCTYPE.
    """
    collector = _Collector()
    parser = expat.ParserCreate()
    parser.buffer_text = True
    parser.StartDoctypeDeclHandler = _no_doctype
    parser.StartElementHandler = collector.start
    parser.EndElementHandler = collector.end
    parser.CharacterDataHandler = collector.text
    try:
        parser.Parse(data, True)
    except expat.ExpatError as error:
        raise Refused(f"This is not readable GPX ({error}).") from None
    if not collector.is_gpx:
        raise Refused("This XML is not GPX.")
    return track_of("gpx", _points(collector.found, started_at))


def _no_doctype(*_: object) -> NoReturn:
    raise Refused("A GPX file with a document type declaration is not opened.")


class _Collector:
    """Collect (latitude, longitude, time) of every track point."""

    def __init__(self) -> None:
        self.found: list[list[str]] = []
        self.is_gpx = False
        self._in_time = False

    def start(self, name: str, attributes: dict[str, Any]) -> None:
        name = name.rpartition(":")[2]
        self.is_gpx |= name == "gpx"
        self._in_time = name == "time" and bool(self.found)
        if name == "trkpt" and len(self.found) <= MAX_POINTS:
            self.found.append([attributes.get("lat", ""), attributes.get("lon", ""), ""])

    def end(self, _name: str) -> None:
        self._in_time = False

    def text(self, text: str) -> None:
        if self._in_time and len(self.found[-1][2]) < _MAX_TEXT:
            self.found[-1][2] += text


def _points(found: list[list[str]], started_at: datetime | None) -> list[TrackPoint | None]:
    points: list[TrackPoint | None] = []
    for latitude, longitude, when in found:
        try:
            at = parse_rfc3339(when.strip())
            started_at = started_at or at
            seconds = (at - started_at).total_seconds()
            points.append(TrackPoint(seconds, float(longitude), float(latitude), at=at))
        except (ValueError, OverflowError):
            points.append(None)
    return points
