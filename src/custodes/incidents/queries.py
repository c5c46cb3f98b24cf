"""Which incidents there are, what was seen of them, and by whom: as far as a viewer may know.

Nobody reads here of an incident in which they are a key witness, whatever their roles.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from django.db.models import QuerySet

from custodes.fleet.models import Camera
from custodes.incidents.models import Decision, Incident, KeyWitness, Referral
from custodes.incidents.recovery import docked_at, holder_of
from custodes.incidents.rules import Stage, Stages, is_unrecovered, needs_recovery
from custodes.incidents.stages import stages_of
from custodes.kernel.errors import NotFound
from custodes.people.models import Person
from custodes.people.rules import Permission, Reach, Viewer
from custodes.recordings.models import Recording


@dataclass(frozen=True, slots=True)
class Sight:
    """One camera of an incident: who had it, whether it is docked, and what it filmed.

    ``is_named``: somebody said that it was there; the others filmed at the place or near it.
    ``docked_at`` is when a dock last had something of it since, None if not since.
    ``ended_without`` is why the procedure ended all the same, where it did.
    """

    handle: str
    camera: str
    serial: str
    holder: str
    docked_at: datetime | None
    recordings: tuple[Recording, ...]
    is_named: bool
    unrecovered: bool
    needs_recovery: bool
    ended_without: str = ""


def incidents_for(viewer: Viewer) -> QuerySet[Incident]:
    """Return the incidents this viewer may know of, the newest first."""
    incidents = Incident.objects.exclude(witnesses__person=viewer.person)
    match viewer.reach(Permission.SEE_INCIDENTS):
        case Reach.ALL:
            return incidents
        case Reach.TEAM | Reach.OWN:
            return incidents.filter(declared_by=viewer.person)
        case _:
            return incidents.none()


def incident_for(viewer: Viewer, handle: str) -> Incident:
    """Return one incident, if this person may know that it exists."""
    incident = incidents_for(viewer).select_related("hold", "declared_by").filter(handle=handle)
    found = incident.first()
    if found is None:
        raise NotFound("There is no such incident.")
    return found


def sees_all(viewer: Viewer, incident: Incident) -> bool:
    """Say whether somebody may know all about an incident, and not only how far it has come.

    Whoever declared it reads what is held and which cameras are out, and no more.
    """
    reaches = viewer.reach(Permission.SEE_INCIDENTS) is Reach.ALL
    return reaches and incidents_for(viewer).filter(pk=incident.pk).exists()


def locked_by(viewer: Viewer, incident: Incident) -> QuerySet[Recording]:
    """Return the recordings an incident locks or has locked, for those who may know all of it.

    That somebody may know which there are says nothing about whether they may see them.
    """
    if not sees_all(viewer, incident):
        return Recording.objects.none()
    locked = Recording.objects.filter(locks__cause=incident.handle)
    return locked.select_related("camera", "wearer", "announced").order_by("started_at", "pk")


def sights_of(viewer: Viewer, incident: Incident, at: datetime) -> list[Sight]:
    """Return the cameras of an incident with what each filmed, those named in it first."""
    if not incidents_for(viewer).filter(pk=incident.pk).exists():
        return []
    filmed: dict[int, list[Recording]] = defaultdict(list)
    cameras = {each.camera_id: each.camera for each in incident.cameras.select_related("camera")}
    involved = set(cameras)
    without = dict(incident.ended_without.values_list("camera", "because"))
    for recording in locked_by(viewer, incident):
        filmed[recording.camera_id].append(recording)
        cameras.setdefault(recording.camera_id, recording.camera)
    return [
        replace(
            _sight(camera, incident, filmed[key], at, is_named=key in involved),
            ended_without=without.get(key, ""),
        )
        for key, camera in cameras.items()
    ]


def _sight(
    camera: Camera, incident: Incident, filmed: list[Recording], at: datetime, *, is_named: bool
) -> Sight:
    last = docked_at(camera, incident.happened_at)
    out = is_named and is_unrecovered(last, incident.happened_at)
    return Sight(
        handle=camera.handle,
        camera=str(camera),
        serial=camera.serial,
        holder=holder_of(camera, incident.happened_at),
        docked_at=last,
        recordings=tuple(filmed),
        is_named=is_named,
        unrecovered=out,
        needs_recovery=out and needs_recovery(incident.declared_at, at),
    )


@dataclass(frozen=True, slots=True)
class Witness:
    """A key witness with the stages they have come to; ``anew``: those noted more than once."""

    person: Person
    stages: Stages
    anew: frozenset[Stage]


def witnesses_of(viewer: Viewer, incident: Incident) -> list[Witness]:
    """Return the key witnesses of an incident, for those who may know all of it."""
    if not sees_all(viewer, incident):
        return []
    found = incident.witnesses.select_related("person").prefetch_related("times").order_by("pk")
    return [
        Witness(each.person, stages_of(each), _noted_anew(time.stage for time in each.times.all()))
        for each in found
    ]


def key_witnesses_of(viewer: Viewer, incident: Incident) -> QuerySet[KeyWitness]:
    """Return the same as rows, for whoever notes their stages."""
    witnesses = incident.witnesses.select_related("person").order_by("pk")
    return witnesses if sees_all(viewer, incident) else witnesses.none()


def decisions_of(viewer: Viewer, incident: Incident) -> QuerySet[Decision]:
    """Return who was let in, every version of every decision, the newest first."""
    decisions = incident.decisions.select_related("person", "recording", "named", "replaces")
    return decisions if sees_all(viewer, incident) else decisions.none()


def decision_for(viewer: Viewer, incident: Incident, number: int) -> Decision:
    """Return one decision of an incident; raises NotFound."""
    decision = decisions_of(viewer, incident).filter(pk=number).first()
    if decision is None:
        raise NotFound("There is no such decision.")
    return decision


def current_referral(viewer: Viewer, incident: Incident) -> Referral | None:
    """Return the referral that was noted last, to whoever may know of the incident."""
    known = incidents_for(viewer).filter(pk=incident.pk).exists()
    return incident.referrals.first() if known else None


def number_unrecovered(viewer: Viewer, at: datetime) -> list[tuple[Incident, int]]:
    """Return the incidents with cameras that are out for too long, for those who manage them."""
    if not viewer.may(Permission.MANAGE_INCIDENT):
        return []
    found = []
    for incident in incidents_for(viewer).filter(ended_at=None):
        late = sum(sight.needs_recovery for sight in sights_of(viewer, incident, at))
        if late:
            found.append((incident, late))
    return found


def not_referred(viewer: Viewer) -> QuerySet[Incident]:
    """Return the incidents that have not been referred yet, for those who manage them."""
    open_ones = incidents_for(viewer).filter(ended_at=None, referrals=None)
    return open_ones if viewer.may(Permission.MANAGE_INCIDENT) else open_ones.none()


def _noted_anew(stages: Iterable[int]) -> frozenset[Stage]:
    return frozenset(Stage(stage) for stage, times in Counter(stages).items() if times > 1)
