"""Read history. Callers have already made sure that their viewer may.

Custody knows no people and no stages: the stage that owns a subject decides
who may read its history, and asks here only after that.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from django.db.models import QuerySet

from custodes.custody import who_acted
from custodes.custody.bodies import open_body
from custodes.custody.log import of_kind, size_of_log
from custodes.custody.models import Entry
from custodes.ledger.entry import parse_entry


@dataclass(frozen=True, slots=True)
class Told:
    """One entry, opened: what everybody may see and what only some may.

    ``erased_at`` is when its details were erased; then ``fields`` is empty and
    ``seed`` too, as they are of an entry that was put back from a mirror. ``seed``
    opens the fields to others; it is never shown.
    """

    index: int
    subject: str
    number: int
    kind: str
    at: datetime
    facts: dict[str, Any]
    fields: dict[str, str]
    leaf: bytes
    data: bytes
    erased_at: datetime | None = None
    seed: bytes = field(default=b"", repr=False)


class Silence(NamedTuple):
    """A stretch of time in which nothing was entered."""

    since: datetime
    until: datetime


def history_of(subject: str) -> list[Told]:
    """Return all entries of a subject, oldest first, opened."""
    return list(_tell_all(Entry.objects.filter(subject=subject).order_by("number")))


def histories_of(subjects: Iterable[str]) -> list[Told]:
    """Return all entries of several subjects, oldest first, opened."""
    return list(_tell_all(Entry.objects.filter(subject__in=set(subjects)).order_by("index")))


def number_in_histories(subjects: Iterable[str]) -> int:
    """Return how many entries :func:`histories_of` would find."""
    return Entry.objects.filter(subject__in=set(subjects)).count()


def told_at(index: int) -> Told | None:
    """Return the entry with this index, opened, if there is one."""
    return next(_tell_all(Entry.objects.filter(index=index)), None)


def entries_after(index: int, limit: int) -> list[Entry]:
    """Return up to ``limit`` entries with a higher index, in order, unopened."""
    return list(Entry.objects.filter(index__gt=index).order_by("index")[:limit])


def newest(kind: str, limit: int = 1) -> Iterator[Told]:
    """Yield the newest entries of a kind, newest first, opened."""
    return _tell_all(of_kind(kind)[:limit])


def acts_of(
    handle: str, since: datetime, until: datetime, *, after: int = -1, limit: int = 1000
) -> list[Told]:
    """Return what one person did from ``since`` to before ``until``, oldest first, opened.

    No more than ``limit`` entries, those with a higher index than ``after``.
    """
    return list(_tell_all(_acts(handle, since, until).filter(index__gt=after)[:limit]))


def told_between(first: int, end: int) -> list[Told]:
    """Return the entries from index ``first`` to before ``end``, in order, opened."""
    return list(_tell_all(Entry.objects.filter(index__gte=first, index__lt=end).order_by("index")))


def number_of_acts(handle: str, since: datetime, until: datetime) -> int:
    """Return how many entries :func:`acts_of` would find without a limit."""
    return _acts(handle, since, until).count()


def leaves_of(entries: Iterable[int]) -> list[bytes]:
    """Return the leaf hashes of entries, in the order they are asked for."""
    wanted = list(entries)
    found = Entry.objects.filter(index__in=wanted).order_by().values_list("index", "leaf")
    leaves = {index: bytes(leaf) for index, leaf in found}
    return [leaves[index] for index in wanted]


def index_at(at: datetime) -> int:
    """Return the index of the first entry written at or after a moment, or the log's size.

    Time in the log never runs backwards, so a few looks find the place among millions.
    """
    low, high = 0, size_of_log()
    while low < high:
        middle = (low + high) // 2
        if _time_of(middle) < at:
            low = middle + 1
        else:
            high = middle
    return low


def silence_after(index: int, until: datetime, longer: timedelta) -> Silence | None:
    """Return the first stretch since an entry in which nothing was entered for longer than this.

    ``until`` ends the last stretch. It takes a few looks for each ``longer`` that went by.
    """
    size = size_of_log()
    while index < size:
        since = _time_of(index)
        following = index_at(since + longer)
        if following > index + 1:  # others were entered in between
            index = following - 1
            continue
        spoke_again = _time_of(following) if following < size else until
        if spoke_again - since > longer:
            return Silence(since, spoke_again)
        index = following
    return None


def tell(entry: Entry) -> Told:
    """Open one entry."""
    return next(iter(_tell_all([entry])))


def _time_of(index: int) -> datetime:
    at: datetime = Entry.objects.values_list("at", flat=True).get(index=index)
    return at


def erased_at(index: int) -> datetime | None:
    """Return when the details of the entry with this index were erased, if they were."""
    by = Entry.objects.filter(index=index).values_list("erased_in", flat=True).first()
    return None if by is None else _time_of(by)


def _acts(handle: str, since: datetime, until: datetime) -> QuerySet[Entry]:
    mine = Entry.objects.filter(who=who_acted.mark(handle))
    return mine.filter(index__gte=index_at(since), index__lt=index_at(until)).order_by("index")


def _tell_all(entries: Iterable[Entry]) -> Iterator[Told]:
    if isinstance(entries, QuerySet):
        entries = entries.select_related("body_key")
    erased: dict[int, datetime] = {}
    for entry in entries:
        data = bytes(entry.data)
        public = parse_entry(data)
        seed, fields = b"", dict[str, str]()
        if entry.erased_in is None and entry.body:
            seed, fields = open_body(bytes(entry.body), entry.index, entry.body_key)
        elif entry.erased_in is not None and entry.erased_in not in erased:
            erased[entry.erased_in] = Entry.objects.get(index=entry.erased_in).at
        yield Told(
            index=entry.index,
            subject=entry.subject,
            number=entry.number,
            kind=entry.kind,
            at=entry.at,
            facts=dict(public.facts),
            fields=fields,
            leaf=bytes(entry.leaf),
            data=data,
            erased_at=None if entry.erased_in is None else erased[entry.erased_in],
            seed=seed,
        )
