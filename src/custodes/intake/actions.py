"""Take files in: begin, receive, conclude; or put in quarantine, or clear away."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from custodes.custody import strongroom
from custodes.custody.actions import record
from custodes.custody.events import ArrivalRefused, UploadDiscarded, UploadQuarantined
from custodes.custody.rules import Actor
from custodes.fleet.models import Camera, Dock
from custodes.intake.commitment import commit_in_sandbox
from custodes.intake.errors import Busy, CutShort, NeverStorable, Quarantined
from custodes.intake.models import Upload
from custodes.intake.reception import Hashes, Received, Reception
from custodes.intake.rules import Arrival, Kind, Promise, State, broken_promises, is_safe_name
from custodes.kernel.clock import now
from custodes.people.models import Person
from custodes.vault.sealed import SealedWriter

OBJECT_KIND = "original"
_PROGRESS_EVERY = 1.0


@dataclass(frozen=True, slots=True)
class Offer:
    """What a door knows of a file before its first byte."""

    door: str
    name: str
    kind: Kind
    source_key: str
    camera: Camera | None
    promise: Promise
    told: dict[str, Any]
    dock: Dock | None = None
    person: Person | None = None
    lasting: timedelta | None = None
    who: str = ""


def begin_upload(offer: Offer, *, at: datetime) -> Upload:
    """Make room for a file. The row and its key are durable before the first byte.

    Raises NeverStorable for a name or a size that cannot be, Busy when as many
    uploads as allowed are under way, OutOfSpace when the disk is too full.
    """
    _refuse_impossible(offer)
    under_way = Upload.objects.filter(state=State.RECEIVING, heard_at__gt=at - timedelta(minutes=1))
    if under_way.count() >= settings.CUSTODES.maximum_uploads:
        raise Busy(f"{settings.CUSTODES.maximum_uploads} uploads are under way.")
    strongroom.vault().store.make_sure_of_room(offer.promise.size or 0)

    _, wrapped = strongroom.ring().new_key()
    return Upload.objects.create(
        door=offer.door,
        dock=offer.dock,
        person=offer.person,
        camera=offer.camera,
        who=offer.who[:100],
        source_key=offer.source_key,
        name=offer.name,
        kind=offer.kind,
        told=offer.told,
        promised_size=offer.promise.size,
        promised_sha256=offer.promise.sha256 or "",
        kid=wrapped.kid,
        epoch=wrapped.epoch,
        wrapped=wrapped.wrapped,
        began_at=at,
        heard_at=at,
        expires_at=at + offer.lasting if offer.lasting else None,
    )


def open_reception(upload: Upload, *, md5: bool = False) -> Reception:
    """Return a reception for an upload whose first byte is still to come."""
    key = strongroom.ring().unwrap(upload.key)
    writer = strongroom.vault().begin(upload.handle, OBJECT_KIND, key)
    return _reception(upload, writer, Hashes(md5=md5))


def resume_reception(upload: Upload) -> Reception:
    """Return a reception that goes on where the last process was killed.

    What was sealed is read back, checked and hashed again; ``position`` says
    from which byte the sender must go on.
    """
    hashes = Hashes()
    key = strongroom.ring().unwrap(upload.key)
    writer = strongroom.vault().resume(upload.handle, OBJECT_KIND, key, on_plain=hashes.update)
    return _reception(upload, writer, hashes)


def receive_all(
    upload: Upload,
    blocks: Iterable[bytes],
    *,
    md5: bool = False,
    is_held: Callable[[Arrival], bool] | None = None,
) -> Received:
    """Receive a whole file at once; raises CutShort when less than promised came.

    A client that dies looks like the end of a file, so the bytes are counted.
    """
    reception = open_reception(upload, md5=md5)
    progress = Progress(upload)
    try:
        for block in blocks:
            reception.feed(block)
            progress.note(reception.position)
        _make_sure_all_came(upload, reception.position)
        return reception.finish(is_held)
    except BaseException:
        # Whoever clears the upload away says in the record how much of it there was.
        Upload.objects.filter(pk=upload.pk).update(received=reception.position)
        reception.abandon()
        raise


def _make_sure_all_came(upload: Upload, position: int) -> None:
    if upload.promised_size not in (None, position):
        raise CutShort(f"{position} of {upload.promised_size} bytes of {upload.name} arrived.")


class Progress:
    """Tell the dock board about once a second how far an upload is."""

    def __init__(self, upload: Upload) -> None:
        self._upload = upload
        self._at = time.monotonic()
        self._position = upload.received

    def note(self, position: int) -> None:
        """Write the position down if a second has gone by."""
        seconds = time.monotonic() - self._at
        if seconds < _PROGRESS_EVERY:
            return
        rate = int((position - self._position) / seconds)
        Upload.objects.filter(pk=self._upload.pk).update(
            received=position, rate=rate, heard_at=now()
        )
        self._at, self._position = time.monotonic(), position


def conclude(
    upload: Upload, received: Received, promise: Promise, *, by: Actor, at: datetime
) -> Upload:
    """Compare what arrived with what was promised; quarantine what differs.

    Returns the upload as received. Raises Quarantined when it went there; the
    quarantine is committed, the exception only tells the sender.
    """
    upload.received = received.arrival.size
    upload.sha256 = received.arrival.sha256
    upload.md5 = received.arrival.md5 or ""
    upload.chunk_root = received.chunk_root
    upload.commitment = received.commitment
    upload.media_root = received.media_root
    upload.no_clip_proofs = received.no_clip_proofs
    upload.heard_at = upload.ended_at = at
    if reasons := broken_promises(promise, received.arrival):
        quarantine(upload, " ".join(reasons), by=by, at=at)
        raise Quarantined(" ".join(reasons))
    upload.state = State.RECEIVED
    upload.save()
    return upload


@transaction.atomic
def quarantine(upload: Upload, reason: str, *, by: Actor, at: datetime) -> None:
    """Keep a sealed upload apart, with the reason, and say so in the record."""
    upload.state, upload.reason = State.QUARANTINED, reason
    upload.ended_at = upload.ended_at or at
    upload.save()
    rejected = UploadQuarantined(
        size=upload.received, name=upload.name, reason=reason, sha256=upload.sha256
    )
    record(rejected, subject=upload.handle, by=by, at=at, because=reason)


@transaction.atomic
def discard(upload: Upload, reason: str, *, by: Actor, at: datetime) -> None:
    """Clear away an upload that was never acknowledged. Only unfinished ones go.

    The entry commits first and the bytes go after it, so that bytes never go
    without an entry; what a crash leaves behind is found as discarded by a scrub.
    """
    upload = Upload.objects.select_for_update().get(pk=upload.pk)
    if upload.state != State.RECEIVING:
        return
    upload.state, upload.reason, upload.ended_at = State.DISCARDED, reason, at
    upload.save(update_fields=["state", "reason", "ended_at"])
    promised = "an unknown number" if upload.promised_size is None else str(upload.promised_size)
    gone = UploadDiscarded(size=upload.received, promised=promised, name=upload.name, reason=reason)
    record(gone, subject=upload.handle, by=by, at=at, because=reason)
    transaction.on_commit(lambda: strongroom.vault().store.discard_incoming(upload.handle))


@transaction.atomic
def refuse_arrival(name: str, reason: str, *, subject: str, by: Actor, at: datetime) -> None:
    """Record that something was offered and refused before anything was taken in."""
    record(ArrivalRefused(name=name, reason=reason), subject=subject, by=by, at=at)


def _refuse_impossible(offer: Offer) -> None:
    if not is_safe_name(offer.name) or not is_safe_name(offer.source_key):
        raise NeverStorable("The name holds a path or control characters.")
    size = offer.promise.size
    if size is not None and size > settings.CUSTODES.maximum_upload_bytes:
        raise NeverStorable(f"{size} bytes is more than a single file may have here.")


def _reception(upload: Upload, writer: SealedWriter, hashes: Hashes) -> Reception:
    commit = commit_in_sandbox if upload.kind == Kind.VIDEO else None
    return Reception(writer, hashes, upload.promised_size, commit=commit)
