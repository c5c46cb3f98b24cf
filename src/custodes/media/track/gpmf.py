"""GPMF, the telemetry inside GoPro files: fixes as GPS5, GPS9 or GPRI/GLPI.

Format facts: gopro/gpmf-parser README. A stream is key (4), type (1), size of a
structure (1), how many (2, big endian), bytes padded to 4; type 0 nests. SCAL
divides what follows it, TYPE spells a complex structure, GPSF is the lock (0 is
none), GPSU the time, SYST pairs the device's clock with UTC.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from typing import Protocol

from custodes.media.track.points import MAX_POINTS, Track, TrackPoint, track_of

_MAX_DEPTH = 6
_LETTERS = {"b": "b", "B": "B", "s": "h", "S": "H", "l": "i", "L": "I", "j": "q", "J": "Q",
            "f": "f", "d": "d"}  # fmt: skip
_SHAPES = {b"GPS5": "lllll", b"GPS9": "lllllllSS", b"GPRI": "JlllSSSSBB", b"GLPI": "LllllsssS"}


@dataclass(frozen=True, slots=True)
class Item:
    """One key and its bytes."""

    key: bytes
    kind: int
    size: int
    count: int
    body: bytes


def items(data: bytes) -> Iterator[Item]:
    """Give the keys on this level; stops at the first that does not fit."""
    at = 0
    while at + 8 <= len(data):
        key, kind, size, count = struct.unpack_from(">4sBBH", data, at)
        length = size * count
        if key == b"\0\0\0\0" or at + 8 + length > len(data):
            return
        yield Item(key, kind, size, count, data[at + 8 : at + 8 + length])
        at += 8 + (length + 3) // 4 * 4


def read(data: bytes) -> Track:
    """Read a raw GPMF file: payloads one after another, about a second each.

    A payload may hold several devices; one that comes again begins the next.
    """
    points: list[TrackPoint | None] = []
    met: set[bytes] = set()
    second = 0.0
    for device in (item for item in items(data) if item.key == b"DEVC"):
        name = b"".join(item.body for item in items(device.body) if item.key == b"DVID")
        if name in met:
            second, met = second + 1, set()
        met.add(name)
        points += fixes(device.body, second, 1.0)
        if len(points) > MAX_POINTS:
            break
    return track_of("gpmf", points)


def fixes(device: bytes, starts_at: float, lasts: float) -> list[TrackPoint | None]:
    """Return the fixes of one device payload, spread over its time; None: no lock."""
    streams = list(_streams(device, 0))
    clock = next((stream[b"SYST"] for stream in streams if b"SYST" in stream), None)
    held = {key for stream in streams for key in stream}
    # GPS9 says what GPS5 says and more, and GLPI is GPRI smoothed: one of each.
    keys = [b"GPS9" if b"GPS9" in held else b"GPS5", b"GPRI" if b"GPRI" in held else b"GLPI"]
    found: list[TrackPoint | None] = []
    for stream in streams:
        for key in keys:
            if key in stream:
                found += _fixes(key, stream, clock, starts_at, lasts)
    return found


def _streams(data: bytes, depth: int) -> Iterator[dict[bytes, Item]]:
    """Give every STRM as a dictionary of its keys."""
    for item in items(data):
        if item.key == b"STRM":
            yield {inner.key: inner for inner in items(item.body)}
        elif item.kind == 0 and depth < _MAX_DEPTH:
            yield from _streams(item.body, depth + 1)


def _fixes(
    key: bytes, stream: dict[bytes, Item], clock: Item | None, starts_at: float, lasts: float
) -> list[TrackPoint | None]:
    rows = _rows(stream[key], stream.get(b"SCAL"), _SHAPES[key])
    found: list[TrackPoint | None] = []
    for number, row in enumerate(rows):
        into = lasts * number / len(rows)
        match key:
            case b"GPS9":
                point = _gps9(row, starts_at + into)
            case b"GPS5":
                point = _gps5(row, starts_at + into, stream, into)
            case b"GPRI":
                point = _gpri(row, starts_at + into, clock)
            case _:
                point = TrackPoint(starts_at + into, row[2], row[1])
        found.append(point)
    return found


def _rows(item: Item, scale: Item | None, shape: str) -> list[tuple[float, ...]]:
    layout = struct.Struct(">" + "".join(_LETTERS[letter] for letter in shape))
    if item.size != layout.size:
        return []
    factors = _factors(scale, len(shape))
    rows = layout.iter_unpack(item.body)
    return [tuple(v / f for v, f in zip(row, factors, strict=True)) for row in rows]


def _factors(scale: Item | None, wanted: int) -> list[float]:
    letter = _LETTERS.get(chr(scale.kind)) if scale is not None else None
    if scale is None or letter is None or struct.calcsize(">" + letter) != scale.size:
        return [1.0] * wanted
    factors = [float(v[0]) or 1.0 for v in struct.iter_unpack(">" + letter, scale.body)]
    return factors if len(factors) == wanted else (factors[:1] or [1.0]) * wanted


def _gps5(
    row: tuple[float, ...], seconds: float, stream: dict[bytes, Item], into: float
) -> TrackPoint | None:
    lock = stream.get(b"GPSF")
    if lock is not None and not any(lock.body):
        return None
    at = _utc(stream.get(b"GPSU"))
    return TrackPoint(seconds, row[1], row[0], at=at and at + timedelta(seconds=into))


def _gps9(row: tuple[float, ...], seconds: float) -> TrackPoint | None:
    if row[8] < 2:  # fix: 0 none, 2 flat, 3 full
        return None
    try:
        at = datetime(2000, 1, 1, tzinfo=UTC) + timedelta(days=row[5], seconds=row[6])
    except OverflowError:
        return None
    return TrackPoint(seconds, row[1], row[0], at=at)


def _gpri(row: tuple[float, ...], seconds: float, clock: Item | None) -> TrackPoint | None:
    if row[8] < 2:
        return None
    return TrackPoint(seconds, row[2], row[1], accuracy=row[4], at=_by_clock(row[0], clock))


def _by_clock(device_seconds: float, clock: Item | None) -> datetime | None:
    """Turn the device's seconds into UTC by its last (microseconds, milliseconds) pair."""
    if clock is None or clock.size != 16 or clock.count < 1:
        return None
    ticks, utc = struct.unpack_from(">QQ", clock.body)
    try:
        return datetime(1970, 1, 1, tzinfo=UTC) + timedelta(
            seconds=utc / 1000 + device_seconds - ticks / 1_000_000
        )
    except OverflowError:
        return None


def _utc(item: Item | None) -> datetime | None:
    """Read GPSU: yymmddhhmmss.sss."""
    try:
        text = item.body.decode("ascii") if item is not None else ""
        return datetime.strptime(text + "000", "%y%m%d%H%M%S.%f").replace(tzinfo=UTC)
    except ValueError:
        return None


class _Packet(Protocol):
    duration: int | None

    def __bytes__(self) -> bytes: ...


class GpmfWatch:
    """Collect the fixes from a recording's data packets as they pass."""

    def __init__(self) -> None:
        self._points: list[TrackPoint | None] = []
        self.met = False

    def see(self, packet: _Packet, pts: int | None, time_base: Fraction | None) -> None:
        """Read one data packet, if it is GPMF."""
        payload = bytes(packet)
        if not payload.startswith(b"DEVC") or len(self._points) > MAX_POINTS:
            return
        self.met = True
        unit = float(time_base or Fraction(1, 1000))
        starts_at, lasts = (pts or 0) * unit, (packet.duration or 0) * unit or 1.0
        for device in items(payload):
            self._points += fixes(device.body, starts_at, min(lasts, 10.0))

    def track(self) -> Track | None:
        """Return the track, or None when there was no telemetry at all."""
        return track_of("gpmf", self._points) if self.met else None
