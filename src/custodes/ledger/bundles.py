"""Entry bundles: up to 256 entries of a log in one file (C2SP tlog-tiles, "Log entries").

Each entry stands after its length, two bytes, big-endian. The bundle with a tile's
number has the entries whose leaf hashes that tile of level 0 has.
"""

from __future__ import annotations

from collections.abc import Iterable

MAX_ENTRY = 0xFFFF


class BundleInvalid(ValueError):
    """The bytes are not a sequence of entries, or an entry is too long for one."""


def bundle(entries: Iterable[bytes]) -> bytes:
    """Write entries as a bundle."""
    written = bytearray()
    for entry in entries:
        if len(entry) > MAX_ENTRY:
            raise BundleInvalid(f"an entry has {len(entry)} bytes; {MAX_ENTRY} are the most")
        written += len(entry).to_bytes(2, "big") + entry
    return bytes(written)


def entries_in(packed: bytes) -> list[bytes]:
    """Read a bundle; raises BundleInvalid when its last entry is cut short."""
    entries: list[bytes] = []
    at = 0
    while at < len(packed):
        length = int.from_bytes(packed[at : at + 2], "big")
        entry = packed[at + 2 : at + 2 + length]
        # A lone byte at the end reads as a length that nothing follows.
        if at + 2 > len(packed) or len(entry) != length:
            raise BundleInvalid("the last entry is cut short")
        entries.append(entry)
        at += 2 + length
    return entries
