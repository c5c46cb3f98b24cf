"""One entry as the rules of a monitor see it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any


@dataclass(frozen=True, slots=True)
class Seen:
    """An entry that was read: its index, public parts and leaf hash."""

    index: int
    kind: str
    subject: str
    at: str
    leaf: bytes
    facts: dict[str, Any]

    @property
    def moment(self) -> datetime:
        """Return the entry's time."""
        return moment_of(self.at)


def moment_of(at: str) -> datetime:
    """Read a time as entries have it; raises ValueError for a day or an hour there is not."""
    return datetime.fromisoformat(at)


class Wrong(Exception):
    """A public member is missing or is not what its kind says it must be."""


def text(facts: dict[str, Any], name: str) -> str:
    """Return a member that is text, empty when it is left out; raises Wrong."""
    value = facts.get(name, "")
    if not isinstance(value, str):
        raise Wrong(f"`{name}` is not text")
    return value


def number(facts: dict[str, Any], name: str) -> int | None:
    """Return a member that is a whole number, None when it is left out; raises Wrong."""
    value = facts.get(name)
    if value is not None and (not isinstance(value, int) or isinstance(value, bool)):
        raise Wrong(f"`{name}` is not a number")
    return value
