"""The words parent and child exchange over their socket, each bounded.

A frame is a head (kind, one byte; length of the body, four bytes, little endian)
and a body. Both sides refuse a body over the limit of its kind before reading
it, so neither can make the other swell.
"""

from __future__ import annotations

import re
import struct
from enum import IntEnum

HEAD = struct.Struct("<BI")
SPAN = struct.Struct("<QI")
PATCH = struct.Struct("<BQ")
FRACTION = struct.Struct("<d")

MAX_READ = 1 << 20
MAX_TEXT = 4096
MAX_START = 1 << 20
NAME = re.compile(r"[a-z0-9][a-z0-9_.-]{0,63}\Z")


class Kind(IntEnum):
    """What a frame says; READY to FAILED go up, START and BYTES go down."""

    START = 1  #: JSON: task, params, size, limits
    BYTES = 2  #: what a READ asked for; empty at the end
    READY = 3  #: JSON: the layers in force; sent before any byte is asked for
    READ = 4  #: offset and length wanted
    PROGRESS = 5  #: a fraction from 0 to 1
    BLOB = 6  #: length of name (one byte), name, bytes
    PATCH = 7  #: length of name (one byte), offset, name, bytes
    RESULT = 8  #: JSON, and the end
    FAILED = 9  #: JSON: kind, sentence, and the end


#: The most a child may put in one frame; RESULT is bounded by the run's limits.
UPWARD = {
    Kind.READY: MAX_TEXT,
    Kind.READ: SPAN.size,
    Kind.PROGRESS: FRACTION.size,
    Kind.BLOB: MAX_READ + 65,
    Kind.PATCH: PATCH.size + 64 + 65536,
    Kind.FAILED: MAX_TEXT,
}


class BadFrame(Exception):
    """The other side broke the rules of this module."""


def blob(name: str, data: bytes) -> bytes:
    """Return the body of a BLOB frame."""
    return bytes([len(name)]) + name.encode() + data


def read_blob(body: memoryview) -> tuple[str, bytes]:
    """Return name and bytes of a BLOB body; raises BadFrame."""
    if not body:
        raise BadFrame("a blob without a name")
    end = 1 + body[0]
    return _name(body[1:end]), bytes(body[end:])


def patch(name: str, offset: int, data: bytes) -> bytes:
    """Return the body of a PATCH frame."""
    return PATCH.pack(len(name), offset) + name.encode() + data


def read_patch(body: memoryview) -> tuple[str, int, bytes]:
    """Return name, offset and bytes of a PATCH body; raises BadFrame."""
    if len(body) < PATCH.size:
        raise BadFrame("a patch without an offset")
    length, offset = PATCH.unpack(body[: PATCH.size])
    end = PATCH.size + length
    return _name(body[PATCH.size : end]), offset, bytes(body[end:])


def _name(raw: memoryview) -> str:
    name = bytes(raw).decode("ascii", "replace")
    if not NAME.match(name):
        raise BadFrame("a blob whose name is not a plain file name")
    return name
