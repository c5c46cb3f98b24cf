"""History as sentences, with names as they were at the time."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.utils.timezone import localtime

from custodes.custody.events import KINDS, Event
from custodes.custody.queries import Told
from custodes.custody.standing import Standing, standings
from custodes.kernel.clock import parse_rfc3339

_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a custody history, and how far its entry is proven.

    ``erased_at``: when its details were erased.
    """

    index: int
    subject: str
    at: datetime
    kind: str
    sentence: str
    because: str
    leaf: str
    entry: str
    erased_at: datetime | None = None
    standing: Standing | None = None


def lines(entries: Iterable[Told]) -> list[Line]:
    """Return the entries as lines a person can read, in the order given."""
    entries = list(entries)
    proven = standings(told.index for told in entries)
    return [
        Line(
            index=told.index,
            subject=told.subject,
            at=told.at,
            kind=told.kind,
            sentence=sentence(told),
            because=told.fields.get("because", ""),
            leaf=told.leaf.hex(),
            entry=told.data.decode(),
            erased_at=told.erased_at,
            standing=proven[told.index],
        )
        for told in entries
    ]


def sentence(told: Told) -> str:
    """Say one entry in words; an event this release does not know is named plainly."""
    kind = KINDS.get(told.kind)
    if kind is None:
        return f"{told.kind} was recorded by a release of Custodes that this one does not know."
    if told.erased_at is not None:
        return f"{_what_it_is(kind)} Its details were erased on {_day(told.erased_at)}."
    if not told.fields:  # put back from a mirror (recovering)
        return f"{_what_it_is(kind)} Its details were lost with a database."
    by_name = {name: told.facts.get(short, "") for name, short in kind.public.items()}
    words = {name: _in_words(value) for name, value in {**by_name, **told.fields}.items()}
    return kind.sentence.format_map(_Words(words))


class _Words(dict[str, object]):
    """The words of a sentence; an entry older than one of its details does not break it."""

    def __missing__(self, name: str) -> str:
        return "(not said then)"


def _what_it_is(kind: type[Event]) -> str:
    return (kind.__doc__ or "").splitlines()[0]


def _day(at: datetime) -> str:
    return f"{localtime(at):%-d %B %Y}"


def _in_words(value: object) -> object:
    """Write a time or a large number as a person reads it; leave everything else alone."""
    if isinstance(value, int) and not isinstance(value, bool):
        return f"{value:,}"
    if isinstance(value, str) and _TIME.fullmatch(value):
        return f"{localtime(parse_rfc3339(value)):%-d %B %Y, %H:%M:%S %Z}"
    return value


@dataclass(frozen=True, slots=True)
class Subject:
    """What part of a report is about: its handle and what a person calls it."""

    handle: str
    name: str


@dataclass(frozen=True, slots=True)
class Report:
    """A custody report: of one recording, of several, or of what one person did.

    ``title`` says of what; ``facts`` are labelled sentences for its head; ``subjects``
    names what its lines are about, by handle.
    """

    title: str
    handle: str
    facts: tuple[tuple[str, str], ...]
    lines: tuple[Line, ...]
    subjects: dict[str, Subject]

    def about(self, line: Line) -> str:
        """Return what a line is about, where that is not what the whole report is about."""
        if line.subject == self.handle:
            return ""
        subject = self.subjects.get(line.subject)
        return subject.name if subject else ""


def report_of(
    title: str,
    facts: Iterable[tuple[str, str]],
    subjects: Sequence[Subject],
    entries: Iterable[Told],
) -> Report:
    """Return the report of one or more subjects, its lines in the order of these entries.

    The callers have made sure that their viewer may read each of them.
    """
    return Report(
        title=title,
        handle=subjects[0].handle if len(subjects) == 1 else "",
        facts=tuple(facts),
        lines=tuple(lines(entries)),
        subjects={subject.handle: subject for subject in subjects},
    )
