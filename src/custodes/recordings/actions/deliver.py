"""Take in a file whose sender says everything at once: what it is, and of which recording.

The tus door, the import command and the sweep after a crash all end here. A
recording comes into being with its first proved file, in one transaction with
the custody entries: nobody sees one that has not wholly arrived.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import PurePath
from typing import NamedTuple

import structlog
from django.db import transaction

from custodes.custody import strongroom
from custodes.custody.events import OriginalSealed
from custodes.custody.queries import history_of
from custodes.custody.rules import SYSTEM, Actor
from custodes.fleet.errors import UnknownCamera
from custodes.fleet.models import Camera, Dock
from custodes.fleet.queries import camera_with_serial, cameras_with_serials
from custodes.intake.actions import (
    Offer,
    begin_uploads,
    conclude,
    make_sure_it_can_be,
    refuse_arrival,
)
from custodes.intake.errors import CutShort, NeverStorable, Quarantined
from custodes.intake.models import Upload
from custodes.intake.receipts import write_receipt
from custodes.intake.reception import Received
from custodes.intake.resumable import Turn, sealed_but_unfinished
from custodes.intake.rules import Arrival, Kind, Promise, why_not_storable
from custodes.intake.rules import State as UploadState
from custodes.kernel.clock import parse_rfc3339
from custodes.kernel.errors import NotFound, Refused
from custodes.kernel.ids import new_handle
from custodes.recordings.actions.arrive import (
    complete,
    holds_already,
    open_recording,
    take_in,
    tell_more,
)
from custodes.recordings.actions.things import say_origin
from custodes.recordings.arriving import Announcement, brought_by
from custodes.recordings.models import Original, Recording
from custodes.recordings.origins import Origin, Source, source_said
from custodes.recordings.rules import CameraTimes, widened

log = structlog.get_logger()

# What is said of a file rather than of the recording it belongs to.
_OF_THE_FILE = frozenset(
    ["filename", "kind", "sha256", "filetype", "files", "camera", "recording", "Upload-Metadata"]
)
# What somebody who imports by hand says of where it comes from; for a dock it means nothing.
_OF_THE_SOURCE = frozenset(["origin", "thing", "taken_from"])
_BY_HAND = "import"
_KINDS = {
    **dict.fromkeys((".mp4", ".mkv", ".mov", ".avi", ".ts", ".mts", ".m4v", ".webm"), Kind.VIDEO),
    **dict.fromkeys((".gpx", ".srt"), Kind.TRACK),
}
# The doors whose senders say everything before the first byte.
_DOORS = ("tus", _BY_HAND)
_IN_FLIGHT = timedelta(minutes=2)


@dataclass(frozen=True, slots=True)
class Sender:
    """Who delivers, and through which door; ``lasting`` is how long pauses may be."""

    door: str
    by: Actor
    dock: Dock | None = None
    lasting: timedelta | None = None


class Offered(NamedTuple):
    """What is said of a file, how many bytes it has, and who offers it."""

    said: Mapping[str, str]
    size: int
    sender: Sender


def begin_delivery(said: Mapping[str, str], size: int, sender: Sender, *, at: datetime) -> Upload:
    """Make room for a file, after what is said of it makes sense.

    ``said`` holds filename, camera (its serial number), and where they apply
    recording, started_at, ended_at (RFC 3339), kind, sha256 (hex), files (how many
    the recording has), and from whoever imports by hand origin, thing and taken_from;
    anything else is kept. A refusal is recorded. Raises UnknownCamera or NeverStorable,
    or what begin_upload raises.
    """
    return begin_deliveries([Offered(said, size, sender)], at=at)[0]


def begin_deliveries(offered: Sequence[Offered], *, at: datetime) -> list[Upload]:
    """Make room for several files, of one sender or of several, with one commit.

    What is refused of one refuses all, and is recorded of that one.
    """
    cameras = cameras_with_serials({each.said.get("camera", "") for each in offered})
    offers = [_offer_or_refuse(each, cameras, at) for each in offered]
    return begin_uploads(offers, at=at)


def is_held(upload: Upload, arrival: Arrival) -> bool:
    """Say whether this very file is held already in the recording it belongs to."""
    recording = _recording_of(upload)
    return recording is not None and holds_already(recording, upload.name, arrival)


def deliver(upload: Upload, received: Received, *, by: Actor, at: datetime) -> Original:
    """Prove a received file and take it in; doing so twice is no harm.

    Raises Quarantined when it is not what was promised; that is committed.
    """
    with transaction.atomic():
        upload = Upload.objects.select_for_update().get(pk=upload.pk)
        if upload.state == UploadState.RECEIVING:
            _prove_and_take_in(upload, received, by=by, at=at)
    if upload.state == UploadState.QUARANTINED:
        raise Quarantined(upload.reason)
    return original_of(upload)


def is_delivered(upload: Upload) -> bool:
    """Say whether the file was taken in, or was held already, so that it has a receipt."""
    held_already = upload.state == UploadState.DISCARDED and upload.sha256 != ""
    return upload.state == UploadState.ACCEPTED or held_already


def original_of(upload: Upload) -> Original:
    """Return the original a delivered upload became, or is the same as; raises NotFound."""
    if upload.state == UploadState.ACCEPTED:
        return Original.objects.select_related("recording").get(upload=upload)
    held = Original.objects.select_related("recording").filter(
        recording__camera=upload.camera,
        recording__source_key=upload.source_key,
        name=upload.name,
        sha256=upload.sha256 or "-",
    )
    if not is_delivered(upload) or not (original := held.first()):
        raise NotFound("This upload was not taken in.")
    return original


def receipt_for(upload: Upload) -> str:
    """Return the signed receipt of a delivered upload; raises NotFound for any other."""
    original = original_of(upload)
    recording = original.recording
    told = next(
        told
        for told in history_of(recording.handle)
        if told.kind == OriginalSealed.kind and told.facts["o"] == original.handle
    )
    return write_receipt(
        recording.handle,
        original.handle,
        name=original.name,
        sha256=original.sha256,
        size=original.size,
        entry=told.index,
        leaf=told.leaf,
        at=told.at,
    )


def finish_what_was_sealed(at: datetime) -> int:
    """Take in what arrived whole just before a crash; return how many files.

    Leaves alone what a server may be taking in at this moment.
    """
    finished = 0
    for upload in sealed_but_unfinished(at - _IN_FLIGHT, _DOORS):
        try:
            with Turn(upload) as turn:
                received = turn.finish()
            deliver(upload, received, by=brought_by(upload, SYSTEM), at=at)
            finished += 1
        except Refused as refused:
            # Not acknowledged and not lost: it stays as it is, the others go on.
            log.warning("upload.not_finished", upload=upload.handle, reason=refused.reason)
    return finished


def _prove_and_take_in(upload: Upload, received: Received, *, by: Actor, at: datetime) -> None:
    if not received.sealed and not is_held(upload, received.arrival):
        raise CutShort("The file that was held already is not any more.")
    promise = Promise(size=upload.promised_size, sha256=upload.promised_sha256 or None)
    try:
        conclude(upload, received, promise, by=by, at=at)
    except Quarantined:
        return
    known = _recording_of(upload)
    recording = known or open_recording(announcement_of(upload), by=by, at=at)[0]
    take_in(recording, upload, by=by, at=at)
    # What went into quarantine says nothing about the recording whose file it is not.
    if known and upload.told.get("started_at") and upload.state != UploadState.QUARANTINED:
        told = announcement_of(upload)
        tell_more(known, widened(known.times, told.times), told.told, by=by, at=at)
    if upload.state != UploadState.QUARANTINED:
        by_hand = recording.source == _BY_HAND
        say_origin(recording, source_of(upload), by_hand=by_hand, by=by, at=at)
    if upload.state != UploadState.QUARANTINED and recording.originals.count() >= files_of(upload):
        complete(recording, by=by, at=at)
    if not received.sealed:
        transaction.on_commit(lambda: _clear_incoming(upload.handle))


def _clear_incoming(handle: str) -> None:
    strongroom.vault().store.discard_incoming(handle)


def _offer_or_refuse(offered: Offered, cameras: Mapping[str, Camera], at: datetime) -> Offer:
    said, size, sender = offered
    try:
        camera = cameras.get(said.get("camera", "")) or camera_with_serial(said.get("camera", ""))
        offer = _offer(said, size, camera, sender, at)
        make_sure_it_can_be(offer)
    except (UnknownCamera, NeverStorable) as refused:
        subject = sender.dock.handle if sender.dock else new_handle()
        name = said.get("filename") or "a file without a name"
        refuse_arrival(name[:255], refused.reason, subject=subject, by=sender.by, at=at)
        raise
    return offer


def _offer(
    said: Mapping[str, str], size: int, camera: Camera, sender: Sender, at: datetime
) -> Offer:
    name = said.get("filename", "")
    try:
        _source(said, sender.door)
    except ValueError as error:
        raise NeverStorable(str(error)) from None
    offer = Offer(
        door=sender.door,
        name=name,
        kind=_kind(said),
        source_key=said.get("recording") or name,
        camera=camera,
        promise=Promise(size=size, sha256=_sha256(said)),
        told=dict(said),
        dock=sender.dock,
        lasting=sender.lasting,
    )
    if said.get("started_at") or not _is_known(camera, offer.source_key):
        why_not = why_not_storable(_time(said, "started_at"), _time(said, "ended_at"), at)
        if why_not:
            raise NeverStorable(why_not)
    return offer


def _is_known(camera: Camera, source_key: str) -> bool:
    return Recording.objects.filter(camera=camera, source_key=source_key).exists()


def _kind(said: Mapping[str, str]) -> Kind:
    if "kind" not in said:
        return _KINDS.get(PurePath(said.get("filename", "")).suffix.lower(), Kind.OTHER)
    if said["kind"] not in list(Kind):
        raise NeverStorable(f"{said['kind']!r} is not a kind of file: {', '.join(Kind)}.")
    return Kind(said["kind"])


def _sha256(said: Mapping[str, str]) -> str | None:
    digest = said.get("sha256")
    if digest is None:
        return None
    if len(digest) != 64 or not set(digest.lower()) <= set("0123456789abcdef"):
        raise NeverStorable("The sha256 is not 64 hexadecimal digits.")
    return digest.lower()


def _time(said: Mapping[str, str], key: str) -> datetime | None:
    if not said.get(key):
        return None
    try:
        return parse_rfc3339(said[key])
    except (ValueError, OverflowError):
        reason = f"{key} is {said[key]!r}, which is not a time with a zone (RFC 3339)."
        raise NeverStorable(reason) from None


def files_of(upload: Upload) -> int:
    """Return how many files the sender says the recording has."""
    number = str(upload.told.get("files", "1"))
    return int(number) if number.isdecimal() and len(number) < 6 else 1


def source_of(upload: Upload) -> Source:
    """Return what a file is a copy of, as who imported it by hand said."""
    return _source(upload.told, upload.door)


def _source(said: Mapping[str, str], door: str) -> Source:
    if door != _BY_HAND:
        return Source(Origin.POLICE_GENERATED)
    origin = said.get("origin", Origin.POLICE_GENERATED)
    return source_said(origin, said.get("thing", ""), said.get("taken_from", ""))


def _recording_of(upload: Upload) -> Recording | None:
    return Recording.objects.filter(camera=upload.camera, source_key=upload.source_key).first()


def announcement_of(upload: Upload) -> Announcement:
    """Return what the sender says of the recording a file belongs to; raises CutShort."""
    started_at = _time(upload.told, "started_at")
    if upload.camera is None or started_at is None:
        raise CutShort("The recording this file belongs to is not known.")
    not_told = _OF_THE_FILE | (_OF_THE_SOURCE if upload.door == _BY_HAND else frozenset())
    return Announcement(
        camera=upload.camera,
        source=upload.door,
        source_key=upload.source_key,
        times=CameraTimes(started_at, _time(upload.told, "ended_at")),
        told={key: value for key, value in upload.told.items() if key not in not_told},
        dock=upload.dock,
    )
