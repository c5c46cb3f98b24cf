"""Recipients of shares who ask for more and wait, as a rehearsal of deletion points them out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from custodes.disclosure.models import Item, Share, Wish
from custodes.retention.rules.periods import in_words
from custodes.retention.rules.rehearsed import Touch
from custodes.retention.touched import Touched, counted_by, in_due, touched


def waiting_for_an_answer(due: QuerySet[Any]) -> Iterator[Touched]:
    """Yield how many of these were shared with somebody who asks for more and has no answer."""
    waiting = Wish.objects.filter(answered_at=None).order_by().values("share")
    items = in_due(Item.objects.filter(share__in=waiting), due)
    yield touched(Touch.WISH, *counted_by(items, "share"), _named)


def _named(keys: list[int]) -> Iterator[tuple[str, str, str]]:
    """Name shares by their case: who was given them is personal, and the letter is kept."""
    found = Share.objects.select_related("case").in_bulk(keys)
    for share in (found[key] for key in keys):
        yield share.handle, str(share.case), f"shared on {in_words(share.made_at)}"
