"""That something is not in a tree whose leaves stand in the order of their names."""

from __future__ import annotations

from typing import Protocol

from custodes.ledger.tree import EMPTY_ROOT


class Placed(Protocol):
    """A leaf with its name, its place in the order, and its path."""

    @property
    def name(self) -> str:
        """What the leaves are in the order of."""

    @property
    def index(self) -> int:
        """Its place, from 0."""

    def is_under(self, root: bytes, count: int) -> bool:
        """Say whether a tree of this root over so many leaves holds it here."""


def stand_apart(
    before: Placed | None, after: Placed | None, name: str, root: bytes, count: int
) -> bool:
    """Say whether two neighbours show that a tree of so many leaves has none of this name.

    1. Both neighbours are in the tree.
    2. They stand side by side; a missing one means an end of the order.
    3. The name would stand between them.
    """
    if before is None and after is None:
        return count == 0 and root == EMPTY_ROOT
    if any(each and not each.is_under(root, count) for each in (before, after)):
        return False
    first, second = before.index if before else -1, after.index if after else count
    if second != first + 1:
        return False
    return (before is None or before.name < name) and (after is None or name < after.name)
