"""Read the custody record in order and write down what each entry asks for.

The cursor and the errands commit together, so an entry is neither passed over
nor read twice, wherever the process dies. Entries commit in the order of their
index (one writer at a time), so nothing turns up behind the cursor.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.db import transaction

from custodes.custody.queries import entries_after
from custodes.kernel.clock import now
from custodes.worker.models import Cursor, Errand
from custodes.worker.reactions import REACTIONS

_CURSOR = "reactions"
_AT_ONCE = 200


def read_on() -> int:
    """Read what is new, up to a limit; return how many entries that was."""
    if not entries_after(_position(), 1):
        return 0
    with transaction.atomic():
        Cursor.objects.get_or_create(name=_CURSOR)
        cursor = Cursor.objects.select_for_update().get(name=_CURSOR)
        entries = entries_after(cursor.position, _AT_ONCE)
        if not entries:
            return 0
        # What was put back from a mirror asks for nothing: what it was about is not here.
        asked = ((entry.index, entry.kind, entry.subject) for entry in entries if entry.body)
        Errand.objects.bulk_create(_errands(asked), ignore_conflicts=True)
        cursor.position = entries[-1].index
        cursor.save(update_fields=["position"])
    return len(entries)


def _position() -> int:
    position = Cursor.objects.filter(name=_CURSOR).values_list("position", flat=True).first()
    return -1 if position is None else position


def _errands(entries: Iterable[tuple[int, str, str]]) -> Iterator[Errand]:
    at = now()
    for index, kind, subject in entries:
        # A kind this release does not know was written by a newer one, which will see to it.
        for reaction in REACTIONS.get(kind, ()):
            yield Errand(
                entry=index,
                reaction=reaction.__name__,
                subject=subject,
                made_at=at,
                not_before=at,
            )
