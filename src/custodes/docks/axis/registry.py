"""Users, devices and systems: what a controller tells us of before it sends footage.

These three containers always exist. An object in them is all metadata; telling
the same again changes nothing and records nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from http import HTTPStatus

from custodes.docks.axis.metadata import Told, as_headers, object_metadata
from custodes.docks.axis.published import PUBLISHED, etag_of, published
from custodes.docks.axis.session import Session
from custodes.docks.http import Answer, Body, Declined
from custodes.fleet.actions import announce_wearer, enrol_camera, note_system
from custodes.fleet.errors import UnknownCamera, UnknownWearer
from custodes.fleet.queries import announced_wearer, camera_with_serial
from custodes.intake.rules import is_safe_name
from custodes.kernel.clock import now
from custodes.kernel.errors import NotFound

_MOST_BODY = 64 << 10
# How long a name each of these may have; as the tables and the specification have it.
_LONGEST = {"System": 100, "Users": 100, "Devices": 64}


def put_entry(session: Session, body: Body) -> Answer:
    """Answer a PUT: tell of a user, a device or a system."""
    content = body.whole(_MOST_BODY)
    _tell(session, object_metadata(session.environ))
    return Answer(HTTPStatus.CREATED, headers=(("ETag", etag_of(content)),))


def post_entry(session: Session, body: Body) -> Answer:
    """Answer a POST: replace all that was told of something known."""
    body.whole(_MOST_BODY)
    _known(session)
    _tell(session, object_metadata(session.environ))
    return Answer(HTTPStatus.ACCEPTED)


def get_entry(session: Session, _: Body) -> Answer:
    """Answer a GET or HEAD: one of our own objects, or what was told before."""
    address = session.address
    if address.container == "System" and address.object in PUBLISHED:
        return published(address.object)
    headers = as_headers("Object", _known(session))
    return Answer(HTTPStatus.OK, headers=(("ETag", etag_of(b"")), *headers))


def _tell(session: Session, told: Told) -> None:
    name, container = session.address.object, session.address.container
    if not is_safe_name(name) or len(name) > _LONGEST[container]:
        raise Declined(HTTPStatus.BAD_REQUEST, f"This is no name for an object in {container}.")
    if container == "System" and name in PUBLISHED:
        raise Declined(HTTPStatus.FORBIDDEN, f"{name} is published by this system.")
    _TELL[container](session, name, told)


def _tell_of_user(session: Session, name: str, told: Told) -> None:
    announce_wearer(
        name,
        by=session.actor,
        at=now(),
        name=told.get("Name", "")[:100],
        user_id=told.get("UserID", "")[:100],
        is_active=_is_active(told),
        told=told,
    )


def _tell_of_device(session: Session, name: str, told: Told) -> None:
    enrol_camera(
        name,
        by=session.actor,
        at=now(),
        name=told.get("Name", "")[:100],
        model=told.get("Model", "")[:100],
        is_active=_is_active(told),
        told=told,
    )


def _tell_of_system(session: Session, name: str, told: Told) -> None:
    note_system(session.dock, name, told, by=session.actor, at=now())


_TELL: dict[str, Callable[[Session, str, Told], None]] = {
    "Users": _tell_of_user,
    "Devices": _tell_of_device,
    "System": _tell_of_system,
}


def _known(session: Session) -> Told:
    """Return what was told of this object; raises NotFound."""
    name = session.address.object
    try:
        match session.address.container:
            case "Users":
                return dict(announced_wearer(name).told)
            case "Devices":
                return dict(camera_with_serial(name).told)
    except (UnknownCamera, UnknownWearer) as unknown:
        raise NotFound(unknown.reason) from None
    if name not in session.dock.system:
        raise NotFound("No such system was told of.")
    return dict(session.dock.system[name])


def _is_active(told: Told) -> bool:
    return told.get("Active", "True").lower() != "false"
