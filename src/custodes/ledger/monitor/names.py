"""Under which name does the log go, and does it go on from what was seen of it before?

A log whose end was lost goes on under a successor's name. Its first entry names the
last checkpoint of the old log; what is left of that stands before it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from custodes.kernel.digest import b64u
from custodes.ledger.monitor.findings import Findings
from custodes.ledger.monitor.seen import Seen, number, text


@dataclass(frozen=True, slots=True)
class Earlier:
    """What an earlier visit saw: so many entries with this root, under this name."""

    origin: str
    size: int
    root: bytes


@dataclass(frozen=True, slots=True)
class End:
    """How a log ended that has a successor: what is left of it, and its last checkpoint."""

    left: int
    size: int
    root: str


class Names:
    """Follows the log's name. ``root_of_first`` gives the root over its first so many entries."""

    def __init__(self, findings: Findings, root_of_first: Callable[[int], bytes]) -> None:
        self._findings = findings
        self._root_of_first = root_of_first
        self._ended: dict[str, End] = {}
        self.origin = ""

    def has_had(self, origin: str) -> bool:
        """Say whether the log has this name, or had it before it went on under another."""
        return origin == self.origin or origin in self._ended

    def begun(self, seen: Seen) -> None:
        """A log begins; inside another only as the successor of one whose end was lost."""
        origin, old = text(seen.facts, "o"), text(seen.facts, "po")
        size = number(seen.facts, "pz")
        if seen.index and (old != self.origin or size is None):
            self._findings.fault("genesis", seen.index, "a second log begins inside this one.")
            return
        if seen.index and size is not None:
            self._ended[old] = End(seen.index, size, text(seen.facts, "pr"))
            self._succeeded(seen.index, old, origin)
        self.origin = origin

    def compare(self, earlier: Earlier, *, same: bool) -> None:
        """Hold what was seen before against the log as it is.

        ``same`` says whether its first entries, as many as were there, have the root of then.
        """
        end = self._ended.get(earlier.origin)
        if end is None or earlier.size <= end.left:
            if not same:
                self._say_forked(earlier)
        elif earlier.size > end.size:
            self._findings.fault(
                "rolled-back",
                None,
                f"{earlier.origin} had {earlier.size} entries at the last visit, and its "
                f"successor says that it ended after {end.size}.",
            )
        elif earlier.size == end.size and b64u(earlier.root) != end.root:
            self._say_forked(earlier)

    def _succeeded(self, index: int, old: str, origin: str) -> None:
        end = self._ended[old]
        if end.size <= index and end.root != b64u(self._root_of_first(end.size)):
            self._findings.fault(
                "genesis",
                index,
                f"the first {end.size} entries are not those of the checkpoint of {old} "
                "that it names as the last.",
            )
        lost = f"{old} lost its end: {max(0, end.size - index)} of its {end.size} entries"
        self._findings.notice("successor", index, f"{lost} are not here. It goes on as {origin}.")

    def _say_forked(self, earlier: Earlier) -> None:
        self._findings.fault(
            "forked",
            None,
            f"The first {earlier.size} entries are not those of the last visit: "
            "the history was rewritten since. Keep both checkpoints; they prove it.",
        )
