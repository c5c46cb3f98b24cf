"""Take in many files whose sender says everything at once, by sets.

The same as :mod:`deliver` for each by itself. What is new, plain and as promised goes
by sets; anything else, however odd, goes through ``deliver`` in the same transaction.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import groupby
from typing import NamedTuple

from django.db import transaction

from custodes.custody.rules import Actor
from custodes.fleet.models import Camera
from custodes.intake.actions import accept_together
from custodes.intake.errors import Quarantined
from custodes.intake.models import Upload
from custodes.intake.reception import Received
from custodes.intake.rules import Promise, State, broken_promises
from custodes.recordings.actions.arrive_together import Arrival, take_in_together
from custodes.recordings.actions.deliver import announcement_of, deliver, files_of, source_of
from custodes.recordings.arriving import brought_by
from custodes.recordings.models import Original, Recording


class Delivery(NamedTuple):
    """A file that was received, and what it was received as."""

    upload: Upload
    received: Received


@transaction.atomic
def deliver_together(
    deliveries: Sequence[Delivery], *, by: Actor, at: datetime
) -> list[Original | None]:
    """Prove received files and take them in, one commit for all; None went to quarantine.

    ``by`` is who delivers what no dock brought. Doing so twice is no harm.
    """
    taken: list[Original | None] = []
    for is_plain, some in _in_order(deliveries):
        if is_plain:
            taken += _take_in(some, by=by, at=at)
        else:
            taken += [_deliver(delivery, by=by, at=at) for delivery in some]
    return taken


def _take_in(plain: Sequence[Delivery], *, by: Actor, at: datetime) -> list[Original]:
    accept_together(plain, at=at)
    # As they are now, and not as they were when the files were announced.
    cameras = Camera.objects.in_bulk({upload.camera_id for upload, _ in plain})
    for upload, _ in plain:
        upload.camera = cameras.get(upload.camera_id)
    arrivals = [Arrival(announcement_of(upload), upload) for upload, _ in plain]
    return take_in_together(arrivals, by=by, at=at)


def _deliver(odd: Delivery, *, by: Actor, at: datetime) -> Original | None:
    try:
        return deliver(odd.upload, odd.received, by=brought_by(odd.upload, by), at=at)
    except Quarantined:
        return None  # that is written down and goes on record


def _in_order(deliveries: Sequence[Delivery]) -> Iterator[tuple[bool, list[Delivery]]]:
    """Yield deliveries in order, as many plain ones at a time as there are."""
    plain = _plain(deliveries)
    for is_plain, some in groupby(deliveries, key=lambda each: each.upload.pk in plain):
        yield is_plain, list(some)


def _plain(deliveries: Sequence[Delivery]) -> set[int]:
    """Return the uploads that go by sets: each the only file of a recording nobody knew of."""
    uploads = [delivery.upload for delivery in deliveries]
    waiting = Upload.objects.filter(pk__in=[u.pk for u in uploads], state=State.RECEIVING)
    open_still = set(waiting.select_for_update().values_list("pk", flat=True))
    names = Counter((upload.camera_id, upload.source_key) for upload in uploads)
    # Not by the cameras too: SQLite would try every name with every one of them.
    same = Recording.objects.filter(source_key__in={key for _, key in names})
    known = set(same.values_list("camera", "source_key"))
    return {
        upload.pk
        for upload, received in deliveries
        if upload.pk in open_still
        and names[upload.camera_id, upload.source_key] == 1
        and (upload.camera_id, upload.source_key) not in known
        and _is_plain(upload, received)
    }


def _is_plain(upload: Upload, received: Received) -> bool:
    promise = Promise(size=upload.promised_size, sha256=upload.promised_sha256 or None)
    whole = received.sealed and not broken_promises(promise, received.arrival)
    by_itself = files_of(upload) == 1 and bool(upload.told.get("started_at"))
    return whole and by_itself and not source_of(upload).is_a_thing
