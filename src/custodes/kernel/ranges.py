"""Which bytes of a file an answer carries (RFC 9110 section 14).

Rules only. One range at a time: a request for several gets the whole file, as
section 14.2 allows. A range without an end is cut to what one answer may carry,
so that a player that asks for "everything from here" holds a thread briefly.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

# RFC 9110 s14.1.1: first-pos "-" [ last-pos ], or a suffix length.
_ONE = re.compile(r"bytes=\s*(\d{0,18})\s*-\s*(\d{0,18})\s*\Z", re.ASCII | re.IGNORECASE)


class Unsatisfiable(ValueError):
    """The range lies past the end of the file: 416."""


@dataclass(frozen=True, slots=True)
class Stretch:
    """Bytes ``[start, end)`` of a file, and whether they were asked for as a range."""

    start: int
    end: int
    partial: bool

    @property
    def size(self) -> int:
        """Return how many bytes it has."""
        return self.end - self.start


def stretch_for(header: str | None, size: int, *, at_most: int) -> Stretch:
    """Return what to send; raises Unsatisfiable. What is not understood is ignored (s14.2)."""
    found = _ONE.match(header) if header else None
    if found is None or found[1] == found[2] == "":
        return Stretch(0, size, partial=False)
    first, last = found[1], found[2]
    if not first:
        return _suffix(int(last), size)
    start = int(first)
    if last and int(last) < start:
        return Stretch(0, size, partial=False)
    if start >= size:
        raise Unsatisfiable(f"the file has {size} bytes")
    end = int(last) + 1 if last else start + at_most
    return Stretch(start, min(end, size), partial=True)


def cut_to(stretch: Stretch, at_most: int) -> Stretch:
    """Return no more of a stretch than so many bytes: who wants the rest asks again.

    A server may send less than was asked for (s15.3.7). That it does so where no range was
    asked for is beyond it: only a program that knows its Content-Range goes on.
    """
    if stretch.size <= at_most:
        return stretch
    return replace(stretch, end=stretch.start + at_most, partial=True)


def _suffix(length: int, size: int) -> Stretch:
    if length == 0 or size == 0:
        raise Unsatisfiable("nothing was asked for")
    return Stretch(max(0, size - length), size, partial=True)


def may_be_partial(if_range: str | None, etag: str) -> bool:
    """Say whether a range may be answered in part (s13.1.5): the same file, by a strong tag."""
    return if_range is None or if_range == etag
