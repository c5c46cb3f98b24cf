"""Small pictures along a recording: one sprite for the timeline, one poster.

Each tile is the last key picture at or before its moment, found by seeking, so
ten hours cost no more than ten minutes. A clock, not the file, bounds the work.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import av
import av.container
import numpy as np

from custodes.media.pictures import Box, Shaper

Picture = np.ndarray[tuple[int, int, int], np.dtype[np.uint8]]
MAX_TILES = 100
MIN_INTERVAL = 0.5
_COLUMNS = 10
_PACKETS_A_TILE = 2000


@dataclass(frozen=True, slots=True)
class Strip:
    """When the tiles are: ``count`` of them, ``interval`` seconds apart."""

    count: int
    interval: float

    @property
    def columns(self) -> int:
        """Return how many tiles stand side by side in the sprite."""
        return min(self.count, _COLUMNS)

    @property
    def rows(self) -> int:
        """Return how many rows the sprite has."""
        return -(-self.count // self.columns)


def strip_for(seconds: float, tiles: int = MAX_TILES) -> Strip:
    """Spread at most ``tiles`` moments over the length, none closer than half a second."""
    tiles = max(1, min(MAX_TILES, tiles))
    count = max(1, min(tiles, int(seconds / MIN_INTERVAL)))
    return Strip(count, max(seconds, 0.0) / count)


def sprite(strip: Strip, tiles: dict[int, Picture]) -> Picture | None:
    """Lay the tiles out row by row; a missing one shows the one before it."""
    if not tiles:
        return None
    first = tiles[min(tiles)]
    height, width, _ = first.shape
    whole = np.zeros((strip.rows * height, strip.columns * width, 3), np.uint8)
    tile = first
    for index in range(strip.count):
        tile = tiles.get(index, tile)
        row, column = divmod(index, strip.columns)
        whole[row * height : (row + 1) * height, column * width : (column + 1) * width] = tile
    return whole


def key_pictures(
    container: av.container.InputContainer,
    stream: av.VideoStream,
    starts_at: float | None,
    strip: Strip,
    budget: float,
) -> Iterator[tuple[int, av.VideoFrame]]:
    """Give (tile number, decoded key picture) in order until the seconds are used up."""
    if not stream.codec_context.is_open:
        stream.thread_type = "SLICE"  # by frames, a decoder waits for more than one
    stop_at = time.monotonic() + budget
    if starts_at is None:
        yield from _one_after_another(container, stream, strip, stop_at)
        return
    seen: tuple[int | None, av.VideoFrame] | None = None
    for index in range(strip.count):
        if time.monotonic() > stop_at:
            return
        # Some containers seek to a moment, not to a key picture; well before the
        # start they all come to the first.
        at = starts_at + index * strip.interval if index else starts_at - 60
        found = _key_picture(container, stream, at, seen)
        if found is None and seen is None:
            yield from _first_picture(container, stream)
            return
        if found is not None:
            seen = found
            yield index, found[1]


def _key_picture(
    container: av.container.InputContainer,
    stream: av.VideoStream,
    at: float,
    seen: tuple[int | None, av.VideoFrame] | None,
) -> tuple[int | None, av.VideoFrame] | None:
    try:
        container.seek(round(at / (stream.time_base or Fraction(1))), stream=stream)
        for number, packet in enumerate(container.demux(stream)):
            if number > _PACKETS_A_TILE:
                return None
            if not packet.is_keyframe or not packet.size:
                continue
            if seen is not None and seen[0] is not None and packet.pts == seen[0]:
                return seen
            pts = packet.pts
            if frame := _decoded(stream, packet):
                return pts, frame
    except MemoryError:
        raise
    except (av.error.FFmpegError, ValueError, OSError, OverflowError):
        return None
    return None


def _decoded(stream: av.VideoStream, packet: av.Packet[Any]) -> av.VideoFrame | None:
    decoder = stream.codec_context
    try:
        frames = [*decoder.decode(packet), *decoder.decode(None)]
    except MemoryError:
        raise
    except (av.error.FFmpegError, ValueError):
        frames = []
    decoder.flush_buffers()
    return frames[0] if frames else None


def _one_after_another(
    container: av.container.InputContainer, stream: av.VideoStream, strip: Strip, stop_at: float
) -> Iterator[tuple[int, av.VideoFrame]]:
    """Serve a stream without times: count pictures at its guessed rate."""
    rate = float(stream.guessed_rate or 25)
    wanted = 0
    for number, packet in enumerate(container.demux(stream)):
        if wanted >= strip.count or time.monotonic() > stop_at:
            return
        if not packet.is_keyframe or not packet.size or number / rate < wanted * strip.interval:
            continue
        if frame := _decoded(stream, packet):
            yield min(strip.count - 1, int(number / rate / max(strip.interval, 1e-9))), frame
            wanted = int(number / rate / max(strip.interval, 1e-9)) + 1


def _first_picture(
    container: av.container.InputContainer, stream: av.VideoStream
) -> Iterator[tuple[int, av.VideoFrame]]:
    """Serve a file that cannot be sought in, or whose key pictures are all hidden."""
    with contextlib.suppress(av.error.FFmpegError, ValueError, OSError):
        container.seek(0)
    with contextlib.suppress(av.error.FFmpegError, ValueError, StopIteration):
        yield 0, next(container.decode(stream))


def to_picture(shaper: Shaper, frame: av.VideoFrame, shape: Fraction | None) -> Picture:
    """Return the frame as RGB pixels, turned and sized."""
    pixels: Any = shaper.shaped(frame, shape).to_ndarray()
    picture: Picture = pixels
    return picture


def shaper_for(width: int) -> Shaper:
    """Return a shaper that gives RGB pictures at most this wide and high."""
    return Shaper(Box(width, width), "rgb24", full_range=True)
