"""The first entry of the log: its name and the formats it is written in."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction

from custodes.custody.actions import record
from custodes.custody.appending import lock_end
from custodes.custody.events import LogBegun
from custodes.custody.models import Entry
from custodes.custody.rules import Actor
from custodes.kernel.ids import new_handle

# The version of each format an entry may carry, so that a reader in thirty
# years knows which documents to look up.
FORMATS = "custodes-entry/v1 custodes-body/v1 custodes-media/v1 custodes-floe/v1"


@transaction.atomic
def begin_log(*, by: Actor, at: datetime) -> None:
    """Write the first entry of an empty log; a log that was begun is left alone."""
    lock_end()  # two that start at once begin one log
    if Entry.objects.exists():
        return
    begun = LogBegun(origin=settings.CUSTODES.origin, formats=FORMATS)
    record(begun, subject=new_handle(), by=by, at=at)
