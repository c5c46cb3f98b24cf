"""Let somebody see footage of an incident, as the post-incident manager decides and answers for.

A decision is never edited: to put it right is to make the next version of it (PIP-08).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localtime

from custodes.custody.actions import record
from custodes.custody.events import AccessDecided, AccessEnded
from custodes.incidents.errors import ProcedureRefused
from custodes.incidents.models import Decision, Incident, KeyWitness
from custodes.incidents.rules import Asked, Stages, faults_of_access
from custodes.incidents.stages import stages_of, stages_of_all
from custodes.people.models import Person
from custodes.people.rules import Permission, Viewer
from custodes.recordings.actions.lock import name_no_more, name_to
from custodes.recordings.models import Recording
from custodes.recordings.rules import OpenFor

PURPOSES = {
    OpenFor.INVESTIGATION: "the investigation",
    OpenFor.MANAGEMENT: "managing the procedure",
    OpenFor.OWN_FOOTAGE: "an account, from their own footage",
    OpenFor.OTHER_KPW_FOOTAGE: "an account, from the footage of another key witness",
    OpenFor.DEBRIEF: "a debrief",
    OpenFor.LEGAL: "legal claims",
}


@dataclass(frozen=True, slots=True)
class Letting:
    """Whom to let in, to what, for what, until when, and who was consulted.

    ``recording`` None: all footage of the incident. ``part`` says in words which part of it.
    """

    person: Person
    purpose: OpenFor
    rationale: str
    authority: str
    reference: str
    standards: str = ""
    recording: Recording | None = None
    part: str = ""
    until: datetime | None = None
    before_account: bool = False


@transaction.atomic
def let_in(viewer: Viewer, incident: Incident, letting: Letting, *, at: datetime) -> Decision:
    """Open the lock to somebody; raises ProcedureRefused with all that is missing."""
    incident = make_sure_it_is_managed_by(viewer, incident)
    return _decide(viewer, incident, letting, None, at)


@transaction.atomic
def decide_anew(viewer: Viewer, decision: Decision, letting: Letting, *, at: datetime) -> Decision:
    """Make the next version of a decision; the one before stays as it was written."""
    incident = make_sure_it_is_managed_by(viewer, decision.incident)
    if Decision.objects.filter(replaces=decision).exists():
        raise ProcedureRefused("A later version of this decision has been made already.")
    if decision.named is not None:
        name_no_more(decision.named, "decided anew", by=viewer.actor, at=at)
    return _decide(viewer, incident, letting, decision, at)


@transaction.atomic
def end_access(viewer: Viewer, decision: Decision, because: str, *, at: datetime) -> None:
    """Let somebody in no more, from now on."""
    incident = make_sure_it_is_managed_by(viewer, decision.incident)
    if not because.strip():
        raise ProcedureRefused("Say why. Your reason is kept.")
    if decision.named is None or decision.named.ended_at is not None:
        raise ProcedureRefused("This decision has ended already.")
    name_no_more(decision.named, because.strip(), by=viewer.actor, at=at)
    ended = AccessEnded(person=decision.person.name)
    record(ended, subject=incident.handle, by=viewer.actor, at=at, because=because.strip())


def make_sure_it_is_managed_by(viewer: Viewer, incident: Incident) -> Incident:
    """Return the incident, locked, if this person manages it; raises ProcedureRefused.

    Whoever was there gives an account and decides nothing.
    """
    if not viewer.may(Permission.MANAGE_INCIDENT):
        raise ProcedureRefused("Only a post-incident manager decides this.")
    if incident.witnesses.filter(person=viewer.person).exists():
        raise ProcedureRefused("You are a key witness of this incident and decide nothing in it.")
    incident = Incident.objects.select_for_update().get(pk=incident.pk)
    if incident.ended_at is not None:
        raise ProcedureRefused("The procedure has ended.")
    return incident


def _decide(
    viewer: Viewer, incident: Incident, letting: Letting, before: Decision | None, at: datetime
) -> Decision:
    if letting.recording is not None:
        _make_sure_it_belongs(letting.recording, incident)
    if faults := faults_of_access(_asked(incident, letting), at):
        raise ProcedureRefused(" ".join(faults))

    rationale = letting.rationale.strip()
    named = name_to(
        incident.handle,
        letting.person,
        letting.purpose,
        rationale,
        by=viewer.actor,
        at=at,
        until=letting.until,
        recording=letting.recording,
    )
    decision = Decision.objects.create(
        incident=incident,
        person=letting.person,
        recording=letting.recording,
        purpose=letting.purpose,
        part=letting.part.strip(),
        rationale=rationale,
        authority=letting.authority.strip(),
        standards=letting.standards.strip(),
        reference=letting.reference.strip(),
        before_account=letting.before_account,
        until=letting.until,
        decided_by=viewer.name,
        decided_at=at,
        version=before.version + 1 if before else 1,
        replaces=before,
        named=named,
    )
    record(_told(decision), subject=incident.handle, by=viewer.actor, at=at, because=rationale)
    return decision


def _make_sure_it_belongs(recording: Recording, incident: Incident) -> None:
    if not recording.locks.filter(cause=incident.handle, lifted_at=None).exists():
        raise ProcedureRefused("This recording does not belong to the incident.")


def _asked(incident: Incident, letting: Letting) -> Asked:
    witness = KeyWitness.objects.filter(incident=incident, person=letting.person).first()
    stages: Stages | None = stages_of(witness) if witness is not None else None
    own = letting.recording is not None and letting.recording.wearer_id == letting.person.pk
    return Asked(
        purpose=letting.purpose,
        rationale=letting.rationale,
        stages=stages,
        one_recording=letting.recording is not None,
        is_own=own,
        until=letting.until,
        authority=letting.authority,
        standards=letting.standards,
        reference=letting.reference,
        before_account=letting.before_account,
        all_stages=stages_of_all(incident),
    )


def _told(decision: Decision) -> AccessDecided:
    what = f"recording {decision.recording.handle}" if decision.recording else "all footage of it"
    consulted = [f"{decision.authority} (IOPC, {decision.reference})", decision.standards]
    return AccessDecided(
        person=decision.person.name,
        what=f"{what}, {decision.part}" if decision.part else what,
        purpose=PURPOSES[OpenFor(decision.purpose)],
        until=_until(decision.until),
        when="before their account" if decision.before_account else "after their account if any",
        consulted=", ".join(filter(None, consulted)),
        version=str(decision.version),
    )


def _until(until: datetime | None) -> str:
    return f"until {localtime(until):%-d %B %Y, %H:%M %Z}" if until else "until further notice"
