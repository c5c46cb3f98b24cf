"""From some leaves of a tree and the hashes of the rest to its root, and back.

The shortest list of hashes for any number of ranges: a subtree without a known leaf
gives one hash, one that is known whole gives none. Order: from the left, depth first.
docs/reference/formats/clip-proof.md, section "Leaves and siblings".
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterator, Sequence

from custodes.ledger.tree import LeafHashes, node_hash

Span = tuple[int, int]


class DoesNotFold(ValueError):
    """There are more or fewer hashes than the tree has room for."""


def siblings_of(leaves: LeafHashes, spans: Sequence[Span]) -> list[bytes]:
    """Return the hashes of what lies outside the spans; these are in order and apart."""
    found: list[bytes] = []
    known = LeafHashes(b"".join(b"".join(leaves[start:end]) for start, end in spans))

    def missing(low: int, high: int) -> bytes:
        found.append(leaves[low:high].root())
        return found[-1]

    _Walk(spans, known, missing).fold(0, len(leaves))
    return found


def fold(size: int, spans: Sequence[Span], known: LeafHashes, siblings: Sequence[bytes]) -> bytes:
    """Return the root of a tree of ``size`` leaves of which those in the spans are known.

    Raises DoesNotFold when a hash is left over or lacking.
    """
    rest: Iterator[bytes] = iter(siblings)

    def missing(_low: int, _high: int) -> bytes:
        found = next(rest, None)
        if found is None:
            raise DoesNotFold("hashes are lacking")
        return found

    root = _Walk(spans, known, missing).fold(0, size)
    if next(rest, None) is not None:
        raise DoesNotFold("hashes are left over")
    return root


class _Walk:
    """One walk over a tree, in which a leaf is known when it lies in a span."""

    def __init__(
        self, spans: Sequence[Span], known: LeafHashes, missing: Callable[[int, int], bytes]
    ) -> None:
        self._spans, self._known, self._missing = spans, known, missing
        self._starts = [start for start, _ in spans]
        self._before = [0]
        for start, end in spans:
            self._before.append(self._before[-1] + end - start)

    def fold(self, low: int, high: int) -> bytes:
        first, last = self._rank(low), self._rank(high)
        if first == last:
            return self._missing(low, high)
        if last - first == high - low:
            return self._known[first:last].root()
        split = low + (1 << (high - low - 1).bit_length() - 1)
        left = self.fold(low, split)
        return node_hash(left, self.fold(split, high))

    def _rank(self, index: int) -> int:
        """Return how many known leaves stand before this one."""
        nth = bisect_right(self._starts, index) - 1
        if nth < 0:
            return 0
        start, end = self._spans[nth]
        return self._before[nth] + min(index, end) - start
