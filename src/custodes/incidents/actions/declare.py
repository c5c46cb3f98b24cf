"""Declare a death or serious injury: hold and lock all footage of it, in one transaction.

PRA 2002 Sch 3 para 14B: evidence is obtained and preserved as soon as practicable. So
whoever may declares at once, with what they know; officers and cameras are added when
they come to light. Nothing is ever taken out again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localdate, localtime

from custodes.custody.actions import record
from custodes.custody.events import IncidentDeclared, IncidentWidened
from custodes.fleet.models import Camera
from custodes.incidents.errors import DeclarationRefused
from custodes.incidents.models import Incident, InvolvedCamera, KeyWitness
from custodes.incidents.rules import (
    HARM_NAMES,
    LINK_NAMES,
    Harm,
    Link,
    faults_of_declaration,
)
from custodes.kernel.areas import Area
from custodes.kernel.ids import new_handle
from custodes.kernel.spans import Span
from custodes.people.models import Person
from custodes.people.rules import Permission, Viewer
from custodes.recordings.actions.lock import Locking, lock_what_falls_in
from custodes.recordings.models import Recording
from custodes.recordings.rules import LockKind, Net
from custodes.retention.actions.hold import (
    Wanted,
    in_reach,
    lock_recordings,
    raise_hold,
    widen_raised_hold,
)
from custodes.retention.rules.holds import FIRST_LOOK, HoldKind, Scope


@dataclass(frozen=True, slots=True)
class Declaration:
    """What is known at the moment somebody declares: the two limbs, when, where, who, what.

    ``areas`` are circles around positions: what was filmed in one of them is caught, whoever
    wore the camera. ``clear_at`` is when it became clear that it must be referred; without it, now.
    """

    harm: Harm
    link: Link
    happened_at: datetime
    place: str
    window: Span
    officers: Sequence[Person] = ()
    cameras: Sequence[Camera] = ()
    what: str = ""
    reference: str = ""
    clear_at: datetime | None = None
    areas: Collection[Area] = ()


@transaction.atomic
def declare(viewer: Viewer, said: Declaration, *, at: datetime) -> Incident:
    """Hold and lock all footage there is and will be; raises DeclarationRefused.

    Everybody who is not named in it, the wearers first, loses sight of it with this commit.
    """
    if not viewer.may(Permission.DECLARE_INCIDENT):
        raise DeclarationRefused("None of your roles declares a death or serious injury.")
    named = [str(each) for each in (*said.officers, *said.cameras, *said.areas)]
    if faults := faults_of_declaration(
        said.happened_at, said.place, said.window, named, at, said.clear_at
    ):
        raise DeclarationRefused(" ".join(faults))

    cause = new_handle()
    cameras = _with_issued(said.cameras, said.officers, said.window)
    place = said.place.strip()
    net = _net(said.window, said.officers, cameras, place, said.areas)
    reach = _reach(net)
    lock_recordings(in_reach(reach))  # before the end of the log is, as the sweep does
    locking = Locking(cause, LockKind.POST_INCIDENT, f"declared by {viewer.name}")
    _, locked = lock_what_falls_in(net, locking, by=viewer.actor, at=at)
    hold = raise_hold(_hold(said, reach, locked, at), by=viewer.actor, at=at)
    incident = Incident.objects.create(
        handle=cause,
        harm=said.harm,
        link=said.link,
        reference=said.reference.strip(),
        place=place,
        what=said.what.strip(),
        happened_at=said.happened_at,
        window_from=said.window.start,
        window_to=said.window.end,
        clear_at=said.clear_at or at,
        declared_by_id=viewer.person,
        declared_at=at,
        hold=hold,
    )
    _involve(incident, said.officers, cameras, at)
    declared = IncidentDeclared(
        place=_where(place, said.areas),
        happened=_moment(said.happened_at),
        harm=HARM_NAMES[said.harm],
        link=LINK_NAMES[said.link],
        officers=_names(said.officers),
        cameras=_names(cameras),
        number=str(len(locked)),
        clear=_moment(said.clear_at or at),
    )
    record(declared, subject=cause, by=viewer.actor, at=at, because=incident.what)
    return incident


@transaction.atomic
def widen(
    viewer: Viewer,
    incident: Incident,
    *,
    officers: Sequence[Person] = (),
    cameras: Sequence[Camera] = (),
    areas: Collection[Area] = (),
    at: datetime,
) -> int:
    """Add officers, cameras and areas; return how many more recordings are locked.

    Whoever may declare may add: what they could do with a new incident, they can do here.
    """
    if not viewer.may(Permission.DECLARE_INCIDENT):
        raise DeclarationRefused("None of your roles declares a death or serious injury.")
    incident = Incident.objects.select_for_update().get(pk=incident.pk)
    if incident.ended_at is not None:
        raise DeclarationRefused("The procedure has ended.", "Declare it anew if it goes on.")
    if not officers and not cameras and not areas:
        raise DeclarationRefused("Name an officer or a camera, or give a position.")
    cameras = _with_issued(cameras, officers, incident.window)
    net = _net(incident.window, officers, cameras, "", areas)
    reach = _reach(net)
    lock_recordings(in_reach(reach))
    locking = Locking(incident.handle, LockKind.POST_INCIDENT, f"added by {viewer.name}")
    _, locked = lock_what_falls_in(net, locking, by=viewer.actor, at=at)
    widen_raised_hold(incident.hold, _and_these(reach, locked), by=viewer.actor, at=at)
    _involve(incident, officers, cameras, at)
    added = IncidentWidened(added=_names([*officers, *cameras, *areas]), number=str(len(locked)))
    record(added, subject=incident.handle, by=viewer.actor, at=at)
    return len(locked)


def _with_issued(
    cameras: Sequence[Camera], officers: Sequence[Person], window: Span
) -> list[Camera]:
    """Return the cameras named, and those that were in these officers' hands at the time."""
    lasting = Q(issues__until=None) | Q(issues__until__gt=window.start)
    issued = Camera.objects.filter(
        lasting, issues__person__in=officers, issues__since__lt=window.end
    )
    return list({each.pk: each for each in [*cameras, *issued.order_by("serial")]}.values())


def _net(
    window: Span,
    officers: Iterable[Person],
    cameras: Iterable[Camera],
    place: str,
    areas: Iterable[Area],
) -> Net:
    return Net(
        window,
        wearers=frozenset(each.handle for each in officers),
        cameras=frozenset(each.handle for each in cameras),
        places=frozenset({place} if place else ()),
        areas=frozenset(areas),
    )


def _reach(net: Net) -> Scope:
    """Return what the hold reaches for: the same as the lock, and it outlasts the procedure.

    PRA 2002 Sch 3 para 14B: what is docked after the locks were lifted is preserved too.
    """
    return Scope(net.span, net.wearers, net.cameras, net.places, either=True, areas=net.areas)


def _moment(at: datetime) -> str:
    return f"{localtime(at):%-d %B %Y, %H:%M %Z}"


def _where(place: str, areas: Iterable[Area]) -> str:
    return "; also ".join([place, *map(str, areas)])


def _and_these(reach: Scope, locked: Iterable[Recording]) -> Scope:
    return replace(reach, recordings=frozenset(each.handle for each in locked))


def _hold(said: Declaration, reach: Scope, locked: Iterable[Recording], at: datetime) -> Wanted:
    return Wanted(
        HoldKind.DSI,
        f"{HARM_NAMES[said.harm]}, {said.place.strip()}",
        FIRST_LOOK.after_date(localdate(at)),
        _and_these(reach, locked),
        authority=said.reference.strip(),
        standing=True,
    )


def _involve(
    incident: Incident, officers: Iterable[Person], cameras: Iterable[Camera], at: datetime
) -> None:
    KeyWitness.objects.bulk_create(
        [KeyWitness(incident=incident, person=each, since=at) for each in officers],
        ignore_conflicts=True,
    )
    InvolvedCamera.objects.bulk_create(
        [InvolvedCamera(incident=incident, camera=each, since=at) for each in cameras],
        ignore_conflicts=True,
    )


def _names(those: Iterable[Person | Camera | Area]) -> str:
    return ", ".join(str(each) for each in those) or "none named"
