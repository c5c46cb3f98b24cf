"""The chunk commitment: a tree over a file's bytes, one leaf per mebibyte.

A browser can check it piece by piece in parallel, go on after a break, and say
where damage is. The last chunk may be shorter; an empty file has no leaves.
"""

from __future__ import annotations

import hashlib

from custodes.ledger.tree import RunningTree

CHUNK_SIZE = 1 << 20
_new_leaf = hashlib.sha256(b"\x00").copy


class ChunkTree:
    """The chunk tree of bytes that come once, in order, in pieces of any size."""

    def __init__(self) -> None:
        self.size = 0
        self._tree = RunningTree()
        self._leaf = _new_leaf()
        self._room = CHUNK_SIZE

    def update(self, buffer: bytes | bytearray | memoryview) -> None:
        """Take in the next bytes. Nothing is copied; large pieces run without the GIL."""
        with memoryview(buffer) as whole, whole.cast("B") as view:
            self.size += len(view)
            at = 0
            while len(view) - at >= self._room:
                end = at + self._room
                self._leaf.update(view[at:end])
                self._close_leaf()
                at = end
            self._leaf.update(view[at:])
            self._room -= len(view) - at

    def root(self) -> bytes:
        """Return the root over everything so far; more may follow."""
        if self._room == CHUNK_SIZE:
            return self._tree.root()
        with_the_last = self._tree.copy()
        with_the_last.add_leaf_hash(self._leaf.digest())
        return with_the_last.root()

    def _close_leaf(self) -> None:
        self._tree.add_leaf_hash(self._leaf.digest())
        self._leaf = _new_leaf()
        self._room = CHUNK_SIZE
