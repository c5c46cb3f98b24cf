"""Open entries of the register that nothing holds for, as a rehearsal of deletion points out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db.models import QuerySet

from custodes.oversight.models import Registered
from custodes.retention.models import HeldRecording
from custodes.retention.rules.periods import in_words
from custodes.retention.rules.rehearsed import Touch
from custodes.retention.touched import Touched, counted_by, in_due, touched


def open_in_register(due: QuerySet[Any]) -> Iterator[Touched]:
    """Yield how many of these were held for a complaint or a request that is still open.

    Its hold does not bind any more, or they would not be due: somebody released it early.
    """
    open_ones = Registered.objects.filter(closed_at=None).order_by().values("hold")
    held = in_due(HeldRecording.objects.filter(hold__in=open_ones), due)
    yield touched(Touch.REGISTER, *counted_by(held, "hold"), _named)


def _named(keys: list[int]) -> Iterator[tuple[str, str, str]]:
    found = {each.hold_id: each for each in Registered.objects.filter(hold__in=keys)}
    for entered in (found[key] for key in keys):
        received = f"received on {in_words(entered.received_on)}"
        yield entered.handle, str(entered), received
