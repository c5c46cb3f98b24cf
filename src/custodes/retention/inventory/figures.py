"""What an inventory comes to, in numbers. No names and nothing that is on any recording."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import Any

from custodes.retention.rules.inventory import Balance, Kind, Verdict, verdict


@dataclass(slots=True)
class Month:
    """Recordings filmed in one month: complete and not deleted, deleted, and not whole."""

    month: str
    wanted: int = 0
    disposed: int = 0
    missing: int = 0


@dataclass(slots=True)
class Figures:
    """One inventory. ``size`` is how many entries the log had when it was begun.

    ``missing_kinds`` counts what is missing by what it is. ``unburied`` is how many
    recordings the record says are deleted and no certificate here knows, or the other
    way about. ``gaps_unknown`` is how many gaps the record opened that no row has;
    ``miscounted`` counts these and the cameras whose numbers do not agree with the record.
    The accepted ones are among those that are missing, forgotten and miscounted.
    ``damaged`` is what the newest scrub found, None if there was none.
    """

    size: int
    taken_in: int = 0
    disposed: int = 0
    wanted: int = 0
    held: int = 0
    missing: int = 0
    forgotten: int = 0
    surviving: int = 0
    unexpected: int = 0
    waiting: int = 0
    unburied: int = 0
    missing_kinds: dict[str, int] = field(default_factory=dict)
    in_lost_folders: int = 0
    lost_folders: int = 0
    is_blank: bool = False
    behind: str = ""
    root: str = ""
    gaps: int = 0
    uncounted: int = 0
    gaps_unknown: int = 0
    miscounted: int = 0
    accepted_missing: int = 0
    accepted_forgotten: int = 0
    accepted_miscounted: int = 0
    cameras: int = 0
    cameras_counting: int = 0
    damaged: int | None = None
    scrubbed_at: str = ""
    months: list[Month] = field(default_factory=list)
    lines: list[tuple[str, int]] = field(default_factory=list)

    @property
    def verdict(self) -> Verdict:
        """Return what it comes to."""
        return verdict(
            Balance(
                wanted=self.wanted - self.accepted_missing,
                missing=self.open_missing,
                forgotten=self.open_forgotten,
                surviving=self.surviving,
                unexpected=self.unexpected,
                in_lost_folders=self.in_lost_folders,
                is_blank=self.is_blank,
                behind=bool(self.behind),
                miscounted=self.open_miscounted,
                accepted=bool(self.accepted),
            )
        )

    @property
    def open_missing(self) -> int:
        """Return how many are missing and were not accepted as lost."""
        return self.missing - self.accepted_missing

    @property
    def open_forgotten(self) -> int:
        """Return how many rows are lost and were not accepted as lost."""
        return self.forgotten - self.accepted_forgotten

    @property
    def open_miscounted(self) -> int:
        """Return how many cameras and gaps do not agree and were not accepted so."""
        return self.miscounted - self.accepted_miscounted

    @property
    def accepted(self) -> int:
        """Return how much of what is lost was accepted, each count by itself."""
        return self.accepted_missing + self.accepted_forgotten + self.accepted_miscounted

    def count_missing(self, kind: Kind) -> None:
        """Count one object that is not there."""
        self.missing += 1
        name = kind.name.lower()
        self.missing_kinds[name] = self.missing_kinds.get(name, 0) + 1

    def to_value(self) -> dict[str, Any]:
        """Return it as JSON keeps it."""
        return asdict(self)

    @classmethod
    def from_value(cls, value: dict[str, Any]) -> Figures:
        """Read it again; a figure that a later release counts is left at nothing."""
        known = {name: value[name] for name in cls.__dataclass_fields__ if name in value}
        months = [Month(**each) for each in known.pop("months", [])]
        lines = [(str(code), int(number)) for code, number in known.pop("lines", [])]
        return cls(**known, months=months, lines=lines)
