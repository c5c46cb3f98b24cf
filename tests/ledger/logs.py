"""A log in memory that keeps its tiles as one in a database does."""

from __future__ import annotations

from collections.abc import Sequence

from custodes.ledger.growing import grown_by
from custodes.ledger.tiles import WIDTH, Tile
from custodes.ledger.tree import HASH_SIZE, leaf_hash


class Log:
    """Leaves, the tiles written for them, and how many were read."""

    def __init__(self, size: int = 0) -> None:
        self.leaves: list[bytes] = []
        self.stored: dict[tuple[int, int], bytes] = {}
        self.reads = 0
        self.add(leaves(size))

    def add(self, more: Sequence[bytes]) -> None:
        for tile, hashes in grown_by(self, len(self.leaves), more):
            before = self.stored.get((tile.level, tile.number), b"")
            assert len(hashes) == tile.width * HASH_SIZE
            assert hashes.startswith(before), "what was in a tile is never changed"
            assert len(before) < WIDTH * HASH_SIZE, "a full tile is never written again"
            self.stored[tile.level, tile.number] = hashes
        self.leaves += more

    def tile(self, tile: Tile) -> bytes:
        self.reads += 1
        packed = self.stored.get((tile.level, tile.number), b"")[: tile.width * HASH_SIZE]
        if not packed and tile.level == 0:
            first = tile.number * WIDTH
            packed = b"".join(self.leaves[first : first + tile.width])
        return packed


def leaves(count: int, start: int = 0) -> list[bytes]:
    """Return distinct leaf hashes."""
    return [leaf_hash(b"%d" % number) for number in range(start, start + count)]
