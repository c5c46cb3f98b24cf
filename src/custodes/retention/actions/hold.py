"""Place a hold at once; let it go with care."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime

from django.db import transaction
from django.db.models import Q, QuerySet

from custodes.custody.actions import record, record_all
from custodes.custody.appending import Happening
from custodes.custody.events import HoldClosed, HoldOpened, HoldPlaced, HoldReleased, ReleaseAgreed
from custodes.custody.rules import Actor
from custodes.kernel.clock import rfc3339
from custodes.people.rules import Permission, Viewer
from custodes.recordings.models import Recording
from custodes.recordings.rules import State
from custodes.retention.actions.outlook import look_ahead
from custodes.retention.errors import HoldRefused
from custodes.retention.models import HeldRecording, Hold, ReleaseAgreement
from custodes.retention.rules.holds import (
    HOLD_NAMES,
    HoldKind,
    Scope,
    faults_of_new_hold,
    release_needs,
)


@dataclass(frozen=True, slots=True)
class Wanted:
    """The hold somebody wants. ``standing``: what is docked later and matches is held too."""

    kind: HoldKind
    reason: str
    review_on: date | None
    scope: Scope
    authority: str = ""
    standing: bool = False
    until: datetime | None = None


def place_hold(viewer: Viewer, wanted: Wanted, *, at: datetime) -> Hold:
    """Keep every recording in reach; raises HoldRefused. Held is held when this returns."""
    if not viewer.may(Permission.PLACE_HOLD):
        raise HoldRefused("None of your roles places holds.")
    return raise_hold(wanted, by=viewer.actor, at=at)


@transaction.atomic
def raise_hold(wanted: Wanted, *, by: Actor, at: datetime) -> Hold:
    """Place a hold that another act of the house brings with it; the caller asks who may."""
    faults = faults_of_new_hold(wanted.kind, wanted.reason, wanted.review_on, wanted.until, at)
    if wanted.scope.is_empty:
        faults = (
            *faults,
            "A hold must say what it is for: recordings, people, cameras, a time or a place.",
        )
    if faults or wanted.review_on is None:
        raise HoldRefused(" ".join(faults))

    hold = Hold(
        kind=wanted.kind,
        reason=wanted.reason.strip(),
        authority=wanted.authority.strip(),
        standing=wanted.standing,
        placed_by=by.name,
        placed_at=at,
        review_on=wanted.review_on,
        until=wanted.until,
    )
    hold.set_reach(wanted.scope)
    hold.save()
    caught = _lock(in_reach(wanted.scope))
    opened = HoldOpened(what=HOLD_NAMES[wanted.kind], number=len(caught), reach=str(hold.scope))
    record(opened, subject=hold.handle, by=by, at=at, because=str(hold.reason))
    _keep(hold, caught, by=by, at=at)
    return hold


@transaction.atomic
def extend_raised_hold(
    hold: Hold, recordings: Iterable[Recording], *, by: Actor, at: datetime
) -> None:
    """Keep more recordings for the matter that raised this hold."""
    hold = Hold.objects.select_for_update().get(pk=hold.pk)
    reach = hold.reach()
    new = Recording.objects.filter(pk__in=[each.pk for each in recordings])
    caught = _lock(new.exclude(pk__in=hold.held.values("recording")))
    hold.set_reach(replace(reach, recordings=reach.recordings | {each.handle for each in caught}))
    hold.save(update_fields=["scope"])
    _keep(hold, caught, by=by, at=at)


@transaction.atomic
def end_raised_hold(hold: Hold, reason: str, *, by: Actor, at: datetime) -> None:
    """Let a hold go with the matter that raised it; one that was released already stays so."""
    hold = Hold.objects.select_for_update().get(pk=hold.pk)
    if hold.released_at is None:
        _let_go(hold, reason, by=by, at=at)


@transaction.atomic
def catch(recordings: Sequence[int], *, by: Actor, at: datetime) -> int:
    """Put recordings under the standing holds that reach for them; return how many were caught."""
    caught = 0
    for hold in Hold.objects.filter(standing=True, released_at=None).order_by("pk"):
        if not hold.as_rule().binds(at):
            continue
        held = hold.held.values("recording")
        reached = in_reach(hold.reach()).filter(pk__in=recordings).exclude(pk__in=held)
        found = _lock(reached)
        if found:
            _keep(hold, found, by=by, at=at)
        caught += len(found)
    return caught


@transaction.atomic
def agree_to_release(
    viewer: Viewer,
    hold: Hold,
    reason: str,
    *,
    reference: str = "",
    all_closed: bool = False,
    at: datetime,
) -> tuple[str, ...]:
    """Agree that a hold may go; release it if nothing more is needed. Return what still is.

    Raises HoldRefused without a reason, without the permission, or when it has gone.
    """
    if not viewer.may(Permission.RELEASE_HOLD):
        raise HoldRefused("None of your roles releases holds.")
    if not reason.strip():
        raise HoldRefused("A hold is released for a reason, and none was given.")
    hold = Hold.objects.select_for_update().get(pk=hold.pk)
    if hold.released_at is not None:
        raise HoldRefused("This hold was released already.")

    agreement = {
        "roles": sorted(role.value for role in viewer.roles),
        "reason": reason.strip(),
        "reference": reference.strip(),
        "all_closed": all_closed,
        "at": at,
    }
    ReleaseAgreement.objects.update_or_create(
        hold=hold, person_id=viewer.person, defaults=agreement
    )
    what = HOLD_NAMES[HoldKind(hold.kind)]
    agreed = ReleaseAgreed(what=what, reference=reference.strip())
    record(agreed, subject=hold.handle, by=viewer.actor, at=at, because=reason.strip())
    missing = missing_for_release(hold)
    if not missing:
        _let_go(hold, reason.strip(), by=viewer.actor, at=at)
    return missing


def in_reach(scope: Scope) -> QuerySet[Recording]:
    """Return the recordings a scope catches, by ``Scope.catches``, as one question to the table."""
    matching = Q()
    if scope.span is not None:
        not_over = Q(ended_at=None) | Q(ended_at__gte=scope.span.start)
        matching &= Q(started_at__lt=scope.span.end) & not_over
    if scope.wearers:
        matching &= Q(wearer__handle__in=scope.wearers)
    if scope.cameras:
        matching &= Q(camera__handle__in=scope.cameras)
    if scope.places:
        matching &= Q(place=None) | Q(place__name__in=scope.places)
    named = Q(handle__in=scope.recordings)
    held = Recording.objects.exclude(state=State.DISPOSED)
    if scope.is_empty:
        return held.none()
    return held.filter(named | matching if matching else named)


def missing_for_release(hold: Hold) -> tuple[str, ...]:
    """Return what it still takes to let a hold go; nothing when it may."""
    given = list(hold.agreements.select_related("person"))
    reference = next((each.reference for each in given if each.reference), "")
    closed = any(each.all_closed for each in given)
    approvals = [each.as_rule() for each in given]
    return release_needs(HoldKind(hold.kind), approvals, reference, all_closed=closed).missing


def _let_go(hold: Hold, reason: str, *, by: Actor, at: datetime) -> None:
    hold.released_at, hold.released_by = at, by.name
    hold.save(update_fields=["released_at", "released_by"])
    held = list(hold.held.order_by("pk").values_list("recording", "recording__handle"))
    what = HOLD_NAMES[HoldKind(hold.kind)]
    closed = HoldClosed(what=what, number=len(held))
    record(closed, subject=hold.handle, by=by, at=at, because=reason)
    released = HoldReleased(hold=hold.handle, what=what)
    record_all((Happening(released, handle, reason) for _, handle in held), by=by, at=at)
    look_ahead([pk for pk, _ in held], at=at)


def _lock(recordings: QuerySet[Recording]) -> list[Recording]:
    """Return recordings locked against the sweep: one of the two sees what the other did."""
    rows = Recording.objects.filter(pk__in=recordings.order_by().values("pk"))
    rows = rows.exclude(state=State.DISPOSED).order_by("pk")
    return list(rows.select_for_update().only("pk", "handle"))


def _keep(hold: Hold, recordings: Iterable[Recording], *, by: Actor, at: datetime) -> None:
    kept = list(recordings)
    HeldRecording.objects.bulk_create(
        [HeldRecording(hold=hold, recording=each, since=at) for each in kept]
    )
    placed = HoldPlaced(
        hold=hold.handle,
        until=rfc3339(hold.until) if hold.until else "",
        what=HOLD_NAMES[HoldKind(hold.kind)],
    )
    record_all((Happening(placed, each.handle, hold.reason) for each in kept), by=by, at=at)
    look_ahead([each.pk for each in kept], at=at)
