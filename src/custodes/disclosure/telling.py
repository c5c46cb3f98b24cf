"""Enter what happens to a share with its case and with every recording that is part of it."""

from __future__ import annotations

from datetime import datetime

from custodes.custody.actions import record_all
from custodes.custody.appending import Happening
from custodes.custody.events import Event
from custodes.custody.rules import Actor
from custodes.disclosure.models import Share


def tell(share: Share, event: Event, because: str = "", *, by: Actor, at: datetime) -> None:
    """Enter an event with the case and with each recording of a share, in this transaction."""
    recordings = share.items.order_by("recording").values_list("recording__handle", flat=True)
    subjects = [share.case.handle, *dict.fromkeys(recordings)]
    record_all((Happening(event, subject, because) for subject in subjects), by=by, at=at)
