"""Units: what of a packet is content and what is only wrapping.

A packet of H.264 or HEVC is a list of NAL units. How their lengths are written
is framing and differs between containers; the units themselves do not. For every
other codec the whole packet is one unit. Start codes (Annex B) are never
searched for: a packet stored that way counts as one unit.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Collection, Iterator
from functools import lru_cache
from typing import Final

UNITS_TAG: Final = b"unit/v1\n"
#: A NAL codec's packet that is no list of NAL units, under a tag of its own so that
#: it can never pass for a packet holding one unit with the same bytes.
BROKEN_TAG: Final = b"broken/v1\n"
#: ITU-T H.264 and H.265 allow at most 600 slices a picture; this is beyond any.
MAX_UNITS: Final = 1024

UnitRule = Callable[[memoryview], bytes]

_empty = hashlib.sha256().copy
_tagged = hashlib.sha256(UNITS_TAG).copy


def whole_digest(packet: memoryview) -> bytes:
    """Return the unit digest of a packet that is one unit."""
    content, message = _empty(), _tagged()
    content.update(packet)
    message.update(len(packet).to_bytes(4, "big") + content.digest())
    return message.digest()


def broken_digest(packet: memoryview) -> bytes:
    """Return the digest of a packet that should be NAL units and is not."""
    unit = len(packet).to_bytes(4, "big") + hashlib.sha256(packet).digest()
    return hashlib.sha256(BROKEN_TAG + unit).digest()


def av1_digest(packet: memoryview) -> bytes:
    """Return the unit digest of an AV1 sample, without a leading temporal delimiter."""
    # AV1 in ISOBMFF s2.4: the delimiter (OBU type 2, size 0) should not be stored.
    return whole_digest(packet[2:] if bytes(packet[:2]) == b"\x12\x00" else packet)


@lru_cache(maxsize=8)
def nal_digest_of(length_size: int) -> UnitRule:
    """Return the rule for packets whose NAL lengths are written in so many bytes (1 to 4)."""

    def digest(packet: memoryview) -> bytes:
        end = len(packet)
        message = _tagged()
        at = units = 0
        while at + length_size <= end:
            start = at + length_size
            at = start + int.from_bytes(packet[at:start], "big")
            units += 1
            if at > end or units > MAX_UNITS:
                return broken_digest(packet)
            if at == start:
                continue
            # H.264 and H.265 s7.4.1.1: a NAL unit does not end in 0x00; some
            # writers leave padding there.
            unit = packet[start:at] if packet[at - 1] else _without_zeros(packet[start:at])
            if length := len(unit):
                content = _empty()
                content.update(unit)
                message.update(length.to_bytes(4, "big") + content.digest())
        return message.digest() if at == end else broken_digest(packet)

    return digest


def units_under(rule: UnitRule, packet: memoryview) -> list[bytes] | None:
    """Return the NAL units of a packet under a rule, without trailing zeros.

    None where the packet should be NAL units and is not: a player may find in it what
    is not found here. Empty where the rule is not one of :func:`nal_digest_of`.
    """
    size = _length_size(rule)
    at = count = 0
    units: list[bytes] = []
    while size and at + size <= len(packet):
        start = at + size
        at = start + int.from_bytes(packet[at:start], "big")
        count += 1
        if at > len(packet) or count > MAX_UNITS:
            return None
        units.append(bytes(packet[start:at]).rstrip(b"\0"))
    if size and at != len(packet):
        return None
    return [unit for unit in units if unit]


def without(rule: UnitRule, unwanted: Callable[[bytes], bool]) -> UnitRule:
    """Return a rule that passes over the NAL units that are unwanted.

    A packet that is no list of NAL units, or whose rule is another, is taken as it is.
    """

    def digest(packet: memoryview) -> bytes:
        found = units_under(rule, packet)
        if not found:
            return rule(packet)
        return units_digest(unit for unit in found if not unwanted(unit))

    return digest


def units_digest(units: Collection[bytes] | Iterator[bytes]) -> bytes:
    """Return the unit digest over these units."""
    message = _tagged()
    for unit in units:
        message.update(len(unit).to_bytes(4, "big") + hashlib.sha256(unit).digest())
    return message.digest()


def _length_size(rule: UnitRule) -> int:
    return next((size for size in (4, 3, 2, 1) if rule is nal_digest_of(size)), 0)


def _without_zeros(unit: memoryview) -> memoryview:
    return unit[: len(bytes(unit).rstrip(b"\0"))]
