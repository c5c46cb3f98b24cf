"""History as sentences, with names as they were at the time."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from custodes.custody.events import KINDS
from custodes.custody.queries import Told


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a custody history."""

    index: int
    at: datetime
    kind: str
    sentence: str
    because: str
    leaf: str
    entry: str


def lines(entries: Iterable[Told]) -> list[Line]:
    """Return the entries as lines a person can read, in the order given."""
    return [
        Line(
            index=told.index,
            at=told.at,
            kind=told.kind,
            sentence=sentence(told),
            because=told.fields.get("because", ""),
            leaf=told.leaf.hex(),
            entry=told.data.decode(),
        )
        for told in entries
    ]


def sentence(told: Told) -> str:
    """Say one entry in words; an event this release does not know is named plainly."""
    kind = KINDS.get(told.kind)
    if kind is None:
        return f"{told.kind} was recorded by a release of Custodes that this one does not know."
    by_name = {name: told.facts.get(short, "") for name, short in kind.public.items()}
    return kind.sentence.format_map({**by_name, **told.fields})
