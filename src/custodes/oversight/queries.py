"""Read the register, for those who keep it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta

from django.db.models import F, QuerySet

from custodes.kernel.errors import NotFound
from custodes.oversight.models import Handler, Registered
from custodes.oversight.rules import MAY_ASSIGN, MAY_ENTER, Kind, faults_of_reach
from custodes.people.queries import wearers_for
from custodes.people.rules import Permission, Viewer
from custodes.recordings.locks import not_shut_to
from custodes.recordings.models import Recording
from custodes.recordings.queries import recordings_for
from custodes.retention.actions.hold import in_reach
from custodes.retention.rules.holds import Scope

#: How long before it is due an answer is called for (SAR-01: the usual target is 28 days).
SOON = timedelta(days=7)


def kinds_for(viewer: Viewer) -> list[Kind]:
    """Return what this person may enter."""
    return [kind for kind in Kind if MAY_ENTER[kind] & viewer.roles]


def may_keep_register(viewer: Viewer) -> bool:
    """Say whether the register is any business of this person."""
    return bool(kinds_for(viewer)) or viewer.may(Permission.SEE_RETENTION)


def register_for(viewer: Viewer) -> QuerySet[Registered]:
    """Return what this person may know of, what is due first and then the newest.

    Whoever sees what is kept and why sees all of it; others what their role enters, and an
    officer only what they entered themselves.
    """
    entered = Registered.objects.select_related("hold")
    entered = entered.order_by(
        F("closed_at").desc(nulls_first=True), F("due_on").asc(nulls_last=True), "-pk"
    )
    if viewer.may(Permission.SEE_RETENTION):
        return entered
    kinds = kinds_for(viewer)
    everybodys = [kind for kind in kinds if kind is not Kind.USE_OF_FORCE]
    mine = entered.filter(kind__in=kinds, person=viewer.person)
    return entered.filter(kind__in=everybodys) | mine


def registered_for(viewer: Viewer, handle: str) -> Registered:
    """Return one of them; raises NotFound for what this person may not know of."""
    found = register_for(viewer).filter(handle=handle).first()
    if found is None:
        raise NotFound("There is nothing like this in the register.")
    return found


def faults_of_reach_for(viewer: Viewer, kind: Kind, scope: Scope) -> tuple[str, ...]:
    """Return what is wrong with how far this person reaches with an entry; nothing when right."""
    if kind is not Kind.USE_OF_FORCE or viewer.may(Permission.PLACE_HOLD):
        return ()
    people = wearers_for(viewer).filter(handle__in=scope.wearers)
    recordings = recordings_for(viewer).filter(handle__in=scope.recordings)
    own = {viewer.handle, *people.values_list("handle", flat=True)}
    return faults_of_reach(scope, own, recordings.values_list("handle", flat=True))


def number_it_would_hold(viewer: Viewer, scope: Scope) -> int:
    """Return how many recordings an entry of this reach would hold today, of those they know."""
    return _known(viewer, in_reach(scope)).count() if kinds_for(viewer) else 0


def handlers_of(viewer: Viewer, entered: Registered) -> QuerySet[Handler]:
    """Return who looks into a complaint now, for those who may know of it."""
    known = register_for(viewer).filter(pk=entered.pk)
    now_on_it = Handler.objects.filter(registered__in=known.values("pk"), until=None)
    return now_on_it.select_related("person")


def may_give(viewer: Viewer, entered: Registered) -> bool:
    """Say whether this person says who looks into this complaint."""
    is_open = entered.kind == Kind.COMPLAINT and entered.closed_at is None
    known = register_for(viewer).filter(pk=entered.pk).exists()
    return is_open and known and bool(MAY_ASSIGN & viewer.roles)


def footage_of(viewer: Viewer, entered: Registered) -> QuerySet[Recording]:
    """Return what is held for an entry, as far as this person may see it, the newest first."""
    known = recordings_for(viewer).filter(holds__hold=entered.hold)
    return known.select_related("camera", "wearer").order_by("-started_at", "-pk")


def number_held(viewer: Viewer, entered: Registered) -> int:
    """Return how many recordings are held for an entry, of those this person may know of."""
    return _known(viewer, Recording.objects.filter(holds__hold=entered.hold)).count()


def _known(viewer: Viewer, recordings: QuerySet[Recording]) -> QuerySet[Recording]:
    """Leave out what a lock keeps from them; of who holds only encounters, what they cannot see."""
    others = [kind for kind in kinds_for(viewer) if kind is not Kind.USE_OF_FORCE]
    if others or viewer.may(Permission.SEE_RETENTION) or viewer.may(Permission.PLACE_HOLD):
        return recordings.filter(not_shut_to(viewer))
    return recordings.filter(pk__in=recordings_for(viewer).values("pk"))


def due_for(viewer: Viewer, today: date) -> Iterable[Registered]:
    """Return what this person has to answer soon, or should have."""
    kinds = [kind for kind in kinds_for(viewer) if kind is not Kind.USE_OF_FORCE]
    open_ones = Registered.objects.filter(kind__in=kinds, closed_at=None)
    return open_ones.filter(due_on__lte=today + SOON).order_by("due_on")
