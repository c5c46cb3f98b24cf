"""Boxes of MP4 and atoms of QuickTime: the same thing under two names.

ISO/IEC 14496-12 section 4.2: size (4 bytes), type (4 bytes); size 1 means that a
64-bit size follows, size 0 that the box goes on to the end of what holds it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from custodes.media.packets.refusal import NoClipProofs

Numbers = npt.NDArray[np.int64]
MAX_CHILDREN = 10_000


def head_of(head: bytes | memoryview, room: int) -> tuple[bytes, int, int] | None:
    """Return (type, size of the head, size of the box); None when this is no box.

    ``head`` is up to 16 bytes, ``room`` what is left of the container. The size
    may be larger than the room: the caller decides what that means.
    """
    if len(head) < 8:
        return None
    size, kind, length = int.from_bytes(head[:4], "big"), bytes(head[4:8]), 8
    if size == 1 and len(head) >= 16:
        size, length = int.from_bytes(head[8:16], "big"), 16
    elif size == 0:
        size = room
    return (kind, length, size) if size >= length else None


def children(data: memoryview) -> Iterator[tuple[bytes, memoryview]]:
    """Give type and payload of each box inside; ends at the first that does not fit."""
    at = 0
    for _ in range(MAX_CHILDREN):
        found = head_of(data[at : at + 16], len(data) - at)
        if found is None or at + found[2] > len(data):
            return
        kind, head, size = found
        yield kind, data[at + head : at + size]
        at += size


class Box:
    """What one container holds, by type; two of a type that should be one are refused."""

    def __init__(self, data: memoryview) -> None:
        self._inside: dict[bytes, list[memoryview]] = {}
        for kind, payload in children(data):
            self._inside.setdefault(kind, []).append(payload)

    def all(self, kind: bytes) -> list[memoryview]:
        """Return every box of the type."""
        return self._inside.get(kind, [])

    def get(self, kind: bytes) -> memoryview | None:
        """Return the one box of the type, or None."""
        found = self.all(kind)
        if len(found) > 1:
            raise NoClipProofs(f"The file holds two {_name(kind)} boxes where there must be one.")
        return found[0] if found else None

    def need(self, kind: bytes, at_least: int = 0) -> memoryview:
        """Return the one box of the type; raises NoClipProofs when missing or too short."""
        found = self.get(kind)
        if found is None:
            raise NoClipProofs(f"The file has no {_name(kind)} box where there must be one.")
        if len(found) < at_least:
            raise NoClipProofs(f"The file's {_name(kind)} box is too short.")
        return found

    def within(self, kind: bytes) -> Box:
        """Return what the one box of the type holds."""
        return Box(self.need(kind))


def number(data: memoryview, at: int, size: int = 4) -> int:
    """Read an unsigned number; raises NoClipProofs when the box ends before it does."""
    if at + size > len(data):
        raise NoClipProofs("A box of this file ends before its own fields do.")
    return int.from_bytes(data[at : at + size], "big")


def table(data: memoryview, at: int, rows: int, dtype: str, what: str) -> npt.NDArray[Any]:
    """Return ``rows`` rows of a table, checked against the room before it is touched."""
    room = max(0, len(data) - at) // np.dtype(dtype).itemsize
    if rows > room:
        raise NoClipProofs(
            f"The file's {what} table claims {rows:,} entries but has room for {room:,}."
        )
    return np.frombuffer(data, dtype, rows, at)


def columns(data: memoryview, at: int, rows: int, width: int, what: str) -> list[Numbers]:
    """Return the columns of a table of 32-bit numbers, ``width`` a row, as whole numbers."""
    flat = table(data, at, rows * width, ">u4", what).reshape(rows, width)
    return [flat[:, column].astype(np.int64) for column in range(width)]


def _name(kind: bytes) -> str:
    return kind.decode("latin-1") if kind.isalnum() else kind.hex()
