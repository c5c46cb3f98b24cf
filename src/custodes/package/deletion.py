"""What a package shows of a deletion: the schedule it went by, and that its keys are gone.

Paths in the key inventory are values as that format writes them, read by whoever checks
them (docs/reference/formats/deletion.md).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from custodes.package.shapes import Members, ShapeWrong, ordered

_MOST_VERSIONS = 1000
#: A recording of more files than a package may hold has more keys than it may show.
MOST_KEYS = 1000


@dataclass(frozen=True, slots=True)
class ScheduleShown:
    """A version of the schedule: the entry that published it, and its document's path."""

    entry: int
    document: str

    def to_value(self) -> dict[str, Any]:
        """Return it as a value CJ1 can write."""
        return {"document": self.document, "entry": self.entry}

    @classmethod
    def from_value(cls, value: object) -> ScheduleShown:
        """Read it; raises ShapeWrong."""
        has = Members(value, "document entry")
        return cls(has.number("entry"), has.text("document"))


@dataclass(frozen=True, slots=True)
class KeyShown:
    """What an inventory says of a key: its own path, or its neighbours' when it is not there."""

    key: str
    here: object = None
    before: object = None
    after: object = None

    def to_value(self) -> dict[str, Any]:
        """Return it as a value CJ1 can write."""
        paths = {"here": self.here, "before": self.before, "after": self.after}
        return {"key": self.key} | {name: path for name, path in paths.items() if path}

    @classmethod
    def from_value(cls, value: object) -> KeyShown:
        """Read it; raises ShapeWrong."""
        has = Members(value, "key", "here before after")
        if has.value.keys() >= {"here"} and has.value.keys() & {"before", "after"}:
            raise ShapeWrong("an inventory shows a key or its neighbours")
        paths = (has.value.get(name) for name in ("here", "before", "after"))
        return cls(has.handle("key"), *paths)


@dataclass(frozen=True, slots=True)
class InventoryShown:
    """The entries of a roll and of the end of the epochs before it, and the keys shown."""

    roll: int
    destroyed: int
    keys: tuple[KeyShown, ...]

    def to_value(self) -> dict[str, Any]:
        """Return it as a value CJ1 can write."""
        keys = [each.to_value() for each in self.keys]
        return {"destroyed": self.destroyed, "keys": keys, "roll": self.roll}

    @classmethod
    def from_value(cls, value: object) -> InventoryShown:
        """Read it; raises ShapeWrong."""
        has = Members(value, "destroyed keys roll")
        keys = ordered(has.list("keys", MOST_KEYS), KeyShown.from_value, lambda k: k.key)
        return cls(has.number("roll"), has.number("destroyed"), keys)


@dataclass(frozen=True, slots=True)
class DeletionShown:
    """What is shown of a deletion beside the record itself; any of it may be missing."""

    schedules: tuple[ScheduleShown, ...] = ()
    inventory: InventoryShown | None = None

    def to_value(self) -> dict[str, Any]:
        """Return it as a value CJ1 can write."""
        value: dict[str, Any] = {"schedules": [each.to_value() for each in self.schedules]}
        return value | ({"inventory": self.inventory.to_value()} if self.inventory else {})

    @classmethod
    def from_value(cls, value: object) -> DeletionShown:
        """Read it; raises ShapeWrong."""
        has = Members(value, "schedules", "inventory")
        schedules = ordered(
            has.list("schedules", _MOST_VERSIONS), ScheduleShown.from_value, lambda s: s.entry
        )
        shown = has.value.get("inventory")
        return cls(schedules, None if shown is None else InventoryShown.from_value(shown))
