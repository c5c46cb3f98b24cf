"""Place a hold at once; let it go with care."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from django.db import transaction
from django.db.models import (
    Case,
    DateTimeField,
    DurationField,
    ExpressionWrapper,
    F,
    IntegerField,
    Q,
    QuerySet,
    Value,
    When,
)
from django.utils.timezone import localdate

from custodes.custody.actions import record, record_all
from custodes.custody.appending import Happening, lock_end
from custodes.custody.events import (
    AgreementsVoided,
    HoldClosed,
    HoldOpened,
    HoldPlaced,
    HoldReleased,
    HoldRenewed,
    ReleaseAgreed,
)
from custodes.custody.rules import Actor
from custodes.fleet.models import Camera
from custodes.kernel.clock import rfc3339
from custodes.kernel.spans import Span
from custodes.people.models import Person
from custodes.people.rules import Permission, Viewer, reach
from custodes.recordings.many import among
from custodes.recordings.models import Recording
from custodes.recordings.rules import State
from custodes.recordings.where import in_any
from custodes.retention.actions.outlook import look_ahead
from custodes.retention.errors import HoldRefused
from custodes.retention.models import HeldRecording, Hold, ReleaseAgreement
from custodes.retention.rules.holds import (
    HOLD_NAMES,
    HoldKind,
    Scope,
    faults_of_agreement,
    faults_of_new_hold,
    faults_of_renewal,
    only_ends_by_itself,
    release_needs,
)
from custodes.retention.rules.periods import in_words
from custodes.retention.standing import that_may_catch
from custodes.retention.writing import scope_for_the_log

_NAMED_AT_MOST = 5
# A clock that is further off than this is asked about one by one.
_CLOCK_OFF = timedelta(hours=2)
# Beyond that nobody knows when it was; more than the calendar holds cannot be added up.
_BELIEVED = timedelta(days=100_000) // timedelta(milliseconds=1)
# An integer, so that SQLite gets whole microseconds.
_OFFSET = ExpressionWrapper(
    ExpressionWrapper(F("clock_offset_ms"), IntegerField()) * Value(timedelta(milliseconds=1)),
    DurationField(),
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
    _make_sure_all_exist(wanted.scope)
    return raise_hold(wanted, by=viewer.actor, at=at)


def _make_sure_all_exist(scope: Scope) -> None:
    """Refuse names that nothing has: a hold on a misspelt one would keep nothing."""
    there = Recording.objects.exclude(state=State.DISPOSED)
    for what, named, known in (
        ("recording", scope.recordings, there.filter(handle__in=scope.recordings)),
        ("person", scope.wearers, Person.objects.filter(handle__in=scope.wearers)),
        ("camera", scope.cameras, Camera.objects.filter(handle__in=scope.cameras)),
    ):
        if missing := sorted(named - set(known.values_list("handle", flat=True))):
            raise HoldRefused(
                f"There is no {what} {', '.join(missing[:_NAMED_AT_MOST])} here, or no more.",
                "Nothing is held by this. Look whether the name is whole, and try again.",
            )


@transaction.atomic
def raise_hold(wanted: Wanted, *, by: Actor, at: datetime) -> Hold:
    """Place a hold that another act of the house brings with it; the caller asks who may."""
    faults = faults_of_new_hold(
        wanted.kind, wanted.reason, wanted.review_on, wanted.until, at, today=localdate(at)
    )
    if wanted.scope.is_empty:
        faults = (
            *faults,
            "A hold must say what it is for: recordings, people, cameras, times, places or areas.",
        )
    if faults or wanted.review_on is None:
        raise HoldRefused(" ".join(faults))

    hold = Hold(
        kind=wanted.kind,
        reason=wanted.reason.strip(),
        authority=wanted.authority.strip(),
        standing=wanted.standing,
        placed_by=by.name,
        placer=Person.objects.filter(handle=by.handle).first() if by.handle else None,
        placed_at=at,
        review_on=wanted.review_on,
        until=wanted.until,
    )
    hold.set_reach(wanted.scope)
    hold.save()
    caught = lock_recordings(in_reach(wanted.scope))
    opened = HoldOpened(HOLD_NAMES[wanted.kind], len(caught), scope_for_the_log(wanted.scope))
    record(opened, subject=hold.handle, by=by, at=at, because=str(hold.reason))
    _keep(hold, caught, by=by, at=at)
    return hold


@transaction.atomic
def extend_raised_hold(
    hold: Hold, recordings: Iterable[Recording], *, by: Actor, at: datetime
) -> None:
    """Keep more recordings for the matter that raised this hold.

    Where a person adds them, who agreed that the hold may go has agreed to nothing any more:
    the matter goes on. What arrives by itself changes nothing of that, as under a standing hold.
    """
    locked = lock_recordings(Recording.objects.filter(pk__in=[each.pk for each in recordings]))
    hold = _locked(hold)
    reach, held = hold.reach(), set(hold.held.values_list("recording", flat=True))
    caught = [each for each in locked if each.pk not in held]
    hold.set_reach(replace(reach, recordings=reach.recordings | {each.handle for each in caught}))
    hold.save(update_fields=["scope"])
    _keep(hold, caught, by=by, at=at)
    if caught and by.handle:
        _void_agreements(hold, "more recordings were put under it.", by=by, at=at)


@transaction.atomic
def widen_raised_hold(hold: Hold, more: Scope, *, by: Actor, at: datetime) -> None:
    """Have a standing hold reach for more, in the same span as before; one name is enough then.

    Raises HoldRefused for one that was released: what is added to it would not be kept.
    """
    caught = lock_recordings(in_reach(more))
    hold = _locked(hold)
    if not hold.as_rule().binds(at):
        raise HoldRefused("The hold was released.", "Nothing was added. Place another.")
    hold.set_reach(hold.reach().widened(more))
    hold.save(update_fields=["scope"])
    _void_agreements(hold, "it reaches for more than was agreed on.", by=by, at=at)
    extend_raised_hold(hold, caught, by=by, at=at)


@transaction.atomic
def end_raised_hold(hold: Hold, reason: str, *, by: Actor, at: datetime) -> None:
    """Let a hold go with the matter that raised it; one that was released already stays so."""
    lock_what_is_held(hold)
    hold = _locked(hold)
    if hold.released_at is None:
        _let_go(hold, reason, by=by, at=at)


@transaction.atomic
def catch(recordings: Sequence[int], *, by: Actor, at: datetime) -> int:
    """Put recordings under the standing holds that reach for them; return how many were caught."""
    caught = 0
    for hold in that_may_catch(recordings):
        if not hold.as_rule().binds(at):
            continue
        held = hold.held.values("recording")
        reached = in_reach(hold.reach()).filter(pk__in=among(recordings)).exclude(pk__in=held)
        found = lock_recordings(reached)
        if found and _locked(hold).released_at is None:
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
    outcome_on: date | None = None,
    at: datetime,
) -> tuple[str, ...]:
    """Agree that a hold may go; release it if nothing more is needed. Return what still is.

    Raises HoldRefused without a reason, without the permission, when it has gone, or when
    it waits for an appeal and nobody says on which day that was decided (RET-08).
    """
    if not viewer.may(Permission.RELEASE_HOLD):
        raise HoldRefused("None of your roles releases holds.")
    kind = HoldKind(hold.kind)
    if faults := faults_of_agreement(kind, reason, outcome_on, today=localdate(at)):
        raise HoldRefused(" ".join(faults))
    lock_what_is_held(hold)
    hold = _locked(hold)
    if hold.released_at is not None:
        raise HoldRefused("This hold was released already.")
    if too_early := only_ends_by_itself(hold.as_rule(), at):
        raise HoldRefused(too_early)

    agreement = {
        "roles": sorted(r.value for r in viewer.roles if reach({r}, Permission.RELEASE_HOLD)),
        "reason": reason.strip(),
        "reference": reference.strip(),
        "all_closed": all_closed,
        "outcome_on": outcome_on,
        "at": at,
    }
    ReleaseAgreement.objects.update_or_create(
        hold=hold, person_id=viewer.person, voided_at=None, defaults=agreement
    )
    decided = f" decided on {in_words(outcome_on)}" if outcome_on is not None else ""
    agreed = ReleaseAgreed(what=f"{HOLD_NAMES[kind]}{decided}", reference=reference.strip())
    record(agreed, subject=hold.handle, by=viewer.actor, at=at, because=reason.strip())
    missing = missing_for_release(hold)
    if not missing:
        _let_go(hold, reason.strip(), by=viewer.actor, at=at)
    return missing


@transaction.atomic
def renew_hold(
    viewer: Viewer, hold: Hold, reason: str, review_on: date | None, *, at: datetime
) -> Hold:
    """Say that a hold is still needed, why, and on which day somebody looks again.

    Raises HoldRefused. Nothing else of it changes: neither what it keeps nor its end. Whoever
    agreed before that it may go has agreed to nothing any more.
    """
    if not viewer.may(Permission.PLACE_HOLD):
        raise HoldRefused("None of your roles places or renews holds.")
    hold = _locked(hold)
    before = hold.review_on
    faults = faults_of_renewal(hold.as_rule(), reason, before, review_on, at, today=localdate(at))
    if faults or review_on is None:
        raise HoldRefused(" ".join(faults))
    hold.review_on = review_on
    hold.save(update_fields=["review_on"])
    renewed = HoldRenewed(
        what=HOLD_NAMES[HoldKind(hold.kind)],
        before=in_words(before),
        review_on=in_words(review_on),
    )
    record(renewed, subject=hold.handle, by=viewer.actor, at=at, because=reason.strip())
    _void_agreements(hold, reason.strip(), by=viewer.actor, at=at)
    return hold


def in_reach(scope: Scope) -> QuerySet[Recording]:
    """Return the recordings a scope catches, by ``Scope.catches``, as one question to the table."""
    matching = _of_any(scope) if scope.either else _of_all(scope)
    if scope.span is not None:
        matching &= _filmed_in(scope.span)
    named = Q(handle__in=scope.recordings)
    held = Recording.objects.exclude(state=State.DISPOSED)
    if scope.span is not None:
        held = held.alias(began=_by_our_clock("started_at"), over=_by_our_clock("ended_at"))
    if scope.is_empty:
        return held.none()
    return held.filter(named | matching if matching else named)


def _of_all(scope: Scope) -> Q:
    matching = Q()
    if scope.wearers:
        matching &= Q(wearer__handle__in=scope.wearers)
    if scope.cameras:
        matching &= Q(camera__handle__in=scope.cameras)
    if scope.places:
        matching &= Q(place=None) | Q(place__name__in=scope.places)
    if scope.areas:
        matching &= in_any(scope.areas)
    return matching


def _of_any(scope: Scope) -> Q:
    return (
        Q(wearer__handle__in=scope.wearers)
        | Q(camera__handle__in=scope.cameras)
        | Q(place__name__in=scope.places)
        | in_any(scope.areas)
    )


def _filmed_in(span: Span) -> Q:
    """Return what was filmed in a span by its camera's clock, or by ours where they differ."""
    by_camera = Q(started_at__lt=span.end) & (Q(ended_at=None) | Q(ended_at__gte=span.start))
    # Narrowed first: to move a time costs more than to look at it.
    ahead, off = span.end + _CLOCK_OFF, _CLOCK_OFF // timedelta(milliseconds=1)
    near = Q(started_at__lt=ahead) & (Q(ended_at=None) | Q(ended_at__gte=span.start - _CLOCK_OFF))
    far_off = Q(clock_offset_ms__gt=off) | Q(clock_offset_ms__lt=-off)
    by_us = Q(began__lt=span.end) & (Q(ended_at=None) | Q(over__gte=span.start))
    return by_camera | ((near | far_off) & by_us)


def _by_our_clock(name: str) -> Case:
    known = Q(clock_offset_ms__range=(-_BELIEVED, _BELIEVED))
    moved = ExpressionWrapper(F(name) + _OFFSET, DateTimeField())
    return Case(When(known, then=moved), default=F(name))


def missing_for_release(hold: Hold) -> tuple[str, ...]:
    """Return what it still takes to let a hold go; nothing when it may."""
    given = list(hold.agreements.filter(voided_at=None).select_related("person"))
    reference = next((each.reference for each in given if each.reference), "")
    closed = any(each.all_closed for each in given)
    decided = next((each.outcome_on for each in given if each.outcome_on), None)
    approvals = [each.as_rule() for each in given]
    return release_needs(
        HoldKind(hold.kind), approvals, reference, all_closed=closed, outcome_on=decided
    ).missing


def _void_agreements(hold: Hold, because: str, *, by: Actor, at: datetime) -> None:
    """Let what was agreed so far count no more; the rows stay, and say since when."""
    number = hold.agreements.filter(voided_at=None).update(voided_at=at)
    if number:
        voided = AgreementsVoided(what=HOLD_NAMES[HoldKind(hold.kind)], number=number)
        record(voided, subject=hold.handle, by=by, at=at, because=because)


def _let_go(hold: Hold, reason: str, *, by: Actor, at: datetime) -> None:
    hold.released_at, hold.released_by = at, by.name
    hold.save(update_fields=["released_at", "released_by"])
    # What was deleted meanwhile is held by nothing, and of it nothing more is said.
    held = lock_recordings(Recording.objects.filter(holds__hold=hold))
    what = HOLD_NAMES[HoldKind(hold.kind)]
    closed = HoldClosed(what=what, number=len(held))
    record(closed, subject=hold.handle, by=by, at=at, because=reason)
    released = HoldReleased(hold=hold.handle, what=what)
    record_all((Happening(released, each.handle, reason) for each in held), by=by, at=at)
    look_ahead([each.pk for each in held], at=at)


def lock_what_is_held(*holds: Hold) -> None:
    """Lock what holds keep; called before anything is entered by an act that ends them.

    Everybody locks in this order, so that no two wait for each other: recordings by their
    number, the end of the log, and only then holds.
    """
    lock_recordings(Recording.objects.filter(holds__hold__in=holds))


def _locked(hold: Hold) -> Hold:
    lock_end()
    return Hold.objects.select_for_update().get(pk=hold.pk)


def lock_recordings(recordings: QuerySet[Recording]) -> list[Recording]:
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
