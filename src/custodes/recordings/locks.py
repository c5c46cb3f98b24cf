"""Which recordings are locked, and to whom they are open: asked by every query of this room.

Inside a lock nobody's role counts; those the cause names may, and what rules.opens says.
A recording with several locks is open to who may pass all of them. When the locks of a
post-incident procedure are lifted, the police watchdog goes on seeing what they were on:
it sees because of the incident, and the incident does not end with the procedure (PIP-10).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet

from custodes.kernel.clock import now
from custodes.people.rules import Permission, Role, Viewer
from custodes.recordings.models import Lock, NamedInLock, Recording
from custodes.recordings.rules import LockKind, OpenFor, opens, purposes_that_open

_KNOWN = "_locks_known"


@dataclass(frozen=True, slots=True)
class LockOn:
    """A lock on one recording, and what this viewer is named for in its cause.

    One that is not ``in_force`` shuts nobody out any more; it lets the watchdog in.
    """

    kind: LockKind
    named_for: frozenset[OpenFor]
    in_force: bool = True


def not_shut_to(viewer: Viewer) -> Q:
    """Return the condition that no lock keeps a recording from this viewer."""
    return ~Q(pk__in=_shut(viewer).values("recording"))


def opened_to(viewer: Viewer) -> QuerySet[Recording] | None:
    """Return the recordings this viewer may know of because of locks; None for none."""
    if Role.WATCHDOG not in viewer.roles and not _named(viewer, now()).exists():
        return None
    locked = Lock.objects.filter(_that_count(viewer)).values("recording")
    return Recording.objects.filter(not_shut_to(viewer), pk__in=locked)


def answer_of_locks(viewer: Viewer, permission: Permission, recording: Recording) -> bool | None:
    """Say whether the locks on a recording let a permission through; None where none decides.

    What was found is kept with the recording in hand, for as long as it is in hand.
    """
    locks = locks_on(viewer, recording)
    if in_force := [lock for lock in locks if lock.in_force]:
        return all(opens(each.kind, viewer.roles, each.named_for, permission) for each in in_force)
    return any(opens(lock.kind, viewer.roles, (), permission) for lock in locks) or None


def locks_on(viewer: Viewer, recording: Recording) -> tuple[LockOn, ...]:
    """Return the locks that count for a viewer on a recording, with what they are named for."""
    if viewer.person not in recording.__dict__.get(_KNOWN, {}):
        look_up_locks(viewer, [recording])
    found: tuple[LockOn, ...] = recording.__dict__[_KNOWN][viewer.person]
    return found


def look_up_locks(viewer: Viewer, recordings: Iterable[Recording]) -> None:
    """Look up the locks of many recordings at once, so that none is asked for one by one."""
    recordings = list(recordings)
    found = _locks_of([recording.pk for recording in recordings], viewer)
    for recording in recordings:
        known = recording.__dict__.setdefault(_KNOWN, {})
        known[viewer.person] = found.get(recording.pk, ())


def withheld_among(viewer: Viewer, handles: Iterable[str]) -> frozenset[str]:
    """Return which of these handles are of recordings that a lock keeps from this viewer."""
    shut = _shut(viewer).filter(recording__handle__in=set(handles))
    return frozenset(shut.values_list("recording__handle", flat=True))


def _locks_of(keys: list[int], viewer: Viewer) -> Mapping[int, tuple[LockOn, ...]]:
    locks = list(Lock.objects.filter(_that_count(viewer), recording__in=keys))
    if not locks:
        return {}
    named: dict[tuple[str, int | None], set[OpenFor]] = defaultdict(set)
    for each in _named(viewer, now()).filter(cause__in={lock.cause for lock in locks}):
        named[each.cause, each.recording_id].add(OpenFor(each.purpose))
    found: dict[int, list[LockOn]] = defaultdict(list)
    for lock in locks:
        purposes = named[lock.cause, None] | named[lock.cause, lock.recording_id]
        on = LockOn(LockKind(lock.kind), frozenset(purposes), lock.lifted_at is None)
        found[lock.recording_id].append(on)
    return {key: tuple(each) for key, each in found.items()}


def _that_count(viewer: Viewer) -> Q:
    """Return the locks in force, and for the watchdog those of incidents that were lifted."""
    if Role.WATCHDOG in viewer.roles:
        return Q(lifted_at=None) | Q(kind=LockKind.POST_INCIDENT)
    return Q(lifted_at=None)


def _shut(viewer: Viewer) -> QuerySet[Lock]:
    """Return the locks in force that do not even let this viewer know of the recording."""
    shut = Lock.objects.filter(lifted_at=None)
    if opens(LockKind.POST_INCIDENT, viewer.roles, (), Permission.SEARCH):
        shut = shut.exclude(kind=LockKind.POST_INCIDENT)
    named = _named(viewer, now()).filter(
        Q(recording=None) | Q(recording=OuterRef("recording")),
        cause=OuterRef("cause"),
        purpose__in=purposes_that_open(Permission.SEARCH),
    )
    closed = Q(~Exists(named))
    if Role.PANEL not in viewer.roles:
        closed |= Q(kind=LockKind.SCRUTINY)
    return shut.filter(closed)


def _named(viewer: Viewer, at: datetime) -> QuerySet[NamedInLock]:
    lasting = Q(until=None) | Q(until__gt=at)
    return NamedInLock.objects.filter(lasting, person=viewer.person, ended_at=None, since__lte=at)
