"""History as sentences, with names as they were at the time."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.timezone import localtime

from custodes.custody.events import KINDS
from custodes.custody.queries import Told
from custodes.kernel.clock import parse_rfc3339

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


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
    words = {name: _in_words(value) for name, value in {**by_name, **told.fields}.items()}
    return kind.sentence.format_map(words)


def _in_words(value: object) -> object:
    """Write a time or a large number as a person reads it; leave everything else alone."""
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    if isinstance(value, str) and _TIME.fullmatch(value):
        return f"{localtime(parse_rfc3339(value)):%-d %B %Y, %H:%M:%S %Z}"
    return value
