"""How much of something was seen, from what the player reports.

Rules only. What is reported is what a browser says: it is cut to the length of the film,
and what was seen twice counts once.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

Stretch = tuple[float, float]

MOST_STRETCHES = 200
#: So many pieces of one film are kept; nobody watches in more, and a program could.
MOST_KEPT = 1000
# What a container rounds off, and a player overshoots.
_SLACK = 1.0


def stretches_in(said: object, seconds: float) -> list[Stretch]:
    """Return the stretches in what a player sent; what is none of the film is left out."""
    found: list[Stretch] = []
    for each in said if isinstance(said, list) else []:
        match each:
            case [int() | float() as start, int() | float() as end] if _is_in(start, end, seconds):
                found.append((max(float(start), 0.0), min(float(end), seconds)))
            case _:
                pass
    return merged(found[:MOST_STRETCHES])


def merged(stretches: Iterable[Sequence[float]]) -> list[Stretch]:
    """Return stretches in order, those that touch or overlap as one."""
    found: list[Stretch] = []
    for start, end in sorted((float(a), float(b)) for a, b in stretches):
        if found and start <= found[-1][1]:
            found[-1] = (found[-1][0], max(found[-1][1], end))
        else:
            found.append((start, end))
    return found


def adds_to(known: Iterable[Sequence[float]], watched: Iterable[Sequence[float]]) -> bool:
    """Say whether something of a film was watched that was not before, and can be kept."""
    before = merged(known)
    after = merged([*before, *watched])
    return after != before and len(after) <= MOST_KEPT


def seconds_in(stretches: Iterable[Sequence[float]]) -> float:
    """Return how much was seen, in seconds."""
    return sum(end - start for start, end in merged(stretches))


def in_words(stretches: Iterable[Sequence[float]]) -> str:
    """Return stretches as the record has them: ``0:00.0 to 0:02.5``."""
    return ", ".join(f"{_clock(start)} to {_clock(end)}" for start, end in merged(stretches))


def _is_in(start: float, end: float, seconds: float) -> bool:
    # Compared and not converted: a whole number may be too large to be a float.
    return 0 <= start < end <= seconds + _SLACK and start < seconds


def _clock(seconds: float) -> str:
    minutes, rest = divmod(seconds, 60)
    return f"{int(minutes)}:{rest:04.1f}"
