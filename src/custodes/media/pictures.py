"""Decoded pictures, turned the right way up, brought to size, and written as JPEG.

Sizes come from decoded pictures, never from a header. A camera worn sideways
writes a display matrix; what leaves here has it applied.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import av
import av.filter
import numpy as np
from av.sidedata.sidedata import Type

from custodes.kernel.errors import Refused
from custodes.media.opening import MAX_PIXELS

MAX_SIDE = 16_384
#: Signs of (a, b, c, d) in the display matrix (ISO/IEC 14496-12 section 8.3.2: a
#: point x, y goes to ax + cy, bx + dy) and the filters that do the same.
_TURNS = {
    (1, 0, 0, 1): (),
    (0, 1, -1, 0): (("transpose", "clock"),),
    (-1, 0, 0, -1): (("hflip", ""), ("vflip", "")),
    (0, -1, 1, 0): (("transpose", "cclock"),),
    (-1, 0, 0, 1): (("hflip", ""),),
    (1, 0, 0, -1): (("vflip", ""),),
    (0, 1, 1, 0): (("transpose", "cclock_flip"),),
    (0, -1, -1, 0): (("transpose", "clock_flip"),),
}
_ROTATION = {(0, 1, -1, 0): 90, (-1, 0, 0, -1): 180, (0, -1, 1, 0): 270}
#: FFmpeg counts its angle against the clock.
_BY_ANGLE = {270: (0, 1, -1, 0), 180: (-1, 0, 0, -1), 90: (0, -1, 1, 0)}
Turn = tuple[int, int, int, int]
UPRIGHT: Turn = (1, 0, 0, 1)


@dataclass(frozen=True, slots=True)
class Box:
    """The largest picture wanted: its long and its short side, in pixels."""

    long: int
    short: int


def turn_of(frame: av.VideoFrame) -> Turn:
    """Return how the frame is to be turned; anything but quarter turns counts as none."""
    try:
        sides: list[Any] = list(frame.side_data)
    except ValueError:
        # PyAV does not know every kind of side data FFmpeg attaches, and then gives
        # none; the angle alone it reads by another way.
        return _BY_ANGLE.get(round(frame.rotation) % 360, UPRIGHT)
    for side in sides:
        if side.type == Type.DISPLAYMATRIX:
            matrix = struct.unpack("=9i", bytes(side)[:36])
            signs = tuple((v > 1 << 15) - (v < -(1 << 15)) for v in matrix[:5])
            turn = (signs[0], signs[1], signs[3], signs[4])
            return turn if turn in _TURNS else UPRIGHT
    return UPRIGHT


def degrees(turn: Turn) -> int:
    """Return the clockwise turn in degrees, mirrored or not."""
    return _ROTATION.get(turn, 0)


def fitted(width: int, height: int, shape: Fraction, box: Box) -> tuple[int, int]:
    """Return even width and height that fit the box, with square pixels, never enlarged."""
    if not (0 < width <= MAX_SIDE and 0 < height <= MAX_SIDE and width * height <= MAX_PIXELS):
        raise Refused(f"A picture of {width} x {height} pixels is larger than is opened here.")
    wide = width * min(Fraction(4), max(Fraction(1, 4), shape or Fraction(1)))
    long, short = max(wide, Fraction(height)), min(wide, Fraction(height))
    scale = min(Fraction(1), box.long / long, box.short / short)
    return _even(wide * scale), _even(height * scale)


def _even(length: Fraction | float) -> int:
    return max(2, round(length / 2) * 2)


class Shaper:
    """Turn and size frames, whatever size each of them turns out to have.

    The size of the first frame decides the output's; a stream that changes size
    on the way is brought to the same output.
    """

    def __init__(
        self, box: Box, pixels: str, *, full_range: bool, deinterlace: bool = False
    ) -> None:
        self._box = box
        self._pixels = pixels
        self._range = "pc" if full_range else "tv"
        self._deinterlace = deinterlace
        self._shape: tuple[object, ...] | None = None
        self._graph: av.filter.Graph | None = None
        self.size: tuple[int, int] | None = None

    def shaped(self, frame: av.VideoFrame, pixel_shape: Fraction | None = None) -> av.VideoFrame:
        """Return the frame turned and sized; raises Refused for sizes out of bounds."""
        turn = turn_of(frame)
        shape = (frame.width, frame.height, frame.format.name, turn)
        if self._graph is None or shape != self._shape:
            self._graph, self._shape = self._built(frame, turn, pixel_shape or Fraction(1)), shape
        pts, time_base = frame.pts, frame.time_base
        self._graph.vpush(frame)
        out = self._graph.vpull()
        out.pts = pts
        if time_base is not None:
            out.time_base = time_base
        return out

    def _built(self, frame: av.VideoFrame, turn: Turn, shape: Fraction) -> av.filter.Graph:
        width, height = fitted(frame.width, frame.height, shape, self._box)
        if turn[0] == 0:
            width, height = height, width
        if self.size is None:
            self.size = width, height
        graph = av.filter.Graph()
        graph.threads = 1
        nodes = [
            graph.add_buffer(
                width=frame.width,
                height=frame.height,
                format=frame.format,
                time_base=frame.time_base or Fraction(1, 1000),
            )
        ]
        nodes += [graph.add(name, args or None) for name, args in self._steps(frame, turn)]
        graph.link_nodes(*nodes, graph.add("buffersink")).configure()
        return graph

    def _steps(self, frame: av.VideoFrame, turn: Turn) -> list[tuple[str, str]]:
        assert self.size is not None  # set by the caller just before
        steps = list(_TURNS[turn])
        if self._deinterlace and frame.interlaced_frame:
            # One field of each picture: plain, and never a picture late.
            steps.insert(0, ("field", "top"))
        width, height = self.size
        steps.append(("scale", f"{width}:{height}:flags=bilinear:out_range={self._range}"))
        steps.append(("format", self._pixels))
        return steps


def jpeg(picture: np.ndarray[tuple[int, int, int], np.dtype[np.uint8]], quality: int = 5) -> bytes:
    """Write an RGB picture (height, width, 3) as JPEG; quality 2 is best, 31 worst."""
    height, width, _ = picture.shape
    encoder = av.CodecContext.create("mjpeg", "w")
    assert isinstance(encoder, av.VideoCodecContext)  # mjpeg is a video codec
    encoder.width, encoder.height, encoder.pix_fmt = width, height, "yuvj420p"
    encoder.time_base = Fraction(1, 25)
    encoder.qscale = True
    encoder.global_quality = 118 * quality  # FF_QP2LAMBDA
    frame = av.VideoFrame.from_ndarray(picture, "rgb24").reformat(format="yuvj420p")
    frame.pts = 0
    return b"".join(bytes(packet) for packet in [*encoder.encode(frame), *encoder.encode(None)])
