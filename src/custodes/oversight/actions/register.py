"""Enter what has come in, and keep what it is about in the same moment; say how it ended."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from custodes.custody.actions import record
from custodes.custody.events import RegisterClosed, RegisterEntered
from custodes.oversight.actions.handling import end_handling
from custodes.oversight.calendars import calendars
from custodes.oversight.errors import CannotBeClosed, RegisterRefused
from custodes.oversight.models import Registered
from custodes.oversight.queries import faults_of_reach_for, registered_for
from custodes.oversight.rules import (
    HOLDS,
    KIND_NAMES,
    MAY_ENTER,
    OUTCOME_NAMES,
    Entered,
    Ground,
    Kind,
    Outcome,
    Regime,
    due_on,
    faults_of_answer,
    faults_of_entry,
    stays_held_until,
)
from custodes.people.rules import Viewer
from custodes.retention.actions.hold import Wanted, end_raised_hold, raise_hold
from custodes.retention.rules.holds import FIRST_LOOK, HOLD_NAMES, HoldKind, Scope
from custodes.retention.rules.periods import end_of


@transaction.atomic
def enter(viewer: Viewer, wanted: Entered, scope: Scope, *, at: datetime) -> Registered:
    """Enter a complaint, a request or a form, and hold all that it reaches for (RET-20, SAR-05).

    What is docked later and matches is held too. Raises RegisterRefused, or HoldRefused when
    ``scope`` names nothing. Whoever may enter it needs no permission to place holds; without
    one, a form reaches for an encounter and no further (``rules.faults_of_reach``).
    """
    faults = faults_of_entry(wanted, viewer.roles, localdate(at))
    faults = (*faults, *faults_of_reach_for(viewer, wanted.kind, scope))
    if Registered.objects.filter(kind=wanted.kind, reference=wanted.reference.strip()).exists():
        faults = (*faults, f"{wanted.reference} is in the register already.")
    if faults:
        raise RegisterRefused(" ".join(faults))
    kept = Wanted(
        HOLDS[wanted.kind],
        wanted.about,
        FIRST_LOOK.after_date(localdate(at)),
        scope,
        wanted.reference,
        standing=True,
    )
    hold = raise_hold(kept, by=viewer.actor, at=at)
    entered = Registered.objects.create(
        kind=wanted.kind,
        reference=wanted.reference.strip(),
        who=wanted.who.strip(),
        about=wanted.about.strip(),
        regime=wanted.regime or "",
        received_on=wanted.received_on,
        due_on=due_on(wanted.kind, wanted.received_on, calendars()),
        hold=hold,
        entered_by=viewer.name,
        person_id=viewer.person or None,
        entered_at=at,
    )
    told = RegisterEntered(
        hold=hold.handle,
        what=KIND_NAMES[wanted.kind],
        reference=entered.reference,
        who=entered.who or "nobody named",
        number=str(hold.held.count()),
    )
    record(told, subject=entered.handle, by=viewer.actor, at=at, because=entered.about)
    return entered


@transaction.atomic
def close(
    viewer: Viewer,
    handle: str,
    outcome: Outcome,
    because: str,
    grounds: Collection[Ground] = (),
    *,
    at: datetime,
) -> Registered:
    """Say how it ended. What a request was about stays held for the time to complain about it.

    A hold for a complaint stays: two people release it. Who looked into it sees nothing more
    because of it. Raises CannotBeClosed, NotFound.
    """
    entered = Registered.objects.select_for_update().get(pk=registered_for(viewer, handle).pk)
    kind = Kind(entered.kind)
    if not MAY_ENTER[kind] & viewer.roles:
        raise CannotBeClosed(f"None of your roles closes a {KIND_NAMES[kind]}.")
    if entered.closed_at is not None:
        raise CannotBeClosed("It was closed already.", "Nothing was changed.")
    regime = Regime(entered.regime) if entered.regime else None
    if faults := faults_of_answer(kind, outcome, because, grounds, regime):
        raise CannotBeClosed(" ".join(faults))
    entered.outcome, entered.because = outcome, because.strip()
    entered.grounds = sorted(grounds)
    entered.closed_by, entered.closed_at = viewer.name, at
    _hold_a_while(entered, kind, viewer, at)
    end_handling(entered, "it was closed", by=viewer.actor, at=at)
    entered.save()
    closed = RegisterClosed(
        what=KIND_NAMES[kind],
        reference=entered.reference,
        outcome=OUTCOME_NAMES[outcome],
        grounds="; ".join(entered.named_grounds()) or "none",
    )
    record(closed, subject=entered.handle, by=viewer.actor, at=at, because=entered.because)
    return entered


def _hold_a_while(entered: Registered, kind: Kind, viewer: Viewer, at: datetime) -> None:
    """Put a hold that ends by itself in the place of the one that does not."""
    last = stays_held_until(kind, localdate(at))
    hold = entered.hold
    if last is None or not hold.as_rule().binds(at):
        return
    name = HOLD_NAMES[HoldKind(hold.kind)]
    held = frozenset(hold.held.values_list("recording__handle", flat=True))
    if held:
        wanted = Wanted(
            HoldKind(hold.kind),
            f"Time to complain about the answer to the {name} {entered.reference}.",
            last,
            Scope(recordings=held),
            entered.reference,
            until=end_of(last),
        )
        entered.hold = raise_hold(wanted, by=viewer.actor, at=at)
    end_raised_hold(hold, f"The {name} was answered.", by=viewer.actor, at=at)
