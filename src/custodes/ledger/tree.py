"""The one Merkle tree of the house: custody log, packets, chunks and census.

RFC 6962 section 2.1, with the proof checks of RFC 9162 section 2.1. Inside:
hashing, a root of many leaves, a tree that grows in O(log n) memory, making
proofs and checking them. It promises the same roots and proofs as every other
Certificate Transparency implementation. Storing leaves is left to others;
:class:`LeafHashes` holds many of them compactly.

A proof from outside may be of any length and content: the checks answer False,
they do not raise.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from typing import Final, overload

HASH_SIZE: Final = 32
#: RFC 6962 s2.1: the hash of an empty list is the hash of an empty string.
EMPTY_ROOT: Final = hashlib.sha256(b"").digest()

# RFC 6962 s2.1: the 0x00 and 0x01 prefixes keep a leaf from posing as a node.
# Copying a context that has seen the prefix costs half of making a new one.
_leaf_context = hashlib.sha256(b"\x00").copy
_node_context = hashlib.sha256(b"\x01").copy

Buffer = bytes | bytearray | memoryview


def leaf_hash(data: Buffer) -> bytes:
    """Return the hash of a leaf's content."""
    context = _leaf_context()
    context.update(data)
    return context.digest()


def node_hash(left: bytes, right: bytes) -> bytes:
    """Return the hash of a node over its two children."""
    context = _node_context()
    context.update(left + right)
    return context.digest()


class LeafHashes(Sequence[bytes]):
    """Many leaf hashes in one piece of memory: 32 bytes each and nothing more.

    ``packed`` is taken over, not copied; its length must be a multiple of 32.
    """

    def __init__(self, packed: bytes | bytearray = b"") -> None:
        if len(packed) % HASH_SIZE:
            raise ValueError("leaf hashes are 32 bytes each")
        self._packed = packed if isinstance(packed, bytearray) else bytearray(packed)

    def append(self, leaf: bytes) -> None:
        """Add one leaf hash."""
        if len(leaf) != HASH_SIZE:
            raise ValueError("a leaf hash is 32 bytes")
        self._packed += leaf

    def __len__(self) -> int:
        return len(self._packed) // HASH_SIZE

    @overload
    def __getitem__(self, index: int) -> bytes: ...
    @overload
    def __getitem__(self, index: slice) -> LeafHashes: ...
    def __getitem__(self, index: int | slice) -> bytes | LeafHashes:
        if isinstance(index, slice):
            start, stop, step = index.indices(len(self))
            if step != 1:
                raise ValueError("leaf hashes are cut in one piece")
            return LeafHashes(self._packed[start * HASH_SIZE : max(start, stop) * HASH_SIZE])
        at = range(len(self))[index] * HASH_SIZE
        return bytes(self._packed[at : at + HASH_SIZE])

    def __iter__(self) -> Iterator[bytes]:
        packed = bytes(self._packed)
        return (packed[at : at + HASH_SIZE] for at in range(0, len(packed), HASH_SIZE))

    def root(self) -> bytes:
        """Return the root over all of them, level by level; faster than one by one."""
        return _root_of_packed(self._packed)


class RunningTree:
    """A tree that only ever grows, in memory for one hash per level.

    ``root()`` may be asked at any time and does not end anything.
    """

    def __init__(self) -> None:
        self.size = 0
        # Roots of the perfect subtrees of the binary digits of size, largest first.
        self._peaks: list[bytes] = []

    def add_leaf(self, data: Buffer) -> None:
        """Add a leaf by its content."""
        self.add_leaf_hash(leaf_hash(data))

    def add_leaf_hash(self, leaf: bytes) -> None:
        """Add a leaf by its hash."""
        digits = self.size
        while digits & 1:
            leaf = node_hash(self._peaks.pop(), leaf)
            digits >>= 1
        self._peaks.append(leaf)
        self.size += 1

    def root(self) -> bytes:
        """Return the root over the leaves so far."""
        if not self._peaks:
            return EMPTY_ROOT
        root = self._peaks[-1]
        for peak in self._peaks[-2::-1]:
            root = node_hash(peak, root)
        return root

    def copy(self) -> RunningTree:
        """Return a tree with the same leaves that grows on its own."""
        twin = RunningTree()
        twin.size, twin._peaks = self.size, list(self._peaks)
        return twin


def root_of(leaf_hashes: Iterable[bytes]) -> bytes:
    """Return the root over the leaf hashes, read once and in order."""
    if isinstance(leaf_hashes, LeafHashes):
        return leaf_hashes.root()
    tree = RunningTree()
    for leaf in leaf_hashes:
        tree.add_leaf_hash(leaf)
    return tree.root()


def inclusion_proof(leaf_hashes: Sequence[bytes], index: int) -> list[bytes]:
    """Return the path from a leaf to the root, nearest sibling first.

    Hashes the whole tree once; raises IndexError when there is no such leaf.
    """
    if not 0 <= index < len(leaf_hashes):
        raise IndexError(f"no leaf {index} among {len(leaf_hashes)}")
    # RFC 6962 s2.1.1, PATH(m, D[n]), from the root down.
    path: list[bytes] = []
    start, end = 0, len(leaf_hashes)
    while end - start > 1:
        split = start + _largest_power_below(end - start)
        if index < split:
            path.append(root_of(leaf_hashes[split:end]))
            end = split
        else:
            path.append(root_of(leaf_hashes[start:split]))
            start = split
    return path[::-1]


def consistency_proof(leaf_hashes: Sequence[bytes], first: int, second: int) -> list[bytes]:
    """Return the proof that the tree of ``second`` leaves begins with that of ``first``.

    Empty when first is 0 or equals second; raises IndexError for sizes out of order.
    """
    if not 0 <= first <= second <= len(leaf_hashes):
        raise IndexError(f"no trees of {first} and {second} among {len(leaf_hashes)} leaves")
    if first in (0, second):
        return []
    # RFC 6962 s2.1.2, SUBPROOF(m, D[n], b), from the root down.
    proof: list[bytes] = []
    start, end, whole = 0, second, True
    while first != end:
        split = start + _largest_power_below(end - start)
        if first <= split:
            proof.append(root_of(leaf_hashes[split:end]))
            end = split
        else:
            proof.append(root_of(leaf_hashes[start:split]))
            start, whole = split, False
    if not whole:
        proof.append(root_of(leaf_hashes[start:end]))
    return proof[::-1]


def verify_inclusion(
    leaf: bytes, index: int, size: int, proof: Sequence[bytes], root: bytes
) -> bool:
    """Say whether the proof puts this leaf hash at this index under this root."""
    # RFC 9162 s2.1.3.2, steps 1 to 5; a tree without leaves includes nothing.
    if not 0 <= index < size or not _hashes(proof, leaf, root):
        return False
    node, last, found = index, size - 1, leaf
    for sibling in proof:
        if last == 0:
            return False
        if node & 1 or node == last:
            found = node_hash(sibling, found)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            found = node_hash(found, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and found == root


def verify_consistency(
    first: int, second: int, proof: Sequence[bytes], first_root: bytes, second_root: bytes
) -> bool:
    """Say whether the proof shows the larger tree to begin with the smaller one."""
    if not 0 <= first <= second or not _hashes(proof, first_root, second_root):
        return False
    if first == 0:
        return not proof and first_root == EMPTY_ROOT
    if first == second:
        return not proof and first_root == second_root
    if not proof:
        return False
    # RFC 9162 s2.1.4.2 step 1: a whole subtree's own root is left out of the proof.
    path = [first_root, *proof] if first & (first - 1) == 0 else list(proof)
    node, last = first - 1, second - 1
    while node & 1:
        node, last = node >> 1, last >> 1
    before = after = path[0]
    for sibling in path[1:]:
        if last == 0:
            return False
        if node & 1 or node == last:
            before, after = node_hash(sibling, before), node_hash(sibling, after)
            while not node & 1 and node:
                node, last = node >> 1, last >> 1
        else:
            after = node_hash(after, sibling)
        node, last = node >> 1, last >> 1
    return last == 0 and before == first_root and after == second_root


def _hashes(proof: Sequence[bytes], *others: bytes) -> bool:
    # No tree has 2^64 leaves, so no honest proof is longer than this.
    return len(proof) <= 65 and all(len(item) == HASH_SIZE for item in (*proof, *others))


def _largest_power_below(size: int) -> int:
    return 1 << (size - 1).bit_length() - 1


def _root_of_packed(level: bytes | bytearray) -> bytes:
    if not level:
        return EMPTY_ROOT
    while len(level) > HASH_SIZE:
        level = _level_above(level)
    return bytes(level)


def _level_above(level: bytes | bytearray) -> bytearray:
    above = bytearray()
    pair = 2 * HASH_SIZE
    paired = len(level) - len(level) % pair
    with memoryview(level) as view:
        for at in range(0, paired, pair):
            context = _node_context()
            context.update(view[at : at + pair])
            above += context.digest()
        # RFC 6962 s2.1: the left subtree is the largest power of two, which level by
        # level means that a node without a partner moves up as it is.
        above += view[paired:]
    return above
