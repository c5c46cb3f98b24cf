"""Blocks of Matroska: whose they are, when they are due, and the frames laced into them.

RFC 9559 sections 10.2 (block structure) and 10.3 (lacing).
"""

from __future__ import annotations

from dataclasses import dataclass

from custodes.media.packets.ebml import UNKNOWN, vint
from custodes.media.packets.refusal import NoClipProofs


@dataclass(frozen=True, slots=True)
class Block:
    """The head of a block; ``frames`` are (offset from the block's start, size)."""

    track: int
    later: int
    key: bool
    frames: list[tuple[int, int]]


def read_block(data: memoryview) -> Block:
    """Read a block's head and cut its payload into frames.

    ``key`` is bit 0x80, which only a SimpleBlock has.
    """
    track, at = vint(data, 0)
    if track == UNKNOWN or at + 3 > len(data):
        raise NoClipProofs("A block of this Matroska file has no complete head.")
    later = int.from_bytes(data[at : at + 2], "big", signed=True)
    flags, at = data[at + 2], at + 3
    lacing = flags >> 1 & 3
    frames = [(at, len(data) - at)] if lacing == 0 else _laced(data, at, lacing)
    return Block(track, later, bool(flags & 0x80), frames)


def _laced(data: memoryview, at: int, lacing: int) -> list[tuple[int, int]]:
    if at >= len(data):
        raise NoClipProofs("A block of this Matroska file ends inside its lacing.")
    count, at = data[at] + 1, at + 1
    if lacing == 1:
        sizes, at = _xiph(data, at, count)
    elif lacing == 3:
        sizes, at = _ebml(data, at, count)
    else:
        sizes = [(len(data) - at) // count] * (count - 1)
    last = len(data) - at - sum(sizes)
    if last < 0 or min(sizes, default=0) < 0 or (lacing == 2 and (len(data) - at) % count):
        raise NoClipProofs("The frames laced into a block do not fit into it.")
    frames = []
    for size in (*sizes, last):
        frames.append((at, size))
        at += size
    return frames


def _xiph(data: memoryview, at: int, count: int) -> tuple[list[int], int]:
    sizes = []
    for _ in range(count - 1):
        size = 0
        while at < len(data) and data[at] == 255:
            size, at = size + 255, at + 1
        if at >= len(data):
            raise NoClipProofs("A block of this Matroska file ends inside its lacing.")
        sizes.append(size + data[at])
        at += 1
    return sizes, at


def _ebml(data: memoryview, at: int, count: int) -> tuple[list[int], int]:
    sizes: list[int] = []
    for nth in range(count - 1):
        begun = at
        value, at = vint(data, at)
        # s10.3.3: the first size is plain, each further one a signed difference.
        full = (1 << 7 * (at - begun)) - 1
        value = full if value == UNKNOWN else value
        sizes.append(value if nth == 0 else sizes[-1] + value - (full >> 1))
    return sizes, at
