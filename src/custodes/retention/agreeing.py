"""Whether agreeing lets a sweep that stopped begin, and what to do where it does not."""

from __future__ import annotations

from custodes.retention.models import Sweep

#: Where a letter says why two people have to agree; empty when nobody has to.
ASKS_FOR_TWO = "two"


def waits_for_two(sweep: Sweep) -> bool:
    """Say whether two people who agree are all that a sweep that stopped waits for."""
    return bool(sweep.stopped) and sweep.begun_at is None and not why_agreeing_is_no_help(sweep)


def why_agreeing_is_no_help(sweep: Sweep) -> str:
    """Return why agreeing would not let it begin; empty where it would.

    The engine takes up the newest rehearsal alone; and what stopped for anything else than
    that two people have to agree begins for nobody.
    """
    if Sweep.objects.filter(pk__gt=sweep.pk).exists():
        return "A newer rehearsal has taken the place of this one; it does not begin any more."
    if sweep.stopped != sweep.letter.get(ASKS_FOR_TWO):
        return "It stopped because something is in doubt, and nobody can agree that away."
    return ""
