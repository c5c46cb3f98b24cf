"""Enrol docks and cameras, match wearers to people, issue cameras."""

from __future__ import annotations

import re
import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from django.db import transaction
from django.db.models import Q

from custodes.custody.actions import record
from custodes.custody.events import (
    CameraChanged,
    CameraEnrolled,
    CameraIssued,
    DockDescribedItself,
    DockEnrolled,
    WearerAnnounced,
)
from custodes.custody.rules import Actor
from custodes.fleet.errors import DockRefused, NoSourceType
from custodes.fleet.models import Camera, CameraIssue, Dock, DockToken, Wearer
from custodes.fleet.rules import (
    MOUNT_NAMES,
    ORDINARY,
    DockKind,
    Grade,
    Mount,
    read_source_type,
)
from custodes.kernel.digest import b64u, sha256
from custodes.people.models import Person

# It is sent in a header, where some servers drop anything but ASCII.
_DOCK_NAME = re.compile(r"(?! )[ -~]{1,64}(?<! )\Z")
# Several controllers may share one credential; without a limit the row would grow for ever.
_MOST_SYSTEMS = 100


@transaction.atomic
def add_dock(name: str, kind: DockKind, *, by: Actor, at: datetime) -> tuple[Dock, str]:
    """Enrol a dock and return it with its key, which is shown this once only."""
    if not _DOCK_NAME.match(name):
        raise DockRefused("A dock's name has 1 to 64 plain ASCII characters.")
    if Dock.objects.filter(name__iexact=name).exists():
        raise DockRefused(f"There is a dock called {name} already.")
    key = secrets.token_urlsafe(32)
    dock = Dock.objects.create(name=name, kind=kind, secret=_digest(key))
    record(DockEnrolled(dock=name), subject=dock.handle, by=by, at=at)
    return dock, key


def sign_in_dock(name: str, key: str, *, lasting: timedelta, at: datetime) -> tuple[Dock, str]:
    """Return a dock and a fresh token for it; raises DockRefused for bad credentials."""
    dock = Dock.objects.filter(name=name, is_active=True).first()
    # The key is 256 random bits: one digest is as good as a slow hash, and a dock
    # that guesses cannot keep a core busy.
    if dock is None or not secrets.compare_digest(dock.secret, _digest(key)):
        raise DockRefused("The dock's name or key is wrong.")
    token = secrets.token_urlsafe(32)
    DockToken.objects.filter(expires_at__lt=at).delete()
    DockToken.objects.create(digest=_digest(token), dock=dock, expires_at=at + lasting)
    hear_from(dock, at=at)
    return dock, token


def dock_with_key(key: str, *, name: str | None = None) -> Dock:
    """Return the agent's dock whose own key this is, for a sender that shows it every time.

    Raises DockRefused when no dock in use has the key, or the name is another's.
    """
    found = Dock.objects.filter(secret=_digest(key), kind=DockKind.AGENT, is_active=True).first()
    if found is None or name not in (None, found.name):
        raise DockRefused("The dock's key is wrong.")
    return found


def dock_of_token(token: str, *, at: datetime) -> Dock:
    """Return the dock a token was given to; raises DockRefused when it is unknown or old."""
    found = (
        DockToken.objects.select_related("dock")
        .filter(digest=_digest(token), expires_at__gt=at, dock__is_active=True)
        .first()
    )
    if found is None:
        raise DockRefused("The token is unknown or has run out.")
    return found.dock


def hear_from(dock: Dock, *, at: datetime, words: str = "") -> None:
    """Note that a dock was heard of just now, and its last words for the dock board."""
    changes: dict[str, Any] = {"heard_at": at}
    if words:
        changes["last_words"] = words[:200]
    Dock.objects.filter(pk=dock.pk).update(**changes)


def see_camera(camera: Camera, *, at: datetime) -> None:
    """Note that something of a camera arrived just now."""
    Camera.objects.filter(pk=camera.pk).update(heard_at=at)


def see_cameras(cameras: Iterable[Camera], *, at: datetime) -> None:
    """Note that something of each of these cameras arrived just now."""
    Camera.objects.filter(pk__in=[camera.pk for camera in cameras]).update(heard_at=at)


@transaction.atomic
def note_system(dock: Dock, system: str, told: dict[str, str], *, by: Actor, at: datetime) -> bool:
    """Keep what a controller says of the system behind it; returns whether that is new.

    What was said before under the same id is replaced. Saying the same again
    records nothing.
    """
    dock = Dock.objects.select_for_update().get(pk=dock.pk)
    is_new = system not in dock.system
    if is_new and len(dock.system) >= _MOST_SYSTEMS:
        raise DockRefused(f"The dock {dock} tells of more than {_MOST_SYSTEMS} systems.")
    if dock.system.get(system) == told:
        return is_new
    dock.system = {**dock.system, system: told}
    dock.save(update_fields=["system"])
    words = ", ".join(f"{key} {value}" for key, value in sorted(told.items()))[:1000]
    said = DockDescribedItself(system=system, told=words or "nothing")
    record(said, subject=dock.handle, by=by, at=at)
    return is_new


@transaction.atomic
def enrol_camera(
    serial: str,
    *,
    by: Actor,
    at: datetime,
    name: str = "",
    model: str = "",
    grade: Grade = Grade.NONE,
    is_active: bool = True,
    told: dict[str, str] | None = None,
) -> tuple[Camera, bool]:
    """Make a camera known, or bring what is known of it up to date.

    ``told`` is all a dock said, where it was a dock; it replaces what was said before.
    Returns the camera and whether it is new. Saying the same again records nothing.
    """
    camera = Camera.objects.filter(serial=serial).first()
    if camera is None:
        camera = Camera.objects.create(
            serial=serial,
            name=name,
            model=model,
            grade=grade,
            is_active=is_active,
            told=told or {},
        )
        enrolled = CameraEnrolled(grade=grade, serial=serial, model=model or "model not given")
        record(enrolled, subject=camera.handle, by=by, at=at)
        return camera, True

    known = {"name": name or camera.name, "model": model or camera.model, "is_active": is_active}
    if told is not None:
        known["told"] = told
    _change(camera, known, by=by, at=at)
    return camera, False


@transaction.atomic
def change_source_type(camera: Camera, source_type: str, *, by: Actor, at: datetime) -> Camera:
    """Say what kind of camera it is, for how long its uncategorised recordings are kept.

    What arrives from now on has it; what is here keeps what it came with (RET-18).
    Raises NoSourceType. Saying the same again records nothing.
    """
    try:
        code = read_source_type(source_type)
    except ValueError as error:
        raise NoSourceType(str(error)) from None
    camera = Camera.objects.select_for_update().get(pk=camera.pk)
    if camera.source_type == code:
        return camera
    was, camera.source_type = camera.source_type, code
    camera.save(update_fields=["source_type"])
    change = f"source type is now {code or ORDINARY}, and was {was or ORDINARY}"
    changed = CameraChanged(serial=camera.serial, change=change)
    record(changed, subject=camera.handle, by=by, at=at)
    return camera


@transaction.atomic
def announce_wearer(
    dock_id: str,
    *,
    by: Actor,
    at: datetime,
    name: str = "",
    user_id: str = "",
    is_active: bool = True,
    told: dict[str, str] | None = None,
) -> tuple[Wearer, bool]:
    """Note a wearer a dock tells us of, matched to an account by number where there is one.

    Returns the wearer and whether it is new. Saying the same again records nothing.
    """
    wearer = Wearer.objects.filter(dock_id=dock_id).first()
    is_new = wearer is None
    wearer = wearer or Wearer(dock_id=dock_id)
    before = (wearer.name, wearer.user_id, wearer.is_active, wearer.told, wearer.person_id)
    wearer.name, wearer.user_id, wearer.is_active = name or wearer.name, user_id, is_active
    wearer.told = told or {}
    wearer.person = wearer.person or _person_numbered(user_id)
    after = (wearer.name, wearer.user_id, wearer.is_active, wearer.told, wearer.person_id)
    if is_new or before != after:
        wearer.save()
        matched = f"matched to {wearer.person}" if wearer.person else "not matched to an account"
        said = WearerAnnounced(wearer=str(wearer), change=matched)
        subject = wearer.person.handle if wearer.person else by.handle
        record(said, subject=subject, by=by, at=at)
    return wearer, is_new


@transaction.atomic
def issue_camera(
    camera: Camera, person: Person, mount: Mount, *, by: Actor, at: datetime
) -> CameraIssue:
    """Hand a camera to a person from now on; an earlier issue of it ends here."""
    camera.issues.filter(until__isnull=True).update(until=at)
    issue = CameraIssue.objects.create(camera=camera, person=person, since=at)
    Camera.objects.filter(pk=camera.pk).update(mount=mount)

    issued = CameraIssued(serial=camera.serial, wearer=person.name, mount=MOUNT_NAMES[mount])
    record(issued, subject=camera.handle, by=by, at=at)
    return issue


def wearer_at(camera: Camera, at: datetime) -> Person | None:
    """Return the person who had this camera at that moment, if it was issued to one."""
    until = Q(until__isnull=True) | Q(until__gt=at)
    issue = camera.issues.filter(until, since__lte=at).order_by("-since").first()
    return issue.person if issue else None


def _person_numbered(user_id: str) -> Person | None:
    if not user_id:
        return None
    return Person.objects.filter(collar_number__iexact=user_id).first()


def _change(camera: Camera, known: dict[str, Any], *, by: Actor, at: datetime) -> None:
    changed = {key: value for key, value in known.items() if getattr(camera, key) != value}
    if not changed:
        return
    for key, value in changed.items():
        setattr(camera, key, value)
    camera.save(update_fields=list(changed))
    told = changed.pop("told", {})
    said = changed or told or {"what a dock said of it": "nothing"}
    words = ", ".join(f"{key} is now {value}" for key, value in said.items())
    change = CameraChanged(serial=camera.serial, change=words[:1000])
    record(change, subject=camera.handle, by=by, at=at)


def _digest(token: str) -> str:
    return b64u(sha256(token.encode()))
