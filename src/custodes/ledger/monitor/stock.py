"""Does each inventory own up to everything that was taken in and not deleted?

A force may lose what it holds; it may not pass over the loss by asking for less. How
many files were taken in and let go is in the entries, so what a total says should be
held can be too much, where there are copies for viewing, and never too little.
docs/reference/formats/inventory.md has the members.
"""

from __future__ import annotations

from collections import deque

from custodes.ledger.monitor.findings import Findings
from custodes.ledger.monitor.seen import Seen, Wrong, number

# A deletion names at most so many keys; of one that names so many, nobody knows how many it had.
_MOST_KEYS = 64
# What arrived while a store was listed: further back than this nobody needs to count.
_RECENT = 1 << 17


class Stock:
    """Counts files in and out, and compares each total with them."""

    def __init__(self, findings: Findings) -> None:
        self._findings = findings
        self._taken_in = 0
        self._deleted = 0
        self._gone = 0
        self._is_exact = True
        self._recent: deque[int] = deque(maxlen=_RECENT)
        self._last: tuple[int, int, int] | None = None

    def taken_in(self, seen: Seen) -> None:
        """A file was taken in."""
        self._taken_in += 1
        self._recent.append(seen.index)

    def deleted(self, seen: Seen) -> None:
        """A recording was deleted, with the keys of its files."""
        keys = seen.facts.get("kids")
        self._deleted += 1
        self._gone += len(keys) if isinstance(keys, list) else 0
        self._is_exact &= isinstance(keys, list) and len(keys) < _MOST_KEYS

    def total(self, seen: Seen) -> None:
        """A total was entered.

        1. It counts as many files taken in and recordings deleted as stand before it.
        2. What should be held is what is held and what is missing.
        3. It should hold every file that had been taken in when it was begun and is not deleted.
        """
        size, wanted = _number(seen, "z"), _number(seen, "want")
        counted = (_number(seen, "in"), _number(seen, "del"))
        missing = _number(seen, "miss")
        self._last = seen.index, missing, _number(seen, "lost")
        if counted != (self._taken_in, self._deleted):
            self._findings.fault(
                "inventory-count",
                seen.index,
                f"it counts {counted[0]} files taken in and {counted[1]} recordings deleted; "
                f"the entries before it have {self._taken_in} and {self._deleted}.",
            )
        if size > seen.index:
            raise Wrong("`z` is more than the entries before it")
        if _number(seen, "held") + missing != wanted:
            self._findings.fault(
                "inventory-sum", seen.index, "what it holds and misses is not what it should hold."
            )
        self._compare(seen, size, wanted)

    def ended(self) -> None:
        """Say what the last total says is lost."""
        if self._last is None:
            return
        index, missing, lost = self._last
        if missing or lost:
            self._findings.notice(
                "inventory-loss",
                index,
                f"the force itself says that {missing} sealed objects are missing, and that its "
                f"database has lost {lost} files.",
            )

    def _compare(self, seen: Seen, size: int, wanted: int) -> None:
        if not self._is_exact or (len(self._recent) == _RECENT and self._recent[0] >= size):
            return
        since = 0
        for index in reversed(self._recent):
            if index < size:
                break
            since += 1
        stand = self._taken_in - since - self._gone
        if wanted < stand:
            self._findings.fault(
                "inventory-short",
                seen.index,
                f"it says that {wanted} objects should be held; the entries have {stand} files "
                "that were taken in and are not deleted.",
            )


def _number(seen: Seen, name: str) -> int:
    value = number(seen.facts, name)
    if value is None:
        raise Wrong(f"`{name}` is missing")
    return value
