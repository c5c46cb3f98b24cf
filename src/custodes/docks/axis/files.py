"""The files of a recording: clips, keys, tracks and bookmarks, each kept as it came."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import datetime
from http import HTTPStatus
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction

from custodes.custody.events import OriginalSealed
from custodes.custody.queries import history_of
from custodes.docks.axis.containers import make_sure_it_is_open
from custodes.docks.axis.facts import time_told
from custodes.docks.axis.metadata import Told, as_headers, object_metadata
from custodes.docks.axis.receiving import kind_of, receive, unfinished_for
from custodes.docks.axis.session import DOOR, Session
from custodes.docks.http import Answer, Body, Declined
from custodes.fleet.actions import hear_from
from custodes.intake.actions import Offer, conclude
from custodes.intake.errors import NeverStorable, Quarantined
from custodes.intake.reception import Received
from custodes.intake.rules import Kind, Promise, State, why_not_storable
from custodes.kernel.clock import now
from custodes.kernel.errors import NotFound
from custodes.recordings.actions.annotate import bookmark_from_camera, classify_from_camera
from custodes.recordings.actions.arrive import TakenIn, holds_already, take_in, tell_of_file
from custodes.recordings.queries import delivered_file, delivered_recording, recording_sent_by

if TYPE_CHECKING:
    from custodes.intake.models import Upload
    from custodes.recordings.models import Recording

_MOST_TEXT = 64 << 10
_MD5 = re.compile(r'"?([0-9a-fA-F]{32})"?\Z')


def put_file(session: Session, body: Body) -> Answer:
    """Answer a PUT with 201, once the bytes are durable and their entry is committed."""
    recording = delivered_recording(DOOR, session.address.container)
    offer = _offer(session, recording, body.demand_length())
    text = _Beginning(body.blocks())
    upload, received = receive(
        offer,
        text,
        by=session.actor,
        is_held=lambda arrival: holds_already(recording, offer.name, arrival),
    )
    # A file held already was not sealed again, so there is nothing to put in quarantine.
    promise = offer.promise if received.sealed else Promise(size=offer.promise.size)
    taken = _prove_and_take_in(session, recording, upload, received, promise, text.so_far())
    hear_from(session.dock, at=now(), words=_last_words(upload, taken))
    return Answer(HTTPStatus.CREATED, headers=(("ETag", upload.md5),))


def post_file(session: Session, _: Body) -> Answer:
    """Answer a POST: all that was said of a file is replaced; its bytes never are."""
    recording = delivered_recording(DOOR, session.address.container)
    told = object_metadata(session.environ)
    make_sure_it_is_open(session, recording)
    file = tell_of_file(recording, session.address.object, told, by=session.actor, at=now())
    if file is None:
        raise NotFound("No file of this name was delivered.")
    if file.kind == Kind.BOOKMARK:
        _classify(session, recording, told)
    return Answer(HTTPStatus.ACCEPTED)


def head_file(session: Session, _: Body) -> Answer:
    """Answer a HEAD: that the file is held, its size and MD5, and what was said of it."""
    recording = recording_sent_by(session.dock, DOOR, session.address.container)
    file = delivered_file(recording, session.address.object)
    headers = (("ETag", file.md5), *as_headers("Object", file.told))
    return Answer(HTTPStatus.OK, headers=headers, length=file.size)


class _Beginning:
    """Blocks on their way through, of which the beginning is remembered, for a bookmark's text."""

    def __init__(self, blocks: Iterator[bytes]) -> None:
        self._blocks = blocks
        self._head = b""

    def __iter__(self) -> Iterator[bytes]:
        for block in self._blocks:
            self._head += block[: _MOST_TEXT - len(self._head)]
            yield block

    def so_far(self) -> str:
        """Return the beginning as text; what is not UTF-8 is marked as such."""
        return self._head.decode("utf-8", errors="replace").replace("\0", "\ufffd").strip()


def _offer(session: Session, recording: Recording, size: int) -> Offer:
    told = object_metadata(session.environ)
    kind = kind_of(session.address.object, told.get("FileType", ""))
    if kind == Kind.VIDEO:
        _make_sure_of_clip(told, size)
    etag = _MD5.match(session.environ.get("HTTP_ETAG", ""))
    return Offer(
        door=DOOR,
        name=session.address.object,
        kind=kind,
        source_key=session.address.container,
        camera=recording.camera,
        promise=Promise(size=size, md5=etag[1] if etag else None),
        told=told,
        dock=session.dock,
        lasting=unfinished_for(),
        who=str(recording.wearer or recording.announced or ""),
    )


def _make_sure_of_clip(told: Told, size: int) -> None:
    if size == 0:
        raise NeverStorable("The clip is empty.")
    started, ended = time_told(told, "StartTime"), time_told(told, "StopTime")
    # What a recording must say, a clip of it need not: its container says it already.
    if started is not None and (reason := why_not_storable(started, ended, now())):
        raise NeverStorable(reason)


def _prove_and_take_in(
    session: Session,
    recording: Recording,
    upload: Upload,
    received: Received,
    promise: Promise,
    text: str,
) -> TakenIn:
    """Compare with what was promised and take in, in one transaction: whole or not at all.

    Raises Quarantined once the quarantine is committed.
    """
    with transaction.atomic():
        try:
            conclude(upload, received, promise, by=session.actor, at=now())
        except Quarantined as quarantined:
            apart = quarantined
        else:
            return _take_in(session, recording, upload, text)
    raise apart


def _take_in(session: Session, recording: Recording, upload: Upload, text: str) -> TakenIn:
    """Take a file in; a bookmark's moment and category commit with it, once."""
    taken = take_in(recording, upload, by=session.actor, at=now())
    if upload.kind == Kind.BOOKMARK and not taken.again:
        told = object_metadata(session.environ)
        label = text or told.get("CategoryName", "")
        moment = _moment(told, recording.started_at)
        about = {**told, "Text": text}
        bookmark_from_camera(recording, moment, label, about, by=session.actor, at=now())
        _classify(session, recording, told)
    return taken


def _classify(session: Session, recording: Recording, told: Told) -> None:
    code, name = told.get("CategoryID", ""), told.get("CategoryName", "")
    if code or name:
        classify_from_camera(recording, code or name, by=session.actor, at=now(), name=name)


def _moment(told: Told, beginning: datetime) -> datetime:
    try:
        return time_told(told, "StartTime") or beginning
    except Declined:
        return beginning


def _last_words(upload: Upload, taken: TakenIn) -> str:
    clock = now().astimezone(ZoneInfo(settings.CUSTODES.time_zone))
    if upload.state == State.QUARANTINED:
        return f"kept apart {clock:%H:%M:%S}: {upload.name}"
    if taken.again or taken.original is None:
        return f"delivered again {clock:%H:%M:%S}: {upload.name}"
    history = reversed(history_of(taken.original.recording.handle))
    leaf = next(told.leaf for told in history if told.kind == OriginalSealed.kind)
    return f"sealed {clock:%H:%M:%S}, receipt {leaf.hex()[:8]}…"
