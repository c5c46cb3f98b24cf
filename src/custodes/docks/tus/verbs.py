"""What each tus verb does: begin an upload, ask how far it is, send bytes, withdraw it."""

from __future__ import annotations

import threading
from functools import partial
from http import HTTPStatus
from typing import TYPE_CHECKING

from django.conf import settings

from custodes.docks.http import Answer, Declined, in_words
from custodes.docks.tus import headers
from custodes.docks.tus.request import (
    OCTETS,
    PATH,
    Mismatch,
    Request,
    expires,
    lasting,
    no_content,
)
from custodes.intake.actions import Progress, refuse_arrival
from custodes.intake.errors import Busy, UploadGone
from custodes.intake.resumable import Turn, note_position, withdraw
from custodes.intake.rules import State
from custodes.kernel.clock import now
from custodes.recordings.actions.deliver import (
    Sender,
    begin_delivery,
    deliver,
    is_delivered,
    is_held,
    receipt_for,
)

if TYPE_CHECKING:
    from custodes.intake.models import Upload

# A body with a checksum is held in memory until it is whole and right, so that
# bytes that fail never touch the upload; this bounds how much that can cost.
MOST_CHECKED = 16 << 20
_CHECKED_AT_ONCE = 16
_BUFFER_WITHIN = 20.0
_buffers = threading.BoundedSemaphore(_CHECKED_AT_ONCE)


def create(request: Request, sender: Sender) -> Answer:
    """Answer POST: make room for a file (creation), and take its first bytes if they came."""
    if request.body.is_chunked:
        request.body.demand_length()
    if request.body.length:
        _refuse_other_type(request)
    size, said = _offered(request, sender)
    upload = begin_delivery(said, size, sender, at=request.at)

    told = [("Location", f"{PATH}/{upload.handle}"), expires(request.at + lasting())]
    if request.body.length or size == 0:
        answer = write(request, upload, sender, 0)
        told += [header for header in answer.headers if header[0] != "Upload-Expires"]
    return Answer(HTTPStatus.CREATED, headers=tuple(told))


def head(upload: Upload, sender: Sender) -> Answer:
    """Answer HEAD: say how much is here, after finishing what a crash left unfinished."""
    if upload.state == State.RECEIVING:
        try:
            with Turn(upload) as turn:
                position = turn.position
                if position == upload.promised_size:
                    _accept(turn, upload, sender)
            told = [expires(upload.expires_at)] if upload.expires_at else []
            return _progress_of(upload, position, *told)
        except UploadGone:
            pass  # another request brought it to an end meanwhile
    _refuse_what_is_over(upload)
    return _progress_of(upload, upload.received, _receipt_at(upload))


def patch(request: Request, upload: Upload, sender: Sender) -> Answer:
    """Answer PATCH: take in bytes at the offset, all of which must be the next ones."""
    _refuse_other_type(request)
    offset = headers.number(request.header("Upload-Offset"), "Upload-Offset")
    if upload.state != State.RECEIVING:
        _refuse_what_is_over(upload)
        _refuse_other_offset(upload.received, offset)
        _refuse_overlong(upload, offset, request.body.demand_length())
        return no_content(("Upload-Offset", str(offset)), _receipt_at(upload))
    return write(request, upload, sender, offset)


def write(request: Request, upload: Upload, sender: Sender, offset: int) -> Answer:
    """Take the body in as the next bytes of an upload; the last one brings its receipt."""
    length = request.body.demand_length()
    wanted = headers.checksum(request.header("Upload-Checksum"))
    with Turn(upload) as turn:
        _refuse_other_offset(turn.position, offset)
        _refuse_overlong(upload, offset, length)
        if wanted is None:
            _stream(request, turn, upload)
        else:
            _take_checked(request, turn, wanted)
        position = turn.settle()
        here = ("Upload-Offset", str(position))
        if position == upload.promised_size:
            _accept(turn, upload, sender)
            return no_content(here, _receipt_at(upload))
        at = now()
        note_position(upload, position, lasting=lasting(), at=at)
    return no_content(here, expires(at + lasting()))


def delete(request: Request, upload: Upload, sender: Sender) -> Answer:
    """Answer DELETE: clear away an upload that was not taken in (termination)."""
    if upload.state in (State.ACCEPTED, State.QUARANTINED) or is_delivered(upload):
        kept = "What was taken in is evidence and cannot be withdrawn here."
        raise Declined(HTTPStatus.FORBIDDEN, kept)
    _refuse_what_is_over(upload)
    withdraw(upload, by=sender.by, at=request.at)
    return no_content()


def receipt(upload: Upload) -> Answer:
    """Answer GET of a receipt; there is none before the file is taken in."""
    return in_words(HTTPStatus.OK, receipt_for(upload).removesuffix("\n"))


def _offered(request: Request, sender: Sender) -> tuple[int, dict[str, str]]:
    """Return the size of a file and what is said of it; what can never be is recorded."""
    said: dict[str, str] = {}
    try:
        said = headers.metadata(request.header("Upload-Metadata"))
        return _size(request), said
    except Declined as declined:
        refuse_arrival(
            (said.get("filename") or "a file without a name")[:255],
            declined.reason,
            subject=sender.by.handle,
            by=sender.by,
            at=request.at,
        )
        raise


def _size(request: Request) -> int:
    if request.header("Upload-Defer-Length") or request.header("Upload-Concat"):
        raise Declined(
            HTTPStatus.BAD_REQUEST, "Send Upload-Length; parts and later lengths are not taken."
        )
    size = headers.number(request.header("Upload-Length"), "Upload-Length")
    if size > settings.CUSTODES.maximum_upload_bytes:
        raise Declined(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, f"{size} bytes is more than is taken.")
    return size


def _stream(request: Request, turn: Turn, upload: Upload) -> None:
    # A sender that dies looks like the end of its body: whatever came counts, and
    # the offset in the answer says how much that was.
    progress = Progress(upload)
    for block in request.body.blocks():
        turn.feed(block)
        progress.note(turn.position)


def _take_checked(request: Request, turn: Turn, wanted: headers.Checksum) -> None:
    if (request.body.length or 0) > MOST_CHECKED:
        most = (
            f"A request with a checksum may carry {MOST_CHECKED} bytes at most; send smaller ones."
        )
        raise Declined(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, most)
    if not _buffers.acquire(timeout=_BUFFER_WITHIN):
        raise Busy("Too many requests with checksums at once.")
    try:
        came = bytearray()
        for block in request.body.blocks():
            came += block
            turn.wait_on()
        if not wanted.fits(bytes(came)):
            raise Mismatch(f"The {wanted.algorithm} of the {len(came)} bytes that came is another.")
        turn.feed(bytes(came))
    finally:
        _buffers.release()


def _accept(turn: Turn, upload: Upload, sender: Sender) -> None:
    received = turn.finish(partial(is_held, upload))
    deliver(upload, received, by=sender.by, at=now())
    upload.refresh_from_db()


def _progress_of(upload: Upload, position: int, *more: tuple[str, str]) -> Answer:
    told = [
        ("Upload-Offset", str(position)),
        ("Upload-Length", str(upload.promised_size)),
        ("Cache-Control", "no-store"),
        *more,
    ]
    if raw := upload.told.get(headers.RAW):
        told.append((headers.RAW, raw))
    return Answer(HTTPStatus.OK, headers=tuple(told))


def _receipt_at(upload: Upload) -> tuple[str, str]:
    return "Custodes-Receipt", f"{PATH}/{upload.handle}/receipt"


def _refuse_what_is_over(upload: Upload) -> None:
    """Pass an upload that is under way, or was delivered; nothing else has an offset."""
    if upload.state == State.RECEIVING or is_delivered(upload):
        return
    raise UploadGone(upload.reason or "This upload is over.")


def _refuse_other_type(request: Request) -> None:
    if not request.is_octets():
        raise Declined(HTTPStatus.UNSUPPORTED_MEDIA_TYPE, f"The body must be {OCTETS}.")


def _refuse_other_offset(position: int, offset: int) -> None:
    if offset != position:
        reason = f"Byte {position} comes next, not byte {offset}."
        raise Declined(HTTPStatus.CONFLICT, reason)


def _refuse_overlong(upload: Upload, offset: int, length: int) -> None:
    if upload.promised_size is not None and offset + length > upload.promised_size:
        reason = f"The body goes past the {upload.promised_size} bytes that were announced."
        raise Declined(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, reason)
