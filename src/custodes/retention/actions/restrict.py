"""Restrict footage that somebody asked to have erased, let it be used by name, and lift it again.

Nothing here deletes, and nothing here keeps the engine from deleting what is due: a
restriction takes sight away and changes no date (DPA 2018 s.47, RET-14).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from custodes.custody.actions import record
from custodes.custody.events import (
    RestrictionAnnounced,
    RestrictionLetter,
    RestrictionLifted,
    RestrictionPlaced,
)
from custodes.kernel.ids import new_handle
from custodes.people.models import Person
from custodes.people.rules import Permission, Viewer
from custodes.recordings.actions.lock import Locking, lift, lock, name_to
from custodes.recordings.models import NamedInLock, Recording
from custodes.recordings.rules import LockKind, OpenFor, State
from custodes.retention.actions.hold import lock_recordings
from custodes.retention.actions.notices import queue_notices
from custodes.retention.actions.outlook import look_ahead
from custodes.retention.errors import RestrictionRefused
from custodes.retention.facts import facts_of, readable_schedule_at
from custodes.retention.models import RestrictedRecording, Restriction
from custodes.retention.rules.erasure import (
    GROUND_NAMES,
    Answer,
    Ground,
    answer,
    why_not_lift,
)
from custodes.retention.rules.notices import Change


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asked: who, what, when, under which reference, of which recordings."""

    subject: str
    ground: Ground
    reference: str
    asked_on: date
    because: str
    recordings: Collection[str]


@transaction.atomic
def restrict(viewer: Viewer, asked: Request, *, at: datetime) -> Restriction:
    """Restrict the recordings of a request, by their handles; raises RestrictionRefused.

    Whoever restricts need not be able to see them: it takes sight away and gives none. Who
    was given one of them is owed a letter (DPA 2018 s.48(9)).
    """
    _make_sure_they_may(viewer)
    _check(asked, at)
    rows = Recording.objects.filter(handle__in=asked.recordings).exclude(state=State.DISPOSED)
    found = list(rows.order_by("pk").select_for_update())
    if missing := set(asked.recordings) - {each.handle for each in found}:
        raise RestrictionRefused(f"There is no recording {', '.join(sorted(missing))}.")

    newly = _not_restricted_among([each.pk for each in found])
    answers = _answers(found, asked.ground, at)
    cause = new_handle()
    restriction = Restriction.objects.create(
        handle=cause,
        reference=asked.reference.strip(),
        subject=asked.subject.strip(),
        ground=asked.ground,
        asked_on=asked.asked_on,
        because=asked.because.strip(),
        placed_by_id=viewer.person,
        placed_at=at,
    )
    RestrictedRecording.objects.bulk_create(
        [
            RestrictedRecording(
                restriction=restriction,
                recording=each,
                basis=answers[each.pk].basis,
                goes_on=answers[each.pk].goes_on,
                because=answers[each.pk].because[:500],
            )
            for each in found
        ]
    )
    reason = f"request {restriction.reference}"
    lock(found, Locking(cause, LockKind.RESTRICTED, reason), by=viewer.actor, at=at)
    placed = RestrictionPlaced(
        subject=restriction.subject,
        ground=GROUND_NAMES[asked.ground],
        reference=restriction.reference,
        number=str(len(found)),
    )
    record(placed, subject=cause, by=viewer.actor, at=at, because=restriction.because)
    queue_notices(newly, Change.RESTRICTED, by=viewer.actor, at=at)
    look_ahead([each.pk for each in found], at=at)
    return restriction


@transaction.atomic
def take_letter(viewer: Viewer, restriction: Restriction, *, at: datetime) -> None:
    """Record that the answer to whoever asked was made, to be sent."""
    _make_sure_they_may(viewer)
    made = RestrictionLetter(subject=restriction.subject, reference=restriction.reference)
    record(made, subject=restriction.handle, by=viewer.actor, at=at)


@transaction.atomic
def let_use(
    viewer: Viewer,
    restriction: Restriction,
    person: Person,
    because: str,
    until: datetime | None,
    *,
    at: datetime,
) -> NamedInLock:
    """Let somebody use what is restricted: by name, for a purpose, until a time."""
    _make_sure_they_may(viewer)
    if not because.strip():
        raise RestrictionRefused("Say what for. Nobody uses what is restricted without a purpose.")
    if until is None or until <= at:
        raise RestrictionRefused("Say until when, and let it lie ahead.")
    return name_to(
        restriction.handle,
        person,
        OpenFor.LEGAL,
        because.strip(),
        by=viewer.actor,
        at=at,
        until=until,
    )


@transaction.atomic
def announce_lifting(
    viewer: Viewer, restriction: Restriction, on: date, how: str, *, at: datetime
) -> None:
    """Note that whoever asked was told that it will be lifted: when, and how."""
    restriction = _standing(viewer, restriction)
    if not how.strip():
        raise RestrictionRefused("Say how they were told.")
    if on > localdate(at):
        raise RestrictionRefused("Note it when they have been told, not before.")
    restriction.told_on, restriction.told_how = on, how.strip()
    restriction.save(update_fields=["told_on", "told_how"])
    announced = RestrictionAnnounced(
        subject=restriction.subject, on=f"{on:%-d %B %Y}", how=how.strip()
    )
    record(announced, subject=restriction.handle, by=viewer.actor, at=at)


@transaction.atomic
def lift_restriction(
    viewer: Viewer, restriction: Restriction, because: str, wrong: str = "", *, at: datetime
) -> int:
    """Lift a restriction, once whoever asked has been told; return on how many recordings.

    Who was given one of them is owed a letter that they may use it again; and, where
    something was found to be ``wrong``, one that says what (s.38(5)(c)).
    """
    restricted = Recording.objects.filter(restrictions__restriction=restriction)
    still_there = [each.pk for each in lock_recordings(restricted)]
    restriction = _standing(viewer, restriction)
    if why := why_not_lift(because, restriction.told_on, localdate(at)):
        raise RestrictionRefused(why)
    number = lift(restriction.handle, because.strip(), by=viewer.actor, at=at)
    restriction.lifted_at = at
    restriction.save(update_fields=["lifted_at"])
    lifted = RestrictionLifted(number=str(number))
    record(lifted, subject=restriction.handle, by=viewer.actor, at=at, because=because.strip())
    if wrong.strip():
        queue_notices(still_there, Change.CORRECTED, wrong.strip(), by=viewer.actor, at=at)
    free = _not_restricted_among(still_there)
    queue_notices(free, Change.LIFTED, by=viewer.actor, at=at)
    look_ahead(still_there, at=at)
    return number


def _not_restricted_among(recordings: Sequence[int]) -> list[int]:
    """Return those that no request restricts now: of the others nothing changes for anybody."""
    standing = RestrictedRecording.objects.filter(restriction__lifted_at=None)
    known = set(standing.filter(recording__in=recordings).values_list("recording", flat=True))
    return [pk for pk in recordings if pk not in known]


def _make_sure_they_may(viewer: Viewer) -> None:
    if not viewer.may(Permission.RESTRICT):
        raise RestrictionRefused("None of your roles answers requests about somebody's data.")


def _standing(viewer: Viewer, restriction: Restriction) -> Restriction:
    _make_sure_they_may(viewer)
    restriction = Restriction.objects.select_for_update().get(pk=restriction.pk)
    if restriction.lifted_at is not None:
        raise RestrictionRefused("This restriction was lifted already.")
    return restriction


def _check(asked: Request, at: datetime) -> None:
    if not asked.subject.strip() or not asked.reference.strip() or not asked.because.strip():
        raise RestrictionRefused("Say who asked, under which reference, and what they said.")
    if asked.asked_on > localdate(at):
        raise RestrictionRefused("It cannot have been asked in the future.")
    if not asked.recordings:
        raise RestrictionRefused("Say which recordings it is about.")


def _answers(recordings: Collection[Recording], ground: Ground, at: datetime) -> dict[int, Answer]:
    schedule = readable_schedule_at(at)  # without one nothing is deleted, and that is the answer
    facts = facts_of([each.pk for each in recordings])
    return {pk: answer(ground, each, schedule, at) for pk, each in facts.items()}
