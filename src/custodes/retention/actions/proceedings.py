"""Enter what happens in a case, so that what belongs to it is kept as long as the law asks.

The stage that knows the case calls these in its own transaction, and asks who may. The
handle of a matter is the one its case has in the record.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from enum import StrEnum

from django.db import transaction
from django.db.models import Q
from django.utils.timezone import localdate

from custodes.custody.actions import record, record_all
from custodes.custody.appending import Happening
from custodes.custody.events import MatterChanged, MatterOpened, RecordingLinked, RecordingUnlinked
from custodes.custody.rules import Actor
from custodes.kernel.ids import new_handle
from custodes.recordings.models import Recording
from custodes.recordings.rules import State
from custodes.retention.actions.hold import (
    Wanted,
    end_raised_hold,
    extend_raised_hold,
    lock_recordings,
    raise_hold,
)
from custodes.retention.actions.outlook import look_ahead
from custodes.retention.errors import ProceedingsRefused
from custodes.retention.models import Hold, Matter, MatterAttention, MatterRecording
from custodes.retention.rules.holds import FIRST_LOOK, HoldKind, Scope
from custodes.retention.rules.proceedings import (
    ATTENTION_NAMES,
    Attention,
    Outcome,
    Proceedings,
    faults_of_case,
    starts_anew,
    told_of,
)


class Challenge(StrEnum):
    """How a conviction is challenged: while one is open, nothing of the case goes (RET-08)."""

    APPEAL = "appeal"
    APPLICATION = "application"


@transaction.atomic
def open_matter(reference: str, *, handle: str = "", by: Actor, at: datetime) -> Matter:
    """Return the matter of a case, opened if it is new; ``handle`` is that of the case."""
    known = Matter.objects.filter(handle=handle).first() if handle else None
    if known is not None:
        return known
    if not reference.strip():
        raise ProceedingsRefused("A case needs its reference.")
    matter = Matter.objects.create(
        handle=handle or new_handle(), reference=reference.strip(), opened_at=at
    )
    record(MatterOpened(reference=matter.reference), subject=matter.handle, by=by, at=at)
    return matter


@transaction.atomic
def link(matter: Matter, recordings: Sequence[Recording], *, by: Actor, at: datetime) -> int:
    """Say that recordings belong to a case; return how many did not before.

    From here they are kept for it. What was deleted a moment ago is left out.
    """
    matter = Matter.objects.select_for_update().get(pk=matter.pk)
    known = matter.linked.filter(unlinked_at=None).values("recording")
    new = list(
        Recording.objects.filter(pk__in=[each.pk for each in recordings])
        .exclude(state=State.DISPOSED)
        .exclude(pk__in=known)
        .order_by("pk")
        .select_for_update()
    )
    if not new:
        return 0
    MatterRecording.objects.bulk_create(
        [MatterRecording(matter=matter, recording=each, linked_at=at) for each in new]
    )
    linked = RecordingLinked(matter=matter.handle, reference=matter.reference)
    record_all([Happening(linked, each.handle) for each in new], by=by, at=at)
    _hold_for_charge(matter, new, by=by, at=at)
    look_ahead([each.pk for each in new], at=at)
    return len(new)


@transaction.atomic
def unlink(
    matter: Matter, recordings: Sequence[Recording], because: str, *, by: Actor, at: datetime
) -> int:
    """Take recordings out of a case, for a reason; holds the case placed on them stay.

    For the days of grace after it they stay, too.
    """
    if not because.strip():
        raise ProceedingsRefused("A recording is taken out of a case for a reason.")
    lock_recordings(Recording.objects.filter(pk__in=[each.pk for each in recordings]))
    links = matter.linked.filter(unlinked_at=None, recording__in=[each.pk for each in recordings])
    gone = [each.recording for each in links.select_related("recording").order_by("recording")]
    if not gone:
        return 0
    links.update(unlinked_at=at)
    unlinked = RecordingUnlinked(matter=matter.handle, reference=matter.reference)
    record_all([Happening(unlinked, each.handle, because.strip()) for each in gone], by=by, at=at)
    look_ahead([each.pk for each in gone], at=at)
    return len(gone)


@transaction.atomic
def record_charge(matter: Matter, charge: str, *, by: Actor, at: datetime) -> Hold | None:
    """Enter a charge; a hold keeps what is linked until the case ends (None: nothing is linked)."""
    if not charge.strip():
        raise ProceedingsRefused("A charge needs to say for what.")
    known = _known(matter)
    after = replace(
        known, outcome=Outcome.CHARGED, decided_on=None, custodial=None, released_on=None
    )
    matter = _change(matter, after, f" For: {charge.strip()}.", by=by, at=at)
    matter.charge = charge.strip()
    if matter.charge_hold is not None and matter.charge_hold.released_at is not None:
        matter.charge_hold = None  # that of an earlier charge
    matter.save(update_fields=["charge", "charge_hold"])
    _hold_for_charge(matter, _held_recordings(matter), by=by, at=at)
    return matter.charge_hold


@transaction.atomic
def record_outcome(
    matter: Matter,
    outcome: Outcome,
    *,
    decided_on: date | None = None,
    custodial: bool | None = None,
    released_on: date | None = None,
    by: Actor,
    at: datetime,
) -> Matter:
    """Enter how a case ended, or that it goes on; the hold of its charge goes when it ended.

    ``custodial`` and ``released_on`` belong to a conviction; not known keeps (RET-07).
    """
    known = _known(matter)
    after = replace(
        known,
        outcome=outcome,
        decided_on=decided_on,
        custodial=custodial,
        released_on=released_on,
    )
    matter = _change(matter, after, by=by, at=at)
    if after.is_over and matter.charge_hold is not None:
        end_raised_hold(matter.charge_hold, f"The case ended: {told_of(after)}", by=by, at=at)
    return matter


@transaction.atomic
def record_release(matter: Matter, released_on: date, *, by: Actor, at: datetime) -> Matter:
    """Enter when who was sent to prison or hospital came out."""
    return _change(matter, replace(_known(matter), released_on=released_on), by=by, at=at)


@transaction.atomic
def open_challenge(matter: Matter, which: Challenge, *, by: Actor, at: datetime) -> Matter:
    """Enter an appeal, or an application to the CCRC: nothing goes until it is decided."""
    after = replace(_known(matter), **{f"{which}_open": True})  # type: ignore[arg-type]
    return _change(matter, after, by=by, at=at)


@transaction.atomic
def decide_challenge(
    matter: Matter, which: Challenge, decided_on: date, *, by: Actor, at: datetime
) -> Matter:
    """Enter that an appeal or application was decided, and on which day."""
    known = _known(matter)
    if not getattr(known, f"{which}_open"):
        raise ProceedingsRefused("No such challenge is open in this case.")
    if decided_on > localdate(at):
        raise ProceedingsRefused("The decision lies ahead.")
    after = replace(known, **{f"{which}_open": False})  # type: ignore[arg-type]
    matter = _change(matter, after, by=by, at=at)
    setattr(matter, f"{which}_decided_on", decided_on)
    matter.save(update_fields=[f"{which}_decided_on"])
    return matter


@transaction.atomic
def record_group(matter: Matter, group: int | None, *, by: Actor, at: datetime) -> Matter:
    """Enter the MoPI offence group, 1 to 4."""
    return _change(matter, replace(_known(matter), group=group), by=by, at=at)


@transaction.atomic
def note_attention(matter: Matter, kind: Attention, on: date, *, by: Actor, at: datetime) -> Matter:
    """Enter that somebody of the case came to attention; only some of it counts (RET-11)."""
    if on > localdate(at):
        raise ProceedingsRefused("What came to attention lies ahead.")
    known = _known(matter)
    last = max(on, known.attention_on or on) if starts_anew(kind) else known.attention_on
    MatterAttention.objects.create(matter=matter, kind=kind, on=on, at=at)
    also = f" There was {ATTENTION_NAMES[kind]}."
    return _change(matter, replace(known, attention_on=last), also, by=by, at=at)


@transaction.atomic
def hold_exhibit(
    matter: Matter, recording: Recording, exhibit: str, *, by: Actor, at: datetime
) -> Hold:
    """Keep a recording that an exhibit was made of; people let this hold go."""
    link(matter, [recording], by=by, at=at)
    return _hold(HoldKind.EXHIBIT, matter, [recording], f"exhibit {exhibit}", by=by, at=at)


def _known(matter: Matter) -> Proceedings:
    """Return what is entered of a matter, locked until the transaction ends.

    What belongs to it is locked with it, and what its charge holds (hold.lock_what_is_held).
    """
    matter = Matter.objects.select_for_update().get(pk=matter.pk)
    inside = Q(matters__matter=matter, matters__unlinked_at=None)
    held = Q(holds__hold=matter.charge_hold_id) if matter.charge_hold_id else Q(pk__in=[])
    lock_recordings(Recording.objects.filter(inside | held))
    return matter.as_rule()


def _change(
    matter: Matter, after: Proceedings, also: str = "", *, by: Actor, at: datetime
) -> Matter:
    """Enter what is known from now on; raises ProceedingsRefused when it cannot be."""
    matter = Matter.objects.select_related("charge_hold").get(pk=matter.pk)
    before = matter.as_rule()
    if faults := faults_of_case(after, localdate(at)):
        raise ProceedingsRefused(" ".join(faults))
    for name in ("outcome", "decided_on", "custodial", "released_on", "appeal_open",
                 "application_open", "group", "attention_on"):  # fmt: skip
        setattr(matter, name, getattr(after, name))
    matter.save()
    changed = MatterChanged(
        reference=matter.reference, before=told_of(before), after=told_of(after) + also
    )
    record(changed, subject=matter.handle, by=by, at=at)
    look_ahead([each.pk for each in _held_recordings(matter)], at=at)
    return matter


def _hold_for_charge(
    matter: Matter, recordings: Sequence[Recording], *, by: Actor, at: datetime
) -> None:
    """Hold what belongs to a case in which somebody is charged; one that people let go stays so."""
    if matter.outcome != Outcome.CHARGED or not recordings:
        return
    if matter.charge_hold is None:
        reason = f"charged: {matter.charge}"
        matter.charge_hold = _hold(HoldKind.CASE, matter, recordings, reason, by=by, at=at)
        matter.save(update_fields=["charge_hold"])
    elif matter.charge_hold.released_at is None:
        extend_raised_hold(matter.charge_hold, recordings, by=by, at=at)


def _held_recordings(matter: Matter) -> list[Recording]:
    linked = matter.linked.filter(unlinked_at=None).exclude(recording__state=State.DISPOSED)
    return [each.recording for each in linked.select_related("recording").order_by("recording")]


def _hold(
    kind: HoldKind,
    matter: Matter,
    recordings: Sequence[Recording],
    reason: str,
    *,
    by: Actor,
    at: datetime,
) -> Hold:
    scope = Scope(recordings=frozenset(each.handle for each in recordings))
    look = FIRST_LOOK.after_date(localdate(at))
    wanted = Wanted(kind, reason, look, scope, authority=matter.reference)
    hold = raise_hold(wanted, by=by, at=at)
    if not hold.held.exists():
        raise ProceedingsRefused("What should be kept was deleted a moment ago.")
    return hold
