"""A recording as its container: announced, told more of, completed."""

from __future__ import annotations

from datetime import UTC, datetime
from http import HTTPStatus
from typing import TYPE_CHECKING

from custodes.docks.axis.address import RecordingName, recording_name
from custodes.docks.axis.facts import place_told, times_told
from custodes.docks.axis.metadata import Told, as_headers, container_metadata
from custodes.docks.axis.session import DOOR, Session
from custodes.docks.http import Answer, Body, Declined
from custodes.fleet.actions import hear_from
from custodes.fleet.queries import announced_wearer, camera_with_serial
from custodes.intake.actions import refuse_arrival
from custodes.intake.errors import NeverStorable
from custodes.intake.rules import is_safe_name, why_not_storable
from custodes.kernel.clock import now
from custodes.recordings.actions.arrive import (
    complete,
    is_open_to,
    open_recording,
    tell_more,
)
from custodes.recordings.arriving import Announcement
from custodes.recordings.queries import delivered_recording, recording_sent_by
from custodes.recordings.rules import CameraTimes

if TYPE_CHECKING:
    from custodes.recordings.models import Recording

COMPLETE = "Complete"
_COMPLETE = "The recording is complete, and another dock brought it."


def put_container(session: Session, _: Body) -> Answer:
    """Answer a PUT: a recording is announced, or announced again."""
    told = container_metadata(session.environ)
    name = _name_of(session)
    recording, is_new = open_recording(
        _announcement(session, name, told), by=session.actor, at=now()
    )
    hear_from(session.dock, at=now(), words=f"announced {session.address.container}")
    if told.get("Status") == COMPLETE:
        complete(recording, by=session.actor, at=now())  # twice is no harm
    return Answer(HTTPStatus.CREATED if is_new else HTTPStatus.ACCEPTED)


def post_container(session: Session, _: Body) -> Answer:
    """Answer a POST: more is told of a known recording, at the end that it is complete."""
    told = container_metadata(session.environ)
    recording = delivered_recording(DOOR, session.address.container)
    if all(recording.told.get(key) == value for key, value in told.items()):
        told = {}  # the other of two docks that sent the same: it may say so
    if told:
        make_sure_it_is_open(session, recording)
    times = _better_times({**recording.told, **told}, recording.times)
    tell_more(recording, times, told, by=session.actor, at=now())
    if recording.told.get("Status") == COMPLETE or told.get("Status") == COMPLETE:
        complete(recording, by=session.actor, at=now())
        hear_from(session.dock, at=now(), words=f"completed {session.address.container}")
    return Answer(HTTPStatus.NO_CONTENT)


def get_container(session: Session, _: Body) -> Answer:
    """Answer a GET or HEAD: that the recording is known, and what was told of it."""
    recording = recording_sent_by(session.dock, DOOR, session.address.container)
    return Answer(HTTPStatus.NO_CONTENT, headers=tuple(as_headers("Container", recording.told)))


def make_sure_it_is_open(session: Session, recording: Recording) -> None:
    """Decline, on the record, what another dock says of a recording that is complete."""
    if is_open_to(session.dock, recording):
        return
    name = session.address.container
    refuse_arrival(name, _COMPLETE, subject=session.dock.handle, by=session.actor, at=now())
    raise Declined(HTTPStatus.FORBIDDEN, _COMPLETE)


def _announcement(session: Session, name: RecordingName, told: Told) -> Announcement:
    return Announcement(
        camera=camera_with_serial(name.serial),
        source=DOOR,
        source_key=session.address.container,
        times=_storable_times(name, told),
        told=told,
        dock=session.dock,
        announced=announced_wearer(name.wearer),
        position=place_told(told, "TriggerOnLocation"),
    )


def _name_of(session: Session) -> RecordingName:
    """Return what the container's name says, if its metadata says the same."""
    container = session.address.container
    name = recording_name(container)
    if name is None or not is_safe_name(container):
        raise NeverStorable(
            "A recording's container is named <UserID>_<BWCSerialNumber>_<TriggerOnTime>."
        )
    told = container_metadata(session.environ)
    if told.get("BWCSerialNumber", name.serial) != name.serial:
        raise NeverStorable("The container's name and its metadata differ on the camera.")
    if told.get("UserID", name.wearer) != name.wearer:
        raise NeverStorable("The container's name and its metadata differ on the wearer.")
    return name


def _storable_times(name: RecordingName, told: Told) -> CameraTimes:
    times = times_told(told, _named_time(name))
    started, ended = (times.started_at, times.ended_at) if times else (None, None)
    reason = why_not_storable(started, ended, now())
    if times is None or reason is not None:
        raise NeverStorable(reason or "The recording has no start time.")
    return times


def _better_times(told: Told, known: CameraTimes) -> CameraTimes:
    """Return the times told at the end, unless they cannot be.

    The files are held by then: a wrong time is kept as it was told, and refuses nothing.
    """
    try:
        times = times_told(told, known.trigger_on)
    except Declined:
        return known
    if times is None or why_not_storable(times.started_at, times.ended_at, now()):
        return known
    return times


def _named_time(name: RecordingName) -> datetime | None:
    try:
        return datetime.strptime(name.time, "%Y%m%dT%H%M%SZ").replace(tzinfo=UTC)
    except ValueError:
        return None
