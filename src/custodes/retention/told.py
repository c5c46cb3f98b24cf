"""What the record tells of holds, cases, locks and reviews, to check tables with.

A row that was lost must not let anything go. The entries of these kinds are few beside
the others and lie together in an index; they are read once, and from then on only what
was entered since: entries are never changed, and become visible in their order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping

from custodes.custody.models import Entry

#: What of a recording begins with an entry of the first kind and ends with one of the second.
HOLD = ("hold.placed", "hold.released")
CASE = ("recording.linked", "recording.unlinked")
LOCK = ("recording.locked", "recording.unlocked")
#: A review does not end: the next is another.
REVIEW = ("recording.reviewed", "")
_SORTS = (HOLD, CASE, LOCK, REVIEW)
_KINDS = [kind for sort in _SORTS for kind in sort if kind]
_AT_ONCE = 2000


class Told:
    """How many of each sort a recording has that began and did not end, by its handle."""

    def __init__(self) -> None:
        self._last = -1
        self._standing: dict[tuple[str, str], Counter[str]] = {sort: Counter() for sort in _SORTS}

    def read_on(self) -> None:
        """Read what was entered since; in the transaction that is about to decide."""
        news = Entry.objects.filter(kind__in=_KINDS, index__gt=self._last).order_by()
        last = self._last
        for index, kind, subject in news.values_list("index", "kind", "subject").iterator(_AT_ONCE):
            last = max(last, index)
            for what, standing in self._standing.items():
                if kind in what:
                    standing[subject] += 1 if kind == what[0] else -1
        self._last = last

    def of(self, what: tuple[str, str]) -> Mapping[str, int]:
        """Return how many of a sort stand, by handle; none stands for what is not in it."""
        return self._standing[what]
