"""What a monitor says: a code that does not change, where, and a sentence."""

from __future__ import annotations

from dataclasses import dataclass, field

# A log that was written by somebody else may break every rule at every entry.
MOST = 1000


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that was found. ``grave`` ones are faults, others only worth knowing.

    ``entry`` is the index of the entry it was found at, or None where it is of the whole log.
    """

    code: str
    entry: int | None
    sentence: str
    grave: bool = True

    def __str__(self) -> str:
        where = "" if self.entry is None else f"Entry {self.entry}: "
        return f"{where}{self.sentence}"


@dataclass(slots=True)
class Findings:
    """What was found so far, in order; after a thousand only the number goes up."""

    found: list[Finding] = field(default_factory=list)
    faults: int = 0
    notices: int = 0

    def fault(self, code: str, entry: int | None, sentence: str) -> None:
        """Say that something is wrong."""
        self._add(Finding(code, entry, sentence))

    def notice(self, code: str, entry: int | None, sentence: str) -> None:
        """Say something that is worth knowing and may be as it should be."""
        self._add(Finding(code, entry, sentence, grave=False))

    def _add(self, finding: Finding) -> None:
        self.faults += finding.grave
        self.notices += not finding.grave
        if len(self.found) < MOST:
            self.found.append(finding)
