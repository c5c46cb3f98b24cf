"""Findings while they are only handles: 23 bytes each, however many there are."""

from __future__ import annotations

from collections.abc import Iterator

from custodes.retention.rules.inventory import Kind

_HANDLE = 22
_EACH = _HANDLE + 1
_BATCH = 500


class Pile:
    """Handles and what each is, in the order they were added."""

    def __init__(self) -> None:
        self._packed = bytearray()

    def add(self, handle: str, kind: Kind) -> None:
        """Put one on the pile."""
        self._packed += handle.encode()
        self._packed.append(kind)

    def __len__(self) -> int:
        return len(self._packed) // _EACH

    def batches(self) -> Iterator[list[tuple[str, Kind]]]:
        """Yield some at a time, as many as one question to the tables takes."""
        for start in range(0, len(self._packed), _BATCH * _EACH):
            some = bytes(self._packed[start : start + _BATCH * _EACH])
            yield [
                (some[at : at + _HANDLE].decode(), Kind(some[at + _HANDLE]))
                for at in range(0, len(some), _EACH)
            ]
