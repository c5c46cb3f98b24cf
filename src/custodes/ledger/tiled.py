"""Roots and proofs of a log of any size from a few of its tiles.

The same roots and proofs as :mod:`custodes.ledger.tree` makes from all leaves
(RFC 6962 section 2.1), for one or two tiles a level: eight reads at ten million
entries, however old the tree asked about. The reader is believed; whoever gets a
root or a proof from here compares it with a checkpoint they trust.
"""

from __future__ import annotations

from custodes.ledger.tiles import HEIGHT, Tile, TileReader, tile_root, width_in
from custodes.ledger.tree import EMPTY_ROOT, HASH_SIZE, node_hash


class TiledTree:
    """The tree of the first ``size`` leaves of a log; tiles that were read are kept."""

    def __init__(self, reader: TileReader, size: int) -> None:
        self.size = size
        self._reader = reader
        self._read: dict[tuple[int, int], bytes] = {}

    def root(self) -> bytes:
        """Return the root over all leaves."""
        return self._root_of(0, self.size) if self.size else EMPTY_ROOT

    def leaf(self, index: int) -> bytes:
        """Return one leaf hash; raises IndexError when there is no such leaf."""
        self._demand(index)
        return self._node(0, index)

    def inclusion_proof(self, index: int) -> list[bytes]:
        """Return the path from a leaf to the root, nearest sibling first."""
        self._demand(index)
        # RFC 6962 s2.1.1, PATH(m, D[n]), from the root down.
        path: list[bytes] = []
        start, end = 0, self.size
        while end - start > 1:
            split = start + _largest_power_below(end - start)
            if index < split:
                path.append(self._root_of(split, end))
                end = split
            else:
                path.append(self._root_of(start, split))
                start = split
        return path[::-1]

    def consistency_proof(self, first: int) -> list[bytes]:
        """Return the proof that this tree begins with that of ``first`` leaves.

        Empty when first is 0 or the whole; raises IndexError when it is larger.
        """
        if not 0 <= first <= self.size:
            raise IndexError(f"no tree of {first} leaves at the start of {self.size}")
        if first in (0, self.size):
            return []
        # RFC 6962 s2.1.2, SUBPROOF(m, D[n], b), from the root down.
        proof: list[bytes] = []
        start, end, whole = 0, self.size, True
        while first != end:
            split = start + _largest_power_below(end - start)
            if first <= split:
                proof.append(self._root_of(split, end))
                end = split
            else:
                proof.append(self._root_of(start, split))
                start, whole = split, False
        if not whole:
            proof.append(self._root_of(start, end))
        return proof[::-1]

    def _demand(self, index: int) -> None:
        if not 0 <= index < self.size:
            raise IndexError(f"no leaf {index} among {self.size}")

    def _root_of(self, start: int, end: int) -> bytes:
        """Return the root over leaves that are one subtree of the tree, perfect or at its edge."""
        peaks: list[bytes] = []
        while start < end:
            height = (end - start).bit_length() - 1
            peaks.append(self._node(height, start >> height))
            start += 1 << height
        root = peaks.pop()
        while peaks:
            root = node_hash(peaks.pop(), root)
        return root

    def _node(self, height: int, number: int) -> bytes:
        """Return the root of the perfect subtree of this height, from the tile it lies in."""
        level, above = divmod(height, HEIGHT)
        first = number << above
        packed = self._tile(level, first >> HEIGHT)
        at = (first % (1 << HEIGHT)) * HASH_SIZE
        return tile_root(packed[at : at + (HASH_SIZE << above)])

    def _tile(self, level: int, number: int) -> bytes:
        packed = self._read.get((level, number))
        if packed is None:
            tile = Tile(level, number, width_in(level, number, self.size))
            packed = self._read[level, number] = self._reader.tile(tile)
            if len(packed) != tile.width * HASH_SIZE:
                raise ValueError(f"{tile.path} holds {len(packed)} bytes")
        return packed


def _largest_power_below(size: int) -> int:
    return 1 << (size - 1).bit_length() - 1
