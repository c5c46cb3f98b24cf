"""Open a case, say what it is about, and enter who is in it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from custodes.cases.actions.assign import put_on
from custodes.cases.actions.working import locked_case
from custodes.cases.errors import CaseRefused
from custodes.cases.models import Case, Party
from custodes.cases.queries import case_for
from custodes.cases.rules.proceeding import PARTY_NAMES, Part, PartyRole
from custodes.cases.rules.urn import NotAUrn, read_urn
from custodes.custody.actions import record
from custodes.custody.events import CaseOpened, CaseViewed, PartyEntered
from custodes.people.errors import NotAllowed
from custodes.people.models import Person
from custodes.people.rules import Permission, Viewer
from custodes.retention.actions.proceedings import open_matter


@dataclass(frozen=True, slots=True)
class NewCase:
    """A case somebody wants to open. ``officer`` None: whoever opens it is in charge of it."""

    urn: str
    about: str
    officer: Person | None = None


@transaction.atomic
def open_case(viewer: Viewer, wanted: NewCase, *, at: datetime) -> Case:
    """Open a case; raises CaseRefused for a URN that is none or is taken, NotAllowed."""
    if not viewer.may(Permission.WORK_ON_CASES):
        raise NotAllowed("None of your roles opens cases.")
    try:
        urn = read_urn(wanted.urn)
    except NotAUrn as fault:
        raise CaseRefused(str(fault)) from None
    about = " ".join(wanted.about.split())
    if not about or len(about) > 300:
        raise CaseRefused("Say in at most 300 characters what the case is about.")
    officer = wanted.officer or Person.objects.filter(pk=viewer.person).first()
    if officer is None:
        raise CaseRefused("A case needs an officer in the case.", "Name one.")
    if wanted.officer is not None and wanted.officer.pk != viewer.person:
        _make_sure_they_may_name(viewer)
    if Case.objects.filter(urn=urn).exists():
        # Not "you may see it": that a case exists is not for everybody to know, but two
        # cases of one URN would be worse, and the number is the force's own.
        raise CaseRefused("This URN is used already.", "Check it, or ask the evidence unit.")

    case = Case.objects.create(
        urn=urn, about=about, team=officer.team, opened_at=at, opened_by=viewer.name
    )
    opened = CaseOpened(urn=str(case), about=about, unit=str(officer.team or "none"))
    record(opened, subject=case.handle, by=viewer.actor, at=at)
    open_matter(str(case), handle=case.handle, by=viewer.actor, at=at)
    put_on(case, officer, Part.OFFICER, by=viewer.actor, at=at)
    return case


@transaction.atomic
def enter_party(viewer: Viewer, case: Case, role: PartyRole, name: str, *, at: datetime) -> Party:
    """Enter somebody who is in a case, and what they are in it."""
    case = locked_case(viewer, Permission.WORK_ON_CASES, case)
    name = _name_in(name)
    entered = PartyEntered(name=name, role=PARTY_NAMES[role], before="not entered")
    record(entered, subject=case.handle, by=viewer.actor, at=at)
    return Party.objects.create(case=case, role=role, name=name, added_at=at)


@transaction.atomic
def correct_party(
    viewer: Viewer, party: Party, role: PartyRole, name: str, *, at: datetime
) -> Party:
    """Say anew what somebody is in a case, or what they are called; history keeps both."""
    case = locked_case(viewer, Permission.WORK_ON_CASES, party.case)
    party = Party.objects.select_for_update().get(pk=party.pk)
    name = _name_in(name)
    if (party.role, party.name) == (role, name):
        return party
    before = f"{party.name}, {PARTY_NAMES[PartyRole(party.role)]}"
    party.role, party.name = role, name
    party.save(update_fields=["role", "name"])
    entered = PartyEntered(name=name, role=PARTY_NAMES[role], before=before)
    record(entered, subject=case.handle, by=viewer.actor, at=at)
    return party


@transaction.atomic
def look_at_case(viewer: Viewer, case: Case, *, at: datetime) -> None:
    """Record that somebody looked at a case."""
    case = case_for(viewer, case.handle)
    record(CaseViewed(urn=str(case)), subject=case.handle, by=viewer.actor, at=at)


def _name_in(name: str) -> str:
    name = " ".join(name.split())
    if not name or len(name) > 200:
        raise CaseRefused("A name has between 1 and 200 characters.")
    return name


def _make_sure_they_may_name(viewer: Viewer) -> None:
    if not viewer.may(Permission.ASSIGN_CASES):
        raise NotAllowed("You may open a case for yourself, but not give it to somebody else.")
