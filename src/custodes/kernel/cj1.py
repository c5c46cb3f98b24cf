"""CJ1: the one way a custody fact is written as bytes.

RFC 8785 (JCS) restricted so that every reader sees the same thing: members
sorted, no whitespace; values are strings, whole numbers from 0 to 2^53-1, true,
false, arrays and objects; no null, no fractions; at most four levels deep and
4,096 bytes long. The same value always gives the same bytes, and bytes that are
not exactly those are refused.
"""

from __future__ import annotations

import json
from json.encoder import encode_basestring as _quoted

MAX_BYTES = 4096
MAX_DEPTH = 4
MAX_INTEGER = 2**53 - 1


class NotCanonical(ValueError):
    """The value or the bytes are outside CJ1."""


def dumps(value: object, *, max_bytes: int = MAX_BYTES, max_depth: int = MAX_DEPTH) -> bytes:
    """Write a value as CJ1; raises NotCanonical when CJ1 has no way to write it."""
    try:
        data = _written(value, max_depth).encode("utf-8")
    except UnicodeEncodeError:
        raise NotCanonical("text holds half a surrogate pair") from None
    if len(data) > max_bytes:
        raise NotCanonical(f"{len(data)} bytes is over the limit of {max_bytes}")
    return data


def loads(data: bytes, *, max_bytes: int = MAX_BYTES, max_depth: int = MAX_DEPTH) -> object:
    """Read CJ1, refusing bytes that :func:`dumps` would not have written.

    Writing the parsed value again and comparing kills duplicate members, other
    orders and other spellings of one number (custody format, section 2.1).
    """
    if len(data) > max_bytes:
        raise NotCanonical(f"{len(data)} bytes is over the limit of {max_bytes}")
    try:
        value: object = json.loads(data.decode("utf-8"))
    except (UnicodeDecodeError, ValueError, RecursionError) as error:
        raise NotCanonical(f"not JSON: {error}") from None
    if dumps(value, max_bytes=max_bytes, max_depth=max_depth) != data:
        raise NotCanonical("not in canonical form")
    return value


def _written(value: object, levels: int) -> str:
    if levels < 0:
        raise NotCanonical("deeper than CJ1 goes here")
    # Nearly everything is; what is a text and more, an Enum's say, comes to its case below.
    if type(value) is str:
        return _quoted(value)
    match value:
        case str():
            return _quoted(value)
        case bool():
            return "true" if value else "false"
        case int():
            if not 0 <= value <= MAX_INTEGER:
                raise NotCanonical(f"{value} is not between 0 and 2^53-1")
            return int.__repr__(value)
        case list() | tuple():
            return f"[{','.join([_written(item, levels - 1) for item in value])}]"
        case dict():
            for key in value:
                if type(key) is not str or not key.isascii():
                    _demand_name(key)
            # RFC 8785 s3.2.3 sorts by UTF-16 code units; for keys inside the Basic
            # Multilingual Plane, which are demanded, Python's order is the same.
            members = [
                f"{_quoted(key)}:{_written(value[key], levels - 1)}" for key in sorted(value)
            ]
            return f"{{{','.join(members)}}}"
        case _:
            raise NotCanonical(f"{type(value).__name__} has no place in CJ1")


def _demand_name(key: object) -> None:
    if not isinstance(key, str):
        raise NotCanonical("a member name must be text")
    if not key.isascii() and any(ord(char) > 0xFFFF for char in key):
        raise NotCanonical("a member name is outside the Basic Multilingual Plane")
