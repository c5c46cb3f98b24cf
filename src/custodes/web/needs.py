"""How many things need somebody: what the top of every page says.

Finding out asks some fifty questions, more than most pages do. What is asked of somebody
changes by what happens, and nothing happens without a custody entry; so a count holds
until there is another entry, for seconds at most: the clock, too, makes things due. The
page of today asks anew each time, and shows what it found.
"""

from __future__ import annotations

import time
from collections.abc import Iterable
from dataclasses import dataclass

from custodes.custody.log import size_of_log
from custodes.people.rules import Viewer
from custodes.web.today import Sentence, what_needs

# What only the clock changes, or a dock that says nothing, is counted no later than this.
_SECONDS = 15.0
_AT_MOST = 256


@dataclass(frozen=True, slots=True)
class _Count:
    """What was counted when the log had a size."""

    number: int
    size: int
    until: float


_counts: dict[Viewer, _Count] = {}


def number_that_need(viewer: Viewer) -> int:
    """Return how many things need this person, as of the last entry of the log."""
    size = size_of_log()  # before anything is read that it will vouch for
    kept = _counts.get(viewer)
    if kept and kept.size == size and time.monotonic() < kept.until:
        return kept.number
    if len(_counts) >= _AT_MOST:
        _counts.clear()  # they last for seconds
    number = needing(what_needs(viewer))
    _counts[viewer] = _Count(number, size, time.monotonic() + _SECONDS)
    return number


def needing(sentences: Iterable[Sentence]) -> int:
    """Return how many of the sentences say that somebody has to do something."""
    return sum(1 for one in sentences if one.needs)
