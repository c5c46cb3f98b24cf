"""The census: one tree over every subject of the log, in the order of their handles.

A chain of entries shows that none in the middle is missing; it cannot show that
the last ones are there. The census can: its root, in an entry of the log, fixes
for every subject how many entries it had and which was the last. A path then
shows that a subject was counted so, and two neighbours that one was not there.

docs/reference/formats/census.md describes the bytes. A proof from outside may
hold anything: the checks answer False, reading one raises CensusInvalid.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import IntEnum
from types import MappingProxyType
from typing import Any

from custodes.kernel.digest import b64u, unb64u
from custodes.kernel.ids import is_handle
from custodes.ledger.neighbours import stand_apart
from custodes.ledger.tree import (
    HASH_SIZE,
    RunningTree,
    inclusion_proof,
    leaf_hash,
    verify_inclusion,
)

_HANDLE_BYTES = 22
LEAF_BYTES = _HANDLE_BYTES + 8 + HASH_SIZE + 1
#: Leaves are kept in blocks of this many; a power of two, so that a block's root is a node.
BLOCK = 256


class CensusInvalid(ValueError):
    """The bytes or the value are not a census leaf or a path of one."""


class Standing(IntEnum):
    """What has become of a subject, as its own entries say. Other numbers are for later."""

    STANDS = 1
    DELETED = 2
    CLEARED = 3


#: The kinds of entry that change the standing of their subject, for good.
ENDINGS: Mapping[str, Standing] = MappingProxyType(
    {"recording.deleted": Standing.DELETED, "upload.discarded": Standing.CLEARED}
)


@dataclass(frozen=True, slots=True)
class CensusLeaf:
    """One subject as it was counted: the number and hash of its last entry, and its standing."""

    subject: str
    number: int
    last: bytes
    standing: Standing

    def to_bytes(self) -> bytes:
        """Write the leaf: handle, number, last leaf hash, standing; 63 bytes."""
        number = self.number.to_bytes(8, "big")
        return self.subject.encode("ascii") + number + self.last + bytes([self.standing])

    @classmethod
    def parse(cls, data: bytes) -> CensusLeaf:
        """Read a leaf; raises CensusInvalid for bytes that are none."""
        try:
            subject = data[:_HANDLE_BYTES].decode("ascii")
            standing = Standing(data[-1]) if len(data) == LEAF_BYTES else None
        except ValueError as error:
            raise CensusInvalid(str(error)) from None
        if standing is None or not is_handle(subject):
            raise CensusInvalid("not a census leaf")
        number = int.from_bytes(data[_HANDLE_BYTES : _HANDLE_BYTES + 8], "big")
        return cls(subject, number, data[_HANDLE_BYTES + 8 : -1], standing)


@dataclass(frozen=True, slots=True)
class Counted:
    """A subject's leaf, its place in the order, and the path to the root of the census."""

    leaf: CensusLeaf
    index: int
    path: tuple[bytes, ...]

    @property
    def name(self) -> str:
        """Return the subject, in whose order the leaves stand."""
        return self.leaf.subject

    def is_under(self, root: bytes, count: int) -> bool:
        """Say whether a census of this root over so many subjects holds this leaf here."""
        leaf = leaf_hash(self.leaf.to_bytes())
        return verify_inclusion(leaf, self.index, count, self.path, root)

    def to_value(self) -> dict[str, Any]:
        """Return the path as a value CJ1 can write."""
        leaf = b64u(self.leaf.to_bytes())
        return {"i": self.index, "l": leaf, "p": [b64u(node) for node in self.path]}

    @classmethod
    def from_value(cls, value: object) -> Counted:
        """Read a path; raises CensusInvalid for anything else."""
        if not isinstance(value, dict) or set(value) != {"i", "l", "p"}:
            raise CensusInvalid("not a path of a census")
        index, path = value["i"], value["p"]
        if not isinstance(index, int) or isinstance(index, bool) or not isinstance(path, list):
            raise CensusInvalid("not a path of a census")
        try:
            leaf = CensusLeaf.parse(unb64u(value["l"]))
            return cls(leaf, index, tuple(unb64u(node) for node in path))
        except (TypeError, AttributeError, ValueError) as error:
            raise CensusInvalid(f"not a path of a census: {error}") from None


@dataclass(frozen=True, slots=True)
class NotCounted:
    """The two neighbours between which a subject would stand; None at either end of the order."""

    before: Counted | None
    after: Counted | None

    def shows_absence_of(self, subject: str, root: bytes, count: int) -> bool:
        """Say whether a census of this root over so many subjects leaves this one out."""
        return stand_apart(self.before, self.after, subject, root, count)


def census_root(leaves: Iterable[bytes]) -> tuple[int, bytes]:
    """Return how many leaves there are and their root; they come in the order of handles.

    Raises CensusInvalid when they do not: a census out of order proves no absence.
    """
    tree, previous = RunningTree(), b""
    for leaf in leaves:
        handle = leaf[:_HANDLE_BYTES]
        if handle <= previous:
            raise CensusInvalid("the subjects are not in the order of their handles")
        tree.add_leaf(leaf)
        previous = handle
    return tree.size, tree.root()


def block_root(block: bytes) -> bytes:
    """Return the root over one block of leaves, which lie in it without anything between."""
    tree = RunningTree()
    for at in range(0, len(block), LEAF_BYTES):
        tree.add_leaf(block[at : at + LEAF_BYTES])
    return tree.root()


def path_in(block: bytes, within: int, number: int, roots: Sequence[bytes]) -> Counted:
    """Return the path of one leaf, from its block and the roots of all blocks.

    ``within`` is its place in the block and ``number`` the block's place among the
    others. All blocks but the last hold BLOCK leaves, so that each root is a node
    of the whole tree (RFC 6962 section 2.1).
    """
    leaves = [block[at : at + LEAF_BYTES] for at in range(0, len(block), LEAF_BYTES)]
    inside = inclusion_proof([leaf_hash(leaf) for leaf in leaves], within)
    above = inclusion_proof(roots, number)
    leaf = CensusLeaf.parse(leaves[within])
    return Counted(leaf, number * BLOCK + within, (*inside, *above))
