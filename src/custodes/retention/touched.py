"""What the recordings that would go are, or once were, a part of: cases, holds, requests.

Counted by sets, beginning with what is few: the links, the holds, the requests. Rooms above
this one add what they know of (:data:`ALSO`). What comes of it is kept with the letter, so
it holds references and no reason, and nobody's name.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator
from typing import Any

from django.db.models import Count, Exists, OuterRef, QuerySet

from custodes.retention.models import (
    HeldRecording,
    Hold,
    Matter,
    MatterRecording,
    RestrictedRecording,
    Restriction,
)
from custodes.retention.rules.periods import in_words
from custodes.retention.rules.proceedings import told_of
from custodes.retention.rules.rehearsed import Touch

_MOST = 5
Touched = dict[str, Any]

#: What rooms above this one know to be touched by recordings; they add to it when they start.
ALSO: list[Callable[[QuerySet[Any]], Iterable[Touched]]] = []


def touched_by(due: QuerySet[Any]) -> list[Touched]:
    """Return what recordings are or were a part of: how many, of how many, and the most.

    ``due`` has the keys of the recordings: of themselves, or of the notes about them.
    """
    found = [*_cases(due), *_holds(due), *_restrictions(due)]
    found += [each for look in ALSO for each in look(due)]
    return [each for each in found if each["recordings"]]


def in_due(rows: QuerySet[Any], due: QuerySet[Any]) -> QuerySet[Any]:
    """Return those of rows about a recording that are about one of these.

    Asked of each row by keys, so it costs what the rows do and not what is due.
    """
    return rows.filter(Exists(due.filter(pk=OuterRef("recording")))).order_by()


def touched(
    touch: Touch,
    recordings: int,
    counts: Counter[int],
    named: Callable[[list[int]], Iterable[tuple[str, str, str]]],
    kind: str = "",
) -> Touched:
    """Return a group as a letter has it.

    ``named`` gives for keys, in their order, the handle, the name and how it stands now.
    """
    most = [key for key, _ in counts.most_common(_MOST)]
    return {
        "what": touch.value,
        "kind": kind,
        "recordings": recordings,
        "of": len(counts),
        "most": [
            {"handle": handle, "called": called, "now": state, "recordings": counts[key]}
            for key, (handle, called, state) in zip(most, named(most), strict=True)
        ],
    }


def counted_by(rows: QuerySet[Any], by: str) -> tuple[int, Counter[int]]:
    """Return of how many recordings rows are, and how many of each that ``by`` names."""
    number = rows.aggregate(number=Count("recording", distinct=True))["number"]
    by_key = rows.values_list(by).annotate(Count("recording", distinct=True))
    return number, Counter(dict(by_key))


def _cases(due: QuerySet[Any]) -> Iterator[Touched]:
    for touch, links in (
        (Touch.CASE, MatterRecording.objects.filter(unlinked_at=None)),
        (Touch.ONCE_IN_CASE, MatterRecording.objects.filter(unlinked_at__isnull=False)),
    ):
        yield touched(touch, *counted_by(in_due(links, due), "matter"), _matters)


def _matters(keys: list[int]) -> Iterator[tuple[str, str, str]]:
    found = Matter.objects.in_bulk(keys)
    for matter in (found[key] for key in keys):
        yield matter.handle, matter.reference, told_of(matter.as_rule())


def _holds(due: QuerySet[Any]) -> Iterator[Touched]:
    held = in_due(HeldRecording.objects.all(), due)
    by_hold: dict[str, Counter[int]] = defaultdict(Counter)
    for kind, hold, number in held.values_list("hold__kind", "hold").annotate(Count("pk")):
        by_hold[kind][hold] = number
    if not by_hold:
        return
    numbers = dict(held.values_list("hold__kind").annotate(Count("recording", distinct=True)))
    for kind, counts in sorted(by_hold.items()):
        yield touched(Touch.HELD, numbers[kind], counts, _named_holds, kind)


def _named_holds(keys: list[int]) -> Iterator[tuple[str, str, str]]:
    found = Hold.objects.defer("scope").in_bulk(keys)
    for hold in (found[key] for key in keys):
        called = hold.authority or f"placed on {in_words(hold.placed_at)}"
        ended = hold.as_rule().ended_at
        yield hold.handle, called, f"ended on {in_words(ended)}" if ended else "in force"


def _restrictions(due: QuerySet[Any]) -> Iterator[Touched]:
    rows = in_due(RestrictedRecording.objects.filter(restriction__lifted_at=None), due)
    yield touched(Touch.RESTRICTION, *counted_by(rows, "restriction"), _named_restrictions)


def _named_restrictions(keys: list[int]) -> Iterator[tuple[str, str, str]]:
    found = Restriction.objects.in_bulk(keys)
    for each in (found[key] for key in keys):
        told = f"told on {in_words(each.told_on)}" if each.told_on else "not told of it yet"
        yield each.handle, each.reference, told
