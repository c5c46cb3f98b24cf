"""A small force made through the real actions: people, cameras, recordings with bytes in them."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from custodes.custody.queries import history_of
from custodes.custody.rules import Actor
from custodes.fleet.actions import enrol_camera, issue_camera
from custodes.fleet.models import Camera
from custodes.fleet.rules import Mount
from custodes.intake.actions import Offer, begin_upload, conclude, receive_all
from custodes.intake.rules import Kind, Promise
from custodes.people.actions import add_person
from custodes.people.models import Person
from custodes.people.rules import Role
from custodes.recordings.actions.arrive import open_recording, take_in
from custodes.recordings.arriving import Announcement
from custodes.recordings.models import Original, Recording
from custodes.recordings.rules import CameraTimes

NOON = datetime(2026, 11, 14, 12, 0, tzinfo=UTC)
CLERK = Actor(handle="", name="the clerk", door="test")
PASSWORD = "correct horse battery"


def person(name: str, *roles: Role, team: str = "", number: str = "") -> Person:
    """Add somebody with an account."""
    return add_person(
        name.lower().replace(" ", "."),
        name,
        roles or (Role.OFFICER,),
        password=PASSWORD,
        by=CLERK,
        at=NOON,
        team=team,
        collar_number=number,
    )


def camera(serial: str = "X100", wearer: Person | None = None) -> Camera:
    """Enrol a camera, issued to its wearer if there is one."""
    made, _ = enrol_camera(serial, by=CLERK, at=NOON, model="Test camera")
    if wearer is not None:
        issue_camera(made, wearer, Mount.CHEST, by=CLERK, at=NOON - timedelta(days=30))
    return made


def recording(
    filmed_by: Camera, key: str = "r1", *, started: datetime = NOON, **said: Any
) -> Recording:
    """Announce a recording of one minute."""
    times = CameraTimes(started_at=started, ended_at=started + timedelta(minutes=1))
    announced = Announcement(
        camera=filmed_by, source="test", source_key=key, times=times, told={}, **said
    )
    opened, _ = open_recording(announced, by=CLERK, at=started + timedelta(hours=1))
    return opened


def original(
    of: Recording, body: bytes = b"footage", name: str = "a.bin", kind: Kind = Kind.OTHER
) -> Original:
    """Deliver a file of a recording, through the whole upload path."""
    promise = Promise(size=len(body))
    offer = Offer(
        door="test",
        name=name,
        kind=kind,
        source_key=of.source_key,
        camera=of.camera,
        promise=promise,
        told={},
    )
    upload = begin_upload(offer, at=of.received_at)
    received = receive_all(upload, [body])
    conclude(upload, received, promise, by=CLERK, at=of.received_at)
    held = take_in(of, upload, by=CLERK, at=of.received_at).original
    assert held is not None
    return held


def kinds(subject: str) -> list[str]:
    """Return what is on record of a subject, in order."""
    return [told.kind for told in history_of(subject)]
