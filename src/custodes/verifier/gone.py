"""A deletion under check: its entry, what the record says before it, and what is shown of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from custodes.kernel.clock import parse_exactly
from custodes.ledger.entry import PublicEntry
from custodes.package.deletion import DeletionShown
from custodes.verifier.claims import Making
from custodes.verifier.evidence import Evidence


@dataclass(frozen=True, slots=True)
class Gone:
    """A recording that was deleted: by which entry, at which place of the log, after which."""

    evidence: Evidence
    making: Making
    place: int
    entry: PublicEntry
    before: tuple[PublicEntry, ...]
    shown: DeletionShown

    @property
    def stated_due(self) -> datetime | None:
        """Return from when it might go, as its own entry says; None where it does not."""
        return time_in(self.entry, "due")

    @property
    def ended(self) -> datetime | None:
        """Return when filming ended, as the newest ``recording.completed`` says."""
        completed = [each for each in self.before if each.kind == "recording.completed"]
        return time_in(completed[-1], "e") if completed else None


def time_in(entry: PublicEntry, member: str) -> datetime | None:
    """Return a time that an entry gives, None where it gives none."""
    try:
        return parse_exactly(entry.facts.get(member))
    except ValueError:
        return None
