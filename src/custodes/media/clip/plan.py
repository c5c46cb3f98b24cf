"""Which packets of an original a clip copies, and which pictures must be made anew.

Rules only. Times are ticks of presentation of the track of pictures. A picture is shown
from its time until the next one's.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from custodes.media.packets.boxes import Numbers

_NONE = np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True)
class Pictures:
    """The pictures of a track in decode order: when each is shown, and which are whole.

    ``clean`` are those at which pictures of another encoder may end.
    """

    shown: Numbers
    duration: Numbers
    sync: Numbers
    clean: Numbers


@dataclass(frozen=True, slots=True)
class Anew:
    """Pictures to be made anew: those shown from ``first`` on and before ``end``.

    ``feed`` are the packets, in decode order, from which a decoder gives them.
    """

    first: int
    end: int
    feed: range


@dataclass(frozen=True, slots=True)
class Plan:
    """A clip's pictures: made anew, then copied, then made anew again.

    It shows what is shown from ``begins`` on and before ``ends``. ``copied`` may hold
    pictures from ``ends`` on, which others need and which are not shown.
    """

    before: Anew | None
    copied: Numbers
    after: Anew | None
    begins: int
    ends: int
    over: int = 0


def plan(pictures: Pictures, start: int, end: int, *, exact: bool, may_encode: bool) -> Plan | None:
    """Plan a clip of what is on the screen from ``start`` until ``end``; None for nothing.

    ``exact`` without ``may_encode`` gives a plan that begins earlier than asked for when
    the picture at ``start`` is not a whole one: whoever asked must look at ``begins``.
    """
    order = np.argsort(pictures.shown, kind="stable")
    if not len(order):
        return None
    times = pictures.shown[order]
    first = max(0, int(np.searchsorted(times, start, "right")) - 1)
    last = int(np.searchsorted(times, end, "left")) - 1
    if last < first or start >= times[-1] + max(1, int(pictures.duration[order[-1]])):
        return None
    rank = np.empty_like(order)
    rank[order] = np.arange(len(order))
    found = _Cut(pictures, order, rank, first, last)
    if not exact or not may_encode:
        return found.whole(hide=exact)
    return found.exact()


@dataclass(frozen=True, slots=True)
class _Cut:
    pictures: Pictures
    order: Numbers
    rank: Numbers
    first: int
    last: int

    def exact(self) -> Plan:
        whole = self._next_whole()
        begins, ends = self._at(self.first), self._end(self.last)
        if whole is None:
            return Plan(self._anew(self.first, self.last), _NONE, None, begins, ends)
        lead = int(self.rank[whole])
        before = self._anew(self.first, lead - 1) if lead > self.first else None
        closed = self._closed(whole)
        fits = closed[closed <= self.last - lead + 1]
        count = int(fits[-1])
        after = self._anew(lead + count, self.last) if lead + count <= self.last else None
        return Plan(before, self._following(whole)[:count], after, begins, ends)

    def whole(self, *, hide: bool) -> Plan:
        start = self._whole_before(self.first)
        lead = int(self.rank[start])
        closed = self._closed(start)
        enough = closed[closed >= self.last - lead + 1]
        count = int(enough[0]) if len(enough) else int(closed[-1])
        over = lead + count - 1 - self.last if hide else 0
        ends = self._end(self.last if hide else lead + count - 1)
        return Plan(None, self._following(start)[:count], None, self._at(lead), ends, over)

    def _at(self, nth: int) -> int:
        return int(self.pictures.shown[self.order[nth]])

    def _end(self, nth: int) -> int:
        if nth + 1 < len(self.order):
            return self._at(nth + 1)
        return self._at(nth) + int(self.pictures.duration[self.order[nth]])

    def _next_whole(self) -> int | None:
        """Return the first of those asked for from which on packets can be copied."""
        if self.pictures.sync[self.order[self.first]]:
            return int(self.order[self.first])
        asked = (self.rank >= self.first) & (self.rank <= self.last)
        found = np.flatnonzero(asked & (self.pictures.clean > 0))
        return int(found[0]) if len(found) else None

    def _whole_before(self, nth: int) -> int:
        found = np.flatnonzero((self.rank <= nth) & (self.pictures.sync > 0))
        return int(found[-1]) if len(found) else 0

    def _following(self, whole: int) -> Numbers:
        """Return the packets from a whole picture on, without those shown before it."""
        after = np.arange(whole, len(self.order))
        found: Numbers = after[self.rank[after] >= self.rank[whole]]
        return found

    def _closed(self, whole: int) -> Numbers:
        """Return after how many packets the pictures so far are shown without one between.

        Cut there, nothing is missing between the pictures that were copied.
        """
        follow = self._following(whole)
        most = np.maximum.accumulate(self.rank[follow]) - self.rank[whole]
        count = np.arange(1, len(follow) + 1)
        found: Numbers = count[most == count - 1]
        return found

    def _anew(self, first: int, last: int) -> Anew:
        needed = self.order[first : last + 1]
        start = min(self._whole_before(first), int(needed.min()))
        feed = range(start, int(needed.max()) + 1)
        return Anew(self._at(first), self._end(last), feed)
