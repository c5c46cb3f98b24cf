"""Follow the procedure: stages, the referral, recordings of the procedure itself, its end."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from types import MappingProxyType

from django.db import transaction
from django.utils.timezone import localtime

from custodes.custody.actions import record
from custodes.custody.events import (
    EndedWithoutCamera,
    IncidentEnded,
    IncidentReferred,
    MonitoringLinked,
    StageNoted,
)
from custodes.fleet.models import Camera
from custodes.incidents.actions.access import make_sure_it_is_managed_by
from custodes.incidents.errors import ProcedureRefused
from custodes.incidents.models import (
    EndedWithout,
    Incident,
    KeyWitness,
    Monitoring,
    Referral,
    StageTime,
)
from custodes.incidents.recovery import still_out
from custodes.incidents.rules import STAGE_NAMES, Stage, faults_of_end, faults_of_stage
from custodes.incidents.stages import stages_of, stages_of_all
from custodes.people.rules import Viewer
from custodes.recordings.actions.lock import Locking, lift, lock
from custodes.recordings.models import Recording
from custodes.recordings.rules import LockKind, State
from custodes.retention.actions.hold import extend_raised_hold


@transaction.atomic
def note_stage(
    viewer: Viewer,
    witness: KeyWitness,
    stage: Stage,
    reached_at: datetime,
    *,
    because: str = "",
    at: datetime,
) -> StageTime:
    """Note when a key witness came to a stage; noting it anew takes a reason, and both stay."""
    incident = make_sure_it_is_managed_by(viewer, witness.incident)
    stages = dict(stages_of(witness))
    before = stages.pop(stage, None)
    faults = faults_of_stage(stage, reached_at, stages, incident.happened_at, at)
    if before is not None and not because.strip():
        faults = (*faults, "It was noted before: say why it is noted anew.")
    if faults:
        raise ProcedureRefused(" ".join(faults))

    noted = StageTime.objects.create(
        witness=witness,
        stage=stage,
        reached_at=reached_at,
        noted_by=viewer.name,
        noted_at=at,
        because=because.strip(),
    )
    said = StageNoted(
        stage=STAGE_NAMES[stage],
        person=witness.person.name,
        reached=_moment(reached_at),
        before=_moment(before) if before else "not noted",
    )
    record(said, subject=incident.handle, by=viewer.actor, at=at, because=because.strip())
    return noted


@transaction.atomic
def refer(
    viewer: Viewer, incident: Incident, referred_at: datetime, reference: str, *, at: datetime
) -> Referral:
    """Note that it was referred to the IOPC; noting it anew leaves the first note as it was."""
    incident = make_sure_it_is_managed_by(viewer, incident)
    if not reference.strip():
        raise ProcedureRefused("Say under which reference it was referred.")
    if not incident.happened_at <= referred_at <= at:
        raise ProcedureRefused("It was referred after it happened, and not in the future.")
    referral = Referral.objects.create(
        incident=incident,
        referred_at=referred_at,
        reference=reference.strip(),
        noted_by=viewer.name,
        noted_at=at,
    )
    said = IncidentReferred(referred=_moment(referred_at), reference=referral.reference)
    record(said, subject=incident.handle, by=viewer.actor, at=at)
    return referral


@transaction.atomic
def link_monitoring(
    viewer: Viewer, incident: Incident, recording: str, because: str, *, at: datetime
) -> Monitoring:
    """Put a recording of the procedure itself under the incident's hold and lock (PIP-09).

    ``recording`` is its handle. Whoever manages an incident may lock what they cannot see:
    it takes sight away and gives none.
    """
    incident = make_sure_it_is_managed_by(viewer, incident)
    known = Recording.objects.exclude(state=State.DISPOSED)
    found = known.filter(handle=recording.strip()).first()
    if found is None:
        raise ProcedureRefused("There is no such recording.", "Paste its name or its address.")
    if incident.monitoring.filter(recording=found).exists():
        raise ProcedureRefused("It is linked already.")
    reason = because.strip() or "it shows the procedure itself"
    locking = Locking(incident.handle, LockKind.POST_INCIDENT, reason)
    lock([found], locking, by=viewer.actor, at=at)
    extend_raised_hold(incident.hold, [found], by=viewer.actor, at=at)
    linked = Monitoring.objects.create(
        incident=incident, recording=found, linked_by=viewer.name, linked_at=at
    )
    record(MonitoringLinked(), subject=incident.handle, by=viewer.actor, at=at, because=reason)
    return linked


@transaction.atomic
def end_procedure(
    viewer: Viewer,
    incident: Incident,
    reference: str,
    because: str,
    without: Mapping[str, str] = MappingProxyType({}),
    *,
    at: datetime,
) -> int:
    """Lift the locks once all accounts are given; the hold stays until it is released.

    Returns on how many recordings. ``without`` says, by the handle of each camera that was
    there and is not docked, why the procedure ends all the same; raises ProcedureRefused
    while one has no reason. What it filmed is held when it comes, and not locked any more.
    """
    incident = make_sure_it_is_managed_by(viewer, incident)
    out = {camera: without.get(camera.handle, "").strip() for camera in still_out(incident)}
    named = {f"Camera {camera.serial}": why for camera, why in out.items()}
    if faults := faults_of_end(reference, because, stages_of_all(incident), named):
        raise ProcedureRefused(" ".join(faults))
    for camera, why in out.items():
        _end_without(camera, why, viewer, incident, at)
    lifted = lift(incident.handle, because.strip(), by=viewer.actor, at=at)
    incident.ended_at = at
    incident.save(update_fields=["ended_at"])
    ended = IncidentEnded(number=str(lifted), reference=reference.strip())
    record(ended, subject=incident.handle, by=viewer.actor, at=at, because=because.strip())
    return lifted


def _end_without(
    camera: Camera, because: str, viewer: Viewer, incident: Incident, at: datetime
) -> None:
    EndedWithout.objects.create(
        incident=incident, camera=camera, because=because, noted_by=viewer.name, noted_at=at
    )
    said = EndedWithoutCamera(camera=f"camera {camera.serial}")
    record(said, subject=incident.handle, by=viewer.actor, at=at, because=because)


def _moment(at: datetime) -> str:
    return f"{localtime(at):%-d %B %Y, %H:%M %Z}"
