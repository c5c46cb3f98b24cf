"""Does each census count everybody, and nobody else, as the entries have them?

The census of an entry is made again from the entries before it and compared. A
root says that something differs and not what; the number of subjects says whether
somebody was left out or made up.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice
from typing import NamedTuple

from custodes.kernel.digest import b64u
from custodes.ledger.census import BLOCK
from custodes.ledger.monitor.findings import Findings
from custodes.ledger.monitor.seen import Seen, Wrong, number, text
from custodes.ledger.tree import EMPTY_ROOT, LeafHashes, leaf_hash

#: By subject: number, leaf hash and standing of its last entry, as a census leaf ends.
Ends = dict[bytes, bytes]


class Claim(NamedTuple):
    """What an entry says of a census: how far it counted, how many subjects, the root."""

    size: int
    subjects: int
    root: str


class Counts:
    """Compares each census with the ends of the chains at that size of the log."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._order: list[bytes] = []
        self.subjects = 0

    def claimed(self, seen: Seen) -> Claim | None:
        """Return what a census entry claims, or None when it cannot be."""
        size, subjects = number(seen.facts, "z"), number(seen.facts, "c")
        if size is None or subjects is None:
            raise Wrong("`z` or `c` is missing")
        if size > seen.index:
            self._findings.fault(
                "census-size", seen.index, f"it counts {size} entries, more than come before it."
            )
            return None
        return Claim(size, subjects, text(seen.facts, "r"))

    def compare(self, claim: Claim, seen: Seen, ends: Ends, before: Ends) -> None:
        """Compare a claim with the ends of all chains.

        ``before`` has the ends of those subjects that had entries between the size
        that was counted and this entry: empty bytes for one that was not there yet.
        """
        leaves = self._leaves(ends, before)
        count, root = _counted(leaves)
        self.subjects = count
        if (claim.subjects, claim.root) == (count, b64u(root)):
            return
        if claim.subjects < count:
            what = f"leaves out {count - claim.subjects} of {count} subjects"
        elif claim.subjects > count:
            what = f"counts {claim.subjects} subjects where the entries have {count}"
        else:
            what = (
                "has another root than the entries make: a subject was left out for another, "
                "or has another number, last entry or standing"
            )
        self._findings.fault("census", seen.index, f"the census of {claim.size} entries {what}.")

    def _leaves(self, ends: Ends, before: Ends) -> Iterator[bytes]:
        order = self._order
        if len(order) != len(ends):
            # Subjects are never removed, so those that are new come last in the mapping.
            order += islice(ends, len(order), None)
            order.sort()
        for subject in order:
            end = before[subject] if subject in before else ends[subject]
            if end:
                yield subject + end


def _counted(leaves: Iterator[bytes]) -> tuple[int, bytes]:
    """Return how many leaves there are and their root, block by block."""
    count, roots, block = 0, LeafHashes(), bytearray()
    full = BLOCK * len(EMPTY_ROOT)
    for leaf in leaves:
        block += leaf_hash(leaf)
        count += 1
        if len(block) == full:
            roots.append(LeafHashes(block).root())
            block = bytearray()
    if block:
        roots.append(LeafHashes(block).root())
    return count, roots.root() if count else EMPTY_ROOT
