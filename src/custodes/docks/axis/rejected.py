"""Content that was refused elsewhere: kept sealed in quarantine, whatever it is.

Once the capability is declared the controller expects this to be never refused,
and deletes its copy. So every name and every time is taken, the reason it gives
is the reason of the quarantine, and what it says of a container is sealed beside
the files as a small document of its own.
"""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import TYPE_CHECKING
from urllib.parse import quote

from django.db import transaction

from custodes.docks.axis.address import recording_name
from custodes.docks.axis.metadata import Told, as_headers, container_metadata, object_metadata
from custodes.docks.axis.receiving import kind_of, receive, unfinished_for
from custodes.docks.axis.session import DOOR, Session
from custodes.docks.http import Answer, Body
from custodes.fleet.actions import hear_from
from custodes.fleet.errors import UnknownCamera
from custodes.fleet.queries import camera_with_serial
from custodes.intake.actions import Offer, conclude, discard, quarantine
from custodes.intake.errors import NeverStorable
from custodes.intake.queries import kept_upload
from custodes.intake.rules import Arrival, Kind, Promise, is_safe_name
from custodes.kernel.clock import now
from custodes.kernel.digest import sha256
from custodes.kernel.errors import NotFound
from custodes.vault.errors import OutOfSpace

if TYPE_CHECKING:
    from collections.abc import Iterable

    from custodes.fleet.models import Camera
    from custodes.intake.models import Upload

# What was said of the container, as a sealed document beside its files.
ABOUT = "container metadata.json"
_NO_REASON = "The camera system could not deliver it in the usual way and gave no reason."


def put_container(session: Session, _: Body) -> Answer:
    """Answer a PUT: what is said of the rejected content is sealed and kept."""
    before = _kept(session, ABOUT)
    _keep_words(session, ABOUT, container_metadata(session.environ))
    return Answer(HTTPStatus.ACCEPTED if before else HTTPStatus.CREATED)


def post_container(session: Session, _: Body) -> Answer:
    """Answer a POST: more is said; what was said before is kept as well."""
    _keep_words(session, ABOUT, container_metadata(session.environ))
    return Answer(HTTPStatus.NO_CONTENT)


def get_container(session: Session, _: Body) -> Answer:
    """Answer a GET or HEAD: what was said of the container."""
    about = _kept(session, ABOUT)
    if about is None:
        raise NotFound("No rejected content was sent under this name.")
    return Answer(HTTPStatus.NO_CONTENT, headers=tuple(as_headers("Container", about.told)))


def put_file(session: Session, body: Body) -> Answer:
    """Answer a PUT with 201, once the bytes are durable in quarantine."""
    size = body.demand_length()
    told = object_metadata(session.environ)
    name = _safe(session.address.object)
    kind = kind_of(name, told.get("FileType", ""))
    upload = _keep(session, name, kind, told, body.blocks(), size)
    words = f"kept apart: rejected content, {session.address.object}"
    hear_from(session.dock, at=now(), words=words)
    return Answer(HTTPStatus.CREATED, headers=(("ETag", upload.md5),))


def post_file(session: Session, _: Body) -> Answer:
    """Answer a POST: what is said later is kept beside what was said at first."""
    name = _safe(session.address.object)
    _keep_words(session, f"{name[:200]} metadata.json", object_metadata(session.environ))
    return Answer(HTTPStatus.ACCEPTED)


def head_file(session: Session, _: Body) -> Answer:
    """Answer a HEAD: that the file is kept, its size and MD5."""
    kept = _kept(session, _safe(session.address.object))
    if kept is None:
        raise NotFound("No such rejected content was sent.")
    headers = (("ETag", kept.md5), *as_headers("Object", kept.told))
    return Answer(HTTPStatus.OK, headers=headers, length=kept.received)


def _keep_words(session: Session, name: str, told: Told) -> None:
    text = json.dumps(told, ensure_ascii=False, sort_keys=True, indent=1).encode()
    _keep(session, name, Kind.OTHER, told, [text], len(text))


def _keep(
    session: Session, name: str, kind: Kind, told: Told, blocks: Iterable[bytes], size: int
) -> Upload:
    """Seal a body into quarantine; the same body again is not kept twice."""
    held = _kept(session, name)

    def is_held(arrival: Arrival) -> bool:
        return held is not None and held.sha256 == arrival.sha256

    offer = _offer(session, name, kind, told, size)
    try:
        upload, received = receive(offer, blocks, by=session.actor, is_held=is_held)
    except NeverStorable as too_large:
        # Never is not an answer here: it waits at the controller until there is room.
        raise OutOfSpace(too_large.reason) from None
    if held is not None and not received.sealed:
        discard(upload, "The same file is in quarantine already.", by=session.actor, at=now())
        return held
    with transaction.atomic():
        upload = conclude(upload, received, offer.promise, by=session.actor, at=now())
        quarantine(upload, _reason(session, told), by=session.actor, at=now())
    return upload


def _offer(session: Session, name: str, kind: Kind, told: Told, size: int) -> Offer:
    return Offer(
        door=DOOR,
        name=name,
        kind=kind,
        source_key=_safe(session.address.container),
        camera=_camera(session, told),
        promise=Promise(size=size),
        told=told,
        dock=session.dock,
        lasting=unfinished_for(),
    )


def _reason(session: Session, told: Told) -> str:
    about = _kept(session, ABOUT)
    said = told.get("RejectedContentReason") or (
        about.told.get("RejectedContentReason", "") if about else ""
    )
    return f"The camera system sent it as rejected content: {said}" if said else _NO_REASON


def _camera(session: Session, told: Told) -> Camera | None:
    about = _kept(session, ABOUT)
    all_told = {**(about.told if about else {}), **told}
    name = recording_name(all_told.get("RejectedContentOriginalContainer", ""))
    serial = all_told.get("BWCSerialNumber") or (name.serial if name else "")
    try:
        return camera_with_serial(serial)
    except UnknownCamera:
        return None


def _kept(session: Session, name: str) -> Upload | None:
    return kept_upload(session.dock, _safe(session.address.container), name)


def _safe(name: str) -> str:
    """Return a name that can be kept: itself, or its URL-encoded start and its digest."""
    if is_safe_name(name) and len(name) <= 200:
        return name
    return f"{quote(name, safe='')[:120]} {sha256(name.encode()).hex()}"
