"""The key inventory: one tree over the names of all keys that are alive, in their order.

Each roll of the keys puts its root into the log (``key.epoch``). That a key is not in
it is then shown by the two names between which it would stand; together with the end
of the epochs before, that is what shows a recording's key to be gone.

docs/reference/formats/deletion.md describes the bytes. A proof from outside may hold
anything: the checks answer False, reading one raises InventoryInvalid.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from custodes.kernel.digest import b64u, unb64u
from custodes.kernel.ids import is_handle
from custodes.ledger.neighbours import stand_apart
from custodes.ledger.tree import (
    LeafHashes,
    inclusion_proof,
    leaf_hash,
    root_of,
    verify_inclusion,
)

#: Names are kept in blocks of this many; a power of two, so that a block's root is a node.
BLOCK = 4096


class InventoryInvalid(ValueError):
    """The value is not a path of a key inventory."""


@dataclass(frozen=True, slots=True)
class ListedKey:
    """A key's name, its place in the order, and the path to the root of the inventory."""

    name: str
    index: int
    path: tuple[bytes, ...]

    def is_under(self, root: bytes, count: int) -> bool:
        """Say whether an inventory of this root over so many keys holds this one here."""
        leaf = leaf_hash(self.name.encode())
        return verify_inclusion(leaf, self.index, count, self.path, root)

    def to_value(self) -> dict[str, Any]:
        """Return the path as a value CJ1 can write."""
        return {"i": self.index, "k": self.name, "p": [b64u(node) for node in self.path]}

    @classmethod
    def from_value(cls, value: object) -> ListedKey:
        """Read a path; raises InventoryInvalid for anything else."""
        if not isinstance(value, dict) or set(value) != {"i", "k", "p"}:
            raise InventoryInvalid("not a path of a key inventory")
        index, name, path = value["i"], value["k"], value["p"]
        if type(index) is not int or not isinstance(path, list) or not isinstance(name, str):
            raise InventoryInvalid("not a path of a key inventory")
        try:
            nodes = tuple(unb64u(node) for node in path)
        except (TypeError, AttributeError, ValueError) as error:
            raise InventoryInvalid(f"not a path of a key inventory: {error}") from None
        if not is_handle(name) or len(nodes) > 64 or any(len(node) != 32 for node in nodes):
            raise InventoryInvalid("not a path of a key inventory")
        return cls(name, index, nodes)


@dataclass(frozen=True, slots=True)
class NotListed:
    """The two neighbours between which a key would stand; None at either end of the order."""

    before: ListedKey | None
    after: ListedKey | None

    def shows_absence_of(self, name: str, root: bytes, count: int) -> bool:
        """Say whether an inventory of this root over so many keys has not this one."""
        return stand_apart(self.before, self.after, name, root, count)


@dataclass(frozen=True, slots=True)
class Block:
    """Some names that stand one after the other, and the root over them."""

    names: tuple[str, ...]
    root: bytes


def blocks_of(names: Sequence[str]) -> tuple[bytes, list[Block]]:
    """Return the root of an inventory of these names, which are in their order, and its blocks."""
    cut = [tuple(names[at : at + BLOCK]) for at in range(0, len(names), BLOCK)]
    blocks = [Block(each, _root_of(each)) for each in cut]
    return root_of(block.root for block in blocks), blocks


def _root_of(names: Sequence[str]) -> bytes:
    return LeafHashes(bytearray().join(leaf_hash(name.encode()) for name in names)).root()


def path_in(names: Sequence[str], within: int, number: int, roots: Sequence[bytes]) -> ListedKey:
    """Return the path of one name, from its block and the roots of all blocks.

    ``within`` is its place in the block and ``number`` the block's place among the
    others. All blocks but the last hold BLOCK names (RFC 6962 section 2.1).
    """
    inside = inclusion_proof([leaf_hash(name.encode()) for name in names], within)
    above = inclusion_proof(roots, number)
    return ListedKey(names[within], number * BLOCK + within, (*inside, *above))
