"""Write history: the one action that every other action calls.

An entry is written in the caller's transaction, and so are the tiles of the tree
over all entries. If they cannot be written the caller's act is undone with them;
there is no way to do one without the other.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from itertools import islice

from django.db import connection

from custodes.custody.appending import EndOfLog, Happening, Row
from custodes.custody.errors import NotInATransaction
from custodes.custody.events import KINDS, Event
from custodes.custody.models import Entry
from custodes.custody.rules import Actor

# So many entries are composed and written at a time; what is held in memory stays flat.
_AT_ONCE = 10_000


def record(event: Event, *, subject: str, by: Actor, at: datetime, because: str = "") -> Entry:
    """Append an event to the log, as part of the transaction that does the act.

    ``subject`` is the handle of what it happened to; ``because`` is the reason
    in a person's words. Raises NotInATransaction outside ``atomic``.
    """
    happening = Happening(event, subject, because)
    _demand([happening])
    end = EndOfLog(by, at, {subject})
    [row] = end.add([happening])
    return Row._make(row).as_entry(end.at)


def record_all(
    happenings: Iterable[Happening],
    *,
    by: Actor,
    at: datetime,
    while_composed: Callable[[], None] | None = None,
) -> range:
    """Append many events, in order, and return the indexes of their entries.

    The same as :func:`record` for each, in a fraction of the time; ``by`` did all of it that
    does not name another. The log is locked from the first one until the transaction ends,
    so gather them before. The act that they tell of may be done ``while_composed``, where it
    is a few statements about many rows; without a happening it is not done.
    """
    waiting = iter(happenings)
    end, first = None, 0
    while some := list(islice(waiting, _AT_ONCE)):
        _demand(some)
        if end is None:
            end = EndOfLog(by, at, {happening.subject for happening in some})
            first = end.size
        end.add(some, while_composed)
        while_composed = None
    return range(first, end.size) if end else range(0)


def _demand(some: list[Happening]) -> None:
    """Refuse what is no event, or is not written in a transaction."""
    # Asking the connection costs more than the rest of the checks; once is enough.
    if not connection.in_atomic_block:
        raise NotInATransaction(some[0].event.kind)
    for happening in some:
        if KINDS.get(happening.event.kind) is not type(happening.event):
            raise ValueError(f"{happening.event.kind!r} is not in the closed list of events")
