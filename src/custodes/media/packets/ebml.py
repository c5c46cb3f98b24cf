"""EBML, the notation of Matroska: elements of an id, a size and a payload (RFC 8794)."""

from __future__ import annotations

import struct
from collections.abc import Iterator

from custodes.media.packets.refusal import NoClipProofs

#: RFC 8794 s6.2: a size of all ones means "not known yet".
UNKNOWN = -1
#: The longest head: an id of four bytes and a size of eight.
MAX_HEAD = 12
MAX_CHILDREN = 10_000


def vint(data: bytes | memoryview, at: int, longest: int = 8) -> tuple[int, int]:
    """Return a variable-length number and where it ends; all ones is UNKNOWN.

    Raises NoClipProofs when the bytes hold none.
    """
    if at >= len(data) or data[at] == 0:
        raise NoClipProofs("A number in this Matroska file is longer than Matroska allows.")
    length = 9 - data[at].bit_length()
    end = at + length
    if length > longest or end > len(data):
        raise NoClipProofs("A number in this Matroska file does not fit where it stands.")
    marked = int.from_bytes(data[at:end], "big")
    mask = (1 << 7 * length) - 1
    value = marked & mask
    return (UNKNOWN if value == mask else value), end


def head_of(data: bytes | memoryview, at: int = 0) -> tuple[int, int, int]:
    """Return id (with its marker bits), size of the payload, and where the payload starts."""
    if at >= len(data) or data[at] < 0x10:
        raise NoClipProofs("An element of this Matroska file has no valid id.")
    end = at + 9 - data[at].bit_length()
    size, start = vint(data, end)
    return int.from_bytes(data[at:end], "big"), size, start


def spans(data: memoryview) -> Iterator[tuple[int, int, int]]:
    """Give id, start and end of the payload of each element inside one of known size."""
    at = 0
    for _ in range(MAX_CHILDREN):
        if at >= len(data):
            return
        kind, size, start = head_of(data, at)
        at = start + size
        if size == UNKNOWN or at > len(data):
            raise NoClipProofs("An element of this Matroska file is larger than what holds it.")
        yield kind, start, at
    raise NoClipProofs("An element of this Matroska file holds far too many others.")


def children(data: memoryview) -> Iterator[tuple[int, memoryview]]:
    """Give id and payload of each element inside one of known size."""
    return ((kind, data[start:end]) for kind, start, end in spans(data))


def number(payload: memoryview) -> int:
    """Read an unsigned integer element (at most eight bytes; none means 0)."""
    return int.from_bytes(_short(payload), "big")


def signed(payload: memoryview) -> int:
    """Read a signed integer element."""
    return int.from_bytes(_short(payload), "big", signed=True)


def real(payload: memoryview) -> float:
    """Read a float element of four or eight bytes; none means 0."""
    if len(payload) not in (0, 4, 8):
        raise NoClipProofs("A number in this Matroska file has an impossible length.")
    value: float = struct.unpack(f">{'d' if len(payload) == 8 else 'f'}", payload or bytes(4))[0]
    return value


def _short(payload: memoryview) -> memoryview:
    if len(payload) > 8:
        raise NoClipProofs("A number in this Matroska file has an impossible length.")
    return payload
