"""What a kind of custody entry is: a frozen type, entered in the closed list.

``public`` names the fields that anybody may see, with the short member each has
in the entry's ``x``; they hold no personal data. Every other field is private:
it is committed to, and opened only to those who may know. ``sentence`` is how a
person reads the entry.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, fields
from types import MappingProxyType
from typing import Any, ClassVar

from custodes.custody.rules import Law

KINDS: dict[str, type[Event]] = {}
_PRIVATE: dict[str, tuple[str, ...]] = {}


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened; see the subclasses."""

    kind: ClassVar[str]
    law: ClassVar[Law]
    sentence: ClassVar[str]
    public: ClassVar[Mapping[str, str]] = MappingProxyType({})

    def facts(self) -> dict[str, Any]:
        """Return the public members, leaving out the ones that do not apply."""
        values = {short: getattr(self, name) for name, short in self.public.items()}
        return {short: value for short, value in values.items() if value not in ("", None)}

    def private(self) -> dict[str, str]:
        """Return the private fields as text."""
        return {name: str(getattr(self, name)) for name in _PRIVATE[self.kind]}


def event(kind: type[Event]) -> type[Event]:
    """Enter a kind of event in the closed list of those that may be recorded."""
    if kind.kind in KINDS:
        raise ValueError(f"two events are called {kind.kind}")
    KINDS[kind.kind] = kind
    _PRIVATE[kind.kind] = tuple(f.name for f in fields(kind) if f.name not in kind.public)
    return kind
