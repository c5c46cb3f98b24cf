"""The times of the original's packets that a clip holds, packed.

Four columns of differences, then zlib: a minute at a constant rate takes some eighty
bytes. docs/reference/formats/clip-proof.md, section "Times".
"""

from __future__ import annotations

import zlib
from array import array
from collections.abc import Iterable, Iterator
from itertools import accumulate, pairwise
from typing import Final

from custodes.media.packets.track import Times

MOST_BYTES_A_ROW: Final = 31
_LIMIT: Final = 1 << 62


class TimesInvalid(ValueError):
    """The bytes are not the times of so many packets."""


def pack_times(times: Times) -> bytes:
    """Return the rows as they stand in a proof; nothing for no rows."""
    if not len(times):
        return b""
    ends = [0, *map(sum, zip(times.dts, times.duration, strict=True))]
    later = [0, *(pts - dts for pts, dts in zip(times.pts, times.dts, strict=True))]
    lasts = [0, *times.duration]
    columns = (
        (dts - end for dts, end in zip(times.dts, ends, strict=False)),
        (after - before for before, after in pairwise(later)),
        (after - before for before, after in pairwise(lasts)),
    )
    packed = b"".join(_varints(column) for column in columns)
    return zlib.compress(packed + bytes(times.flags), 9)


def unpack_times(data: bytes, rows: int) -> Times:
    """Return the rows; raises TimesInvalid unless the bytes are exactly so many."""
    if rows == 0:
        if data:
            raise TimesInvalid("there are times of no packets")
        return Times()
    packed = memoryview(_inflated(data, rows * MOST_BYTES_A_ROW))
    numbers = _numbers(packed[: len(packed) - rows])
    found = list(numbers)
    if len(found) != 3 * rows:
        raise TimesInvalid(f"there are {len(found)} numbers for {rows} packets")
    duration = list(accumulate(found[2 * rows :]))
    later = list(accumulate(found[rows : 2 * rows]))
    dts, end = [], 0
    for step, lasts in zip(found[:rows], duration, strict=True):
        dts.append(end + step)
        end += step + lasts
    pts = [at + offset for at, offset in zip(dts, later, strict=True)]
    if min(duration) < 0 or max(map(abs, (*dts, *pts, *duration))) > _LIMIT:
        raise TimesInvalid("a time is out of all bounds")
    flags = bytearray(packed[len(packed) - rows :])
    return Times(array("q", dts), array("q", pts), array("Q", duration), flags)


def _inflated(data: bytes, most: int) -> bytes:
    unpacking = zlib.decompressobj()
    try:
        found = unpacking.decompress(data, most + 1)
    except zlib.error as error:
        raise TimesInvalid(f"the times cannot be unpacked: {error}") from None
    if not unpacking.eof or unpacking.unused_data or len(found) > most:
        raise TimesInvalid("the times are longer or shorter than they may be")
    return found


def _varints(values: Iterable[int]) -> bytes:
    out = bytearray()
    for value in values:
        left = value << 1 if value >= 0 else (-value << 1) - 1
        while left > 0x7F:
            out.append(left & 0x7F | 0x80)
            left >>= 7
        out.append(left)
    return bytes(out)


def _numbers(packed: memoryview) -> Iterator[int]:
    value = shift = 0
    for byte in packed:
        value |= (byte & 0x7F) << shift
        if byte & 0x80:
            shift += 7
            if shift > 63:
                raise TimesInvalid("a number has more than ten bytes")
            continue
        yield -(value + 1 >> 1) if value & 1 else value >> 1
        value = shift = 0
    if shift:
        raise TimesInvalid("the last number breaks off")
