"""What is odd among the recordings that would go: found by sets, each from what is few."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from heapq import nsmallest
from typing import Any

from django.db.models import BooleanField, Exists, OuterRef, QuerySet
from django.db.models.expressions import RawSQL

from custodes.kernel.clock import rfc3339
from custodes.recordings.many import among, rows_of
from custodes.recordings.models import Bookmark, Copy, Gap, Note, Recipient, Recording
from custodes.retention.models import LateDocking
from custodes.retention.rules.rehearsed import Odd
from custodes.retention.touched import in_due

_STRANGEST = 10
# So many of each kind are looked at for which are odd in more than one way.
_LOOKED_AT = 10_000
# The conditions of the small indexes of clips and of faults, word for word: a parameter
# would hide them from SQLite.
_IS_A_CLIP = RawSQL("recordings_copy.purpose = 'clip'", (), output_field=BooleanField())
_HAS_A_FAULT = RawSQL(
    "recordings_recording.id IN (SELECT f.id FROM recordings_recording f WHERE f.fault > '')",
    (),
    output_field=BooleanField(),
)


def odd_among(due: QuerySet[Any]) -> dict[str, Any]:
    """Return how many of these are odd and in which way, and the ten odd in the most ways.

    ``due`` has the keys of the recordings: of themselves, or of the notes about them.
    """
    ways: dict[int, list[str]] = defaultdict(list)
    counts = []
    for odd, found in _found(due):
        keys = [key for (key,) in rows_of(found.order_by().values_list("pk"))]
        if keys:
            counts.append({"what": odd.value, "recordings": len(keys)})
        for key in nsmallest(_LOOKED_AT, keys):
            ways[key].append(odd.value)
    numbers = Counter({key: len(why) for key, why in ways.items()})
    # Those found first first, which are the oldest ones as far as keys tell.
    strangest = sorted(numbers, key=lambda key: (-numbers[key], key))[:_STRANGEST]
    rows = Recording.objects.in_bulk(strangest)
    named = named_of(rows[key] for key in strangest)
    return {
        "odd": counts,
        "strangest": [
            {**each, "why": ways[key]} for key, each in zip(strangest, named, strict=True)
        ],
    }


def named_of(recordings: Iterable[Recording]) -> list[dict[str, Any]]:
    """Return recordings as a letter names them: by handle, when filmed, and how long."""
    return [
        {"handle": each.handle, "started_at": rfc3339(each.started_at), "seconds": each.seconds}
        for each in recordings
    ]


def _found(due: QuerySet[Any]) -> Iterator[tuple[Odd, QuerySet[Recording]]]:
    open_gaps = Gap.objects.filter(closed_at=None)
    short = open_gaps.filter(recording=None).order_by().values("camera")
    clips = Copy.objects.filter(_IS_A_CLIP).values_list("original__recording", flat=True)
    these = Recording.objects.filter(Exists(due.filter(pk=OuterRef("pk"))))
    yield Odd.NOTED, _of(Note.objects.all(), due).filter(category=None)
    yield Odd.MARKED, _of(Bookmark.objects.all(), due).filter(category=None)
    yield Odd.CLIPPED, these.filter(pk__in=among(set(clips)))
    yield Odd.GIVEN, _of(Recipient.objects.all(), due)
    yield Odd.FILES_MISSING, _of(open_gaps.exclude(recording=None), due)
    yield Odd.CAMERA_SHORT, these.filter(camera__in=short)
    yield Odd.LATE, _of(LateDocking.objects.filter(reason=""), due)
    yield Odd.FAULTY, these.filter(_HAS_A_FAULT)


def _of(rows: QuerySet[Any], due: QuerySet[Any]) -> QuerySet[Recording]:
    return Recording.objects.filter(pk__in=in_due(rows, due).values("recording"))
