"""Take the body of one object in, whole or not at all."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import timedelta
from typing import TYPE_CHECKING

from django.conf import settings

from custodes.custody.rules import Actor
from custodes.intake.actions import Offer, begin_upload, discard, receive_all
from custodes.intake.reception import Received
from custodes.intake.rules import Arrival, Kind
from custodes.kernel.clock import now
from custodes.kernel.errors import Refused

if TYPE_CHECKING:
    from custodes.intake.models import Upload


def receive(
    offer: Offer,
    blocks: Iterable[bytes],
    *,
    by: Actor,
    is_held: Callable[[Arrival], bool] | None = None,
) -> tuple[Upload, Received]:
    """Receive and seal a whole body; what stops half-way is cleared away with an entry."""
    upload = begin_upload(offer, at=now())
    try:
        return upload, receive_all(upload, blocks, md5=True, is_held=is_held)
    except BaseException as stopped:
        # Nothing was acknowledged, and this protocol cannot go on half-way: it sends again.
        discard(upload, _in_words(stopped), by=by, at=now())
        raise


def unfinished_for() -> timedelta:
    """Return how long an upload whose server was killed waits to be cleared away."""
    return timedelta(hours=settings.CUSTODES.upload_expiry_hours)


def kind_of(name: str, file_type: str = "") -> Kind:
    """Return what an object is, by what the specification calls it."""
    lower = name.lower()
    if lower.endswith(".key") or file_type == "key":
        return Kind.KEY
    if lower.endswith((".mkv", ".mp4")):
        return Kind.VIDEO
    if lower.endswith("_gpstrail.json"):
        return Kind.TRACK
    return Kind.BOOKMARK if lower.startswith("bookmark_") else Kind.OTHER


def _in_words(stopped: BaseException) -> str:
    return stopped.reason if isinstance(stopped, Refused) else "The server could not go on."
