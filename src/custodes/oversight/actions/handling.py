"""Say who looks into a complaint: they see and play what is held for it, and nothing else by it.

Everything they reach so is held already, by the complaint. What is docked later and caught
by its hold is opened to them then. A lock decides alone, as everywhere.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from custodes.custody.actions import record
from custodes.custody.events import ComplaintGiven, ComplaintTaken
from custodes.custody.rules import Actor
from custodes.oversight.errors import CannotBeGiven
from custodes.oversight.models import Handler, Registered
from custodes.oversight.queries import registered_for
from custodes.oversight.rules import KIND_NAMES, MAY_ASSIGN, Assigned, Kind, faults_of_assignment
from custodes.people.models import Person
from custodes.people.rules import Viewer
from custodes.recordings.actions.grant import close_to_person, open_to
from custodes.recordings.models import Recording


@transaction.atomic
def give_complaint(viewer: Viewer, handle: str, person: Person, *, at: datetime) -> Handler:
    """Give somebody a complaint to look into; raises CannotBeGiven, NotFound.

    From their next request on they reach what is held for it with what their roles may.
    """
    entered = Registered.objects.select_for_update().get(pk=registered_for(viewer, handle).pk)
    held = Recording.objects.filter(holds__hold=entered.hold)
    wanted = Assigned(
        person=person.handle,
        roles=person.as_viewer("").roles if person.is_active else frozenset(),
        by=viewer.handle,
        by_roles=viewer.roles,
        filmed=entered.hold.reach().wearers
        | frozenset(held.exclude(wearer=None).values_list("wearer__handle", flat=True)),
    )
    closed = entered.closed_at is not None
    if faults := faults_of_assignment(Kind(entered.kind), wanted, is_closed=closed):
        raise CannotBeGiven(" ".join(faults))
    if (already := entered.handlers.filter(person=person, until=None).first()) is not None:
        return already
    given = Handler.objects.create(registered=entered, person=person, by=viewer.name, since=at)
    said = ComplaintGiven(
        what=KIND_NAMES[Kind(entered.kind)],
        reference=entered.reference,
        person=person.handle,
        name=person.name,
    )
    record(said, subject=entered.handle, by=viewer.actor, at=at)
    _open(given, list(held.values_list("pk", flat=True)), at)
    return given


@transaction.atomic
def take_complaint(
    viewer: Viewer, handle: str, person: Person, because: str, *, at: datetime
) -> None:
    """Take a complaint from somebody, for a reason; what it let them reach goes with it."""
    entered = Registered.objects.select_for_update().get(pk=registered_for(viewer, handle).pk)
    if not MAY_ASSIGN & viewer.roles:
        raise CannotBeGiven("None of your roles says who looks into a complaint.")
    if not because.strip() or len(because) > 1000:
        raise CannotBeGiven("Say in at most 1,000 characters why.")
    handler = entered.handlers.filter(person=person, until=None).first()
    if handler is None:
        raise CannotBeGiven(f"{person} does not look into it.")
    _take(handler, because.strip(), by=viewer.actor, at=at)


@transaction.atomic
def open_what_came_late(recording: str, *, at: datetime) -> None:
    """Open a recording to those who look into a complaint it is held for; twice is no harm.

    Called once something is in the record; the entry is the hold's.
    """
    handlers = Handler.objects.filter(
        until=None, registered__hold__held__recording__handle=recording
    )
    for handler in handlers.select_related("registered"):
        found = Recording.objects.filter(handle=recording).exclude(wearer=handler.person_id)
        _open(handler, list(found.values_list("pk", flat=True)), at)


@transaction.atomic
def end_handling(entered: Registered, because: str, *, by: Actor, at: datetime) -> None:
    """Take something from everybody who looks into it, for the act that closes it."""
    for handler in entered.handlers.filter(until=None).select_related("person"):
        _take(handler, because, by=by, at=at)


def _open(handler: Handler, recordings: list[int], at: datetime) -> None:
    entered = handler.registered
    open_to([handler.person_id], recordings, entered.handle, str(entered), at=at)


def _take(handler: Handler, because: str, *, by: Actor, at: datetime) -> None:
    entered, person = handler.registered, handler.person
    handler.until = at
    handler.save(update_fields=["until"])
    close_to_person(person.pk, entered.handle, at=at)
    said = ComplaintTaken(
        what=KIND_NAMES[Kind(entered.kind)],
        reference=entered.reference,
        person=person.handle,
        name=person.name,
    )
    record(said, subject=entered.handle, by=by, at=at, because=because)
