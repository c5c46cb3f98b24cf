"""Take files in: begin, receive, conclude; or put in quarantine, or clear away."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import connection, transaction

from custodes.custody import strongroom
from custodes.custody.actions import record
from custodes.custody.events import ArrivalRefused, UploadDiscarded, UploadQuarantined
from custodes.custody.rules import Actor
from custodes.fleet.models import Camera, Dock
from custodes.intake.commitment import commit_in_sandbox
from custodes.intake.errors import Busy, CutShort, NeverStorable, Quarantined
from custodes.intake.inserting import insert_together
from custodes.intake.models import Upload
from custodes.intake.reception import Commit, Hashes, Received, Reception
from custodes.intake.rules import Arrival, Kind, Promise, State, broken_promises, is_safe_name
from custodes.kernel.clock import now
from custodes.kernel.errors import NotFound
from custodes.people.models import Person
from custodes.vault.keys import WrappedKey
from custodes.vault.sealed import SealedWriter

OBJECT_KIND = "original"
_PROGRESS_EVERY = 1.0
# Without the models: a whole shift's uploads are noted at once.
_ACCEPT = (
    "UPDATE intake_upload SET state = %s, received = %s, sha256 = %s, md5 = %s, chunk_root = %s,"
    " commitment = %s, media_root = %s, no_clip_proofs = %s, heard_at = %s, ended_at = %s,"
    " wrapped = %s"
    " WHERE id = %s"
)


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
    return begin_uploads([offer], at=at)[0]


@transaction.atomic
def begin_uploads(offers: Sequence[Offer], *, at: datetime) -> list[Upload]:
    """Make room for several files at once, in order; raises as begin_upload does, for all of them.

    One commit makes all the rows and their keys durable.
    """
    for offer in offers:
        make_sure_it_can_be(offer)
    under_way = Upload.objects.filter(state=State.RECEIVING, heard_at__gt=at - timedelta(minutes=1))
    if under_way.count() + len(offers) > settings.CUSTODES.maximum_uploads:
        raise Busy(f"{settings.CUSTODES.maximum_uploads} uploads are under way.")
    sizes = sum(offer.promise.size or 0 for offer in offers)
    strongroom.vault().store.make_sure_of_room(sizes)

    keys = strongroom.ring().new_keys(len(offers))
    return insert_together(
        [_begun(offer, key, at) for offer, key in zip(offers, keys, strict=True)]
    )


def open_reception(
    upload: Upload, *, md5: bool = False, commit: Commit = commit_in_sandbox
) -> Reception:
    """Return a reception for an upload whose first byte is still to come.

    ``commit`` makes the packet trees. Only who made the film a moment ago may do so
    outside the sandbox: whatever came from anywhere else is opened there alone.
    """
    key = strongroom.ring().unwrap(upload.key)
    writer = strongroom.vault().begin(upload.handle, OBJECT_KIND, key)
    return _reception(upload, writer, Hashes(md5=md5), commit)


def resume_reception(upload: Upload, *, commit: Commit = commit_in_sandbox) -> Reception:
    """Return a reception that goes on where the last process was killed.

    What was sealed is read back, checked and hashed again; ``position`` says
    from which byte the sender must go on. ``commit`` is as for open_reception.
    """
    hashes = Hashes()
    key = strongroom.ring().unwrap(upload.key)
    writer = strongroom.vault().resume(upload.handle, OBJECT_KIND, key, on_plain=hashes.update)
    return _reception(upload, writer, hashes, commit)


def go_on(upload: Upload, *, commit: Commit = commit_in_sandbox) -> Reception:
    """Return a reception for an upload that was begun, whether or not a byte of it came."""
    try:
        return resume_reception(upload, commit=commit)
    except NotFound:
        # Its row was written, but not a byte of it came.
        return open_reception(upload, commit=commit)


def receive_all(
    upload: Upload,
    blocks: Iterable[bytes],
    *,
    md5: bool = False,
    is_held: Callable[[Arrival], bool] | None = None,
    commit: Commit = commit_in_sandbox,
) -> Received:
    """Receive a whole file at once; raises CutShort when less than promised came.

    A client that dies looks like the end of a file, so the bytes are counted.
    ``commit`` is as for open_reception.
    """
    reception = open_reception(upload, md5=md5, commit=commit)
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
    _put_down(upload, received, at)
    if reasons := broken_promises(promise, received.arrival):
        quarantine(upload, " ".join(reasons), by=by, at=at)
        raise Quarantined(" ".join(reasons))
    upload.state = State.RECEIVED
    upload.save()
    return upload


@transaction.atomic
def accept_together(received: Sequence[tuple[Upload, Received]], *, at: datetime) -> None:
    """Note of uploads that all is as promised and that each is an original now.

    The caller compared them, and makes the originals and their entries in the same transaction:
    the keys stand with those from now on, and here in hand only.
    """
    for upload, each in received:
        _put_down(upload, each, at)
        upload.state = State.ACCEPTED
    moment = connection.ops.adapt_datetimefield_value(at)
    rows: list[tuple[Any, ...]] = [
        (u.state, u.received, u.sha256, u.md5, u.chunk_root, u.commitment, u.media_root,
         u.no_clip_proofs, moment, moment, b"", u.pk)
        for u, _ in received
    ]  # fmt: skip
    with connection.cursor() as cursor:
        cursor.executemany(_ACCEPT, rows)


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


def _put_down(upload: Upload, received: Received, at: datetime) -> None:
    """Put what arrived into the columns of its upload; saving it is the caller's."""
    upload.received = received.arrival.size
    upload.sha256 = received.arrival.sha256
    upload.md5 = received.arrival.md5 or ""
    upload.chunk_root = received.chunk_root
    upload.commitment = received.commitment
    upload.media_root = received.media_root
    upload.no_clip_proofs = received.no_clip_proofs
    upload.heard_at = upload.ended_at = at


def make_sure_it_can_be(offer: Offer) -> None:
    """Raise NeverStorable for a name or a size that cannot be."""
    if not is_safe_name(offer.name) or not is_safe_name(offer.source_key):
        raise NeverStorable("The name holds a path or control characters.")
    size = offer.promise.size
    if size is not None and size > settings.CUSTODES.maximum_upload_bytes:
        raise NeverStorable(f"{size} bytes is more than a single file may have here.")


def _reception(upload: Upload, writer: SealedWriter, hashes: Hashes, commit: Commit) -> Reception:
    has_packets = upload.kind == Kind.VIDEO
    return Reception(writer, hashes, upload.promised_size, commit=commit if has_packets else None)


def _begun(offer: Offer, key: WrappedKey, at: datetime) -> Upload:
    return Upload(
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
        kid=key.kid,
        epoch=key.epoch,
        wrapped=key.wrapped,
        began_at=at,
        heard_at=at,
        expires_at=at + offer.lasting if offer.lasting else None,
    )
