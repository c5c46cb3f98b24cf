"""Lock recordings, those of the future too; name those who may see them all the same; lift it.

Downstream says why and when: this room does what it is told, in the caller's transaction.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Q, QuerySet
from django.utils.timezone import localtime

from custodes.custody.actions import record, record_all
from custodes.custody.appending import Happening
from custodes.custody.events import (
    AccessWithheld,
    LockClosed,
    LockOpened,
    RecordingLocked,
    RecordingUnlocked,
)
from custodes.custody.rules import Actor
from custodes.intake.rules import LONGEST_RECORDING
from custodes.people.models import Person
from custodes.people.rules import Viewer
from custodes.recordings.models import Lock, NamedInLock, Recording, StandingLock
from custodes.recordings.rules import (
    LOCK_NAMES,
    Filmed,
    LockKind,
    Net,
    OpenFor,
    State,
)
from custodes.recordings.where import in_any_box, position_of

# A camera's clock that was further off than this is looked at whatever it says.
_CLOCK_OFF = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Locking:
    """Why recordings are locked: the handle of the cause, the kind, and the reason in words."""

    cause: str
    kind: LockKind
    because: str


@transaction.atomic
def lock(
    recordings: Iterable[Recording], locking: Locking, *, by: Actor, at: datetime
) -> list[Recording]:
    """Lock recordings; return those that this cause had not locked yet."""
    keys = [recording.pk for recording in recordings]
    # Locked against the sweep as well: one of the two sees what the other did.
    rows = Recording.objects.filter(pk__in=keys).exclude(state=State.DISPOSED)
    rows = rows.exclude(locks__in=Lock.objects.filter(cause=locking.cause, lifted_at=None))
    locked = list(rows.order_by("pk").select_for_update(of=("self",)))
    Lock.objects.bulk_create(
        [Lock(recording=each, cause=locking.cause, kind=locking.kind, since=at) for each in locked],
        update_conflicts=True,
        unique_fields=["cause", "recording"],
        update_fields=["kind", "since", "lifted_at"],
    )
    said = RecordingLocked(what=LOCK_NAMES[locking.kind])
    record_all((Happening(said, each.handle, locking.because) for each in locked), by=by, at=at)
    return locked


@transaction.atomic
def lock_what_falls_in(
    net: Net, locking: Locking, *, by: Actor, at: datetime
) -> tuple[StandingLock, list[Recording]]:
    """Lock all that a net catches, and have it stand for what is still to come."""
    standing = StandingLock(cause=locking.cause, kind=locking.kind, placed_by=by.name, since=at)
    standing.set_reach(net)
    standing.save()
    return standing, lock(caught_by(net), locking, by=by, at=at)


@transaction.atomic
def lock_those_that_fall_in(recordings: Sequence[Recording], *, by: Actor, at: datetime) -> None:
    """Lock recordings that a standing lock reaches for; called wherever what is known of one
    changes, so that it is born locked and nobody sees it between two transactions.
    """
    for standing in StandingLock.objects.filter(lifted_at=None).order_by("pk"):
        net, kind = standing.reach(), LockKind(standing.kind)
        if caught := [each for each in recordings if net.catches(_filmed(each))]:
            because = f"it falls under what {standing.placed_by} locked"
            lock(caught, Locking(standing.cause, kind, because), by=by, at=at)


def falls_under(cause: str, recording: Recording) -> bool:
    """Say whether a cause reaches for a recording, or did while its locks stood."""
    filmed = _filmed(recording)
    standing = StandingLock.objects.filter(cause=cause)
    return any(each.reach().catches(filmed) for each in standing)


def caught_by(net: Net) -> list[Recording]:
    """Return the recordings a net catches: the table narrows, the rule decides."""
    who = (
        Q(wearer__handle__in=net.wearers)
        | Q(camera__handle__in=net.cameras)
        | Q(place__name__in=net.places)
        | in_any_box(net.areas)
    )
    near = Q(
        started_at__lt=net.span.end + _CLOCK_OFF,
        started_at__gt=net.span.start - LONGEST_RECORDING - _CLOCK_OFF,
    )
    off = _CLOCK_OFF // timedelta(milliseconds=1)
    far_off = Q(clock_offset_ms__gt=off) | Q(clock_offset_ms__lt=-off)
    found = Recording.objects.filter(who, near | far_off).exclude(state=State.DISPOSED)
    found = found.select_related("camera", "wearer", "place").order_by("pk")
    return [each for each in found if net.catches(_filmed(each))]


@transaction.atomic
def lift(cause: str, because: str, *, by: Actor, at: datetime) -> int:
    """Lift all locks of a cause, and let it stand no longer; return on how many recordings."""
    StandingLock.objects.filter(cause=cause, lifted_at=None).update(lifted_at=at)
    in_force = Lock.objects.filter(cause=cause, lifted_at=None)
    return _lifted(in_force, because, by=by, at=at)


@transaction.atomic
def lift_from(recording: Recording, cause: str, because: str, *, by: Actor, at: datetime) -> None:
    """Lift the lock of a cause on one recording; the others it has stay."""
    in_force = Lock.objects.filter(cause=cause, lifted_at=None, recording=recording)
    _lifted(in_force, because, by=by, at=at)


@transaction.atomic
def name_to(
    cause: str,
    person: Person,
    purpose: OpenFor,
    because: str,
    *,
    by: Actor,
    at: datetime,
    until: datetime | None = None,
    recording: Recording | None = None,
) -> NamedInLock:
    """Open the locks of a cause to somebody: on one recording, or on all it has and will have."""
    named = NamedInLock.objects.create(
        cause=cause, recording=recording, person=person, purpose=purpose, since=at, until=until
    )
    opened = LockOpened(
        person=person.name,
        purpose=purpose.value.replace("-", " "),
        until=f"until {localtime(until):%-d %B %Y, %H:%M %Z}" if until else "until further notice",
    )
    subject = recording.handle if recording is not None else cause
    record(opened, subject=subject, by=by, at=at, because=because)
    return named


@transaction.atomic
def name_no_more(named: NamedInLock, because: str, *, by: Actor, at: datetime) -> None:
    """Close a cause's locks again to somebody who had been named; saying so twice is no harm."""
    named = NamedInLock.objects.select_for_update().get(pk=named.pk)
    if named.ended_at is not None:
        return
    named.ended_at = at
    named.save(update_fields=["ended_at"])
    subject = named.recording.handle if named.recording is not None else named.cause
    closed = LockClosed(person=named.person.name)
    record(closed, subject=subject, by=by, at=at, because=because)


@transaction.atomic
def note_withheld(viewer: Viewer, recording: str, asked: str, *, at: datetime) -> None:
    """Record that somebody asked for a locked recording, by its handle, and was told of nothing."""
    record(AccessWithheld(asked=asked[:300]), subject=recording, by=viewer.actor, at=at)


def _lifted(in_force: QuerySet[Lock], because: str, *, by: Actor, at: datetime) -> int:
    locks = list(in_force.select_related("recording").order_by("pk"))
    in_force.update(lifted_at=at)
    happened = (
        Happening(
            RecordingUnlocked(what=LOCK_NAMES[LockKind(each.kind)]), each.recording.handle, because
        )
        for each in locks
    )
    record_all(happened, by=by, at=at)
    return len(locks)


def _filmed(recording: Recording) -> Filmed:
    return Filmed(
        started_at=recording.started_at,
        ended_at=recording.ended_at,
        camera=recording.camera.handle,
        wearer=recording.wearer.handle if recording.wearer else "",
        place=recording.place.name if recording.place else "",
        offset=timedelta(milliseconds=recording.clock_offset_ms or 0),
        position=position_of(recording),
    )
