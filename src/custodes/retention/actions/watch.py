"""Let somebody watch, and keep what they watch where the reason for it says that it must stay."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.timezone import localdate

from custodes.custody.rules import Actor
from custodes.people.rules import Viewer
from custodes.recordings.actions.watch import begin_viewing, fetch
from custodes.recordings.models import Original, Recording
from custodes.retention.actions.hold import Wanted, raise_hold
from custodes.retention.errors import HoldRefused
from custodes.retention.models import Hold
from custodes.retention.rules.holds import FIRST_LOOK, HoldKind, Scope
from custodes.retention.rules.watching import hold_for

# A hold has room for so much of a reason; its own entry has all of it.
_LONGEST = 1000


@transaction.atomic
def watch_and_keep(
    viewer: Viewer,
    recording: Recording,
    because: str,
    kind: HoldKind | None = None,
    *,
    reason_needed: bool,
    at: datetime,
) -> HoldKind | None:
    """Record that somebody plays a recording; hold it too, in one transaction (RET-20).

    Footage watched for a complaint was deleted afterwards because nobody had marked it;
    here to watch is to mark. Whoever plays it needs no permission to place holds: it is
    the house that places this one. The same reason given again is the same hold. Without
    ``kind`` the words of the reason decide. Returns what it is held for, None for nothing.
    """
    kind = kind or hold_for(because)
    if kind is not None:
        _lock(recording)
    begin_viewing(viewer, recording, because, reason_needed=reason_needed, at=at)
    if kind is not None:
        _keep_it(recording, because, kind, by=viewer.actor, at=at)
    return kind


@transaction.atomic
def fetch_and_keep(
    viewer: Viewer, original: Original, copy: str, because: str, *, at: datetime
) -> Original:
    """Record that somebody takes a file away; hold its recording too if it is for a complaint."""
    kind = hold_for(because)
    if kind is not None:
        _lock(original.recording)
    fetch(viewer, original, copy, because, at=at)
    if kind is not None:
        _keep_it(original.recording, because, kind, by=viewer.actor, at=at)
    return original


def _lock(recording: Recording) -> None:
    """Lock it before the entry is made, as the sweep does (hold.lock_what_is_held)."""
    Recording.objects.select_for_update().filter(pk=recording.pk).first()


def _keep_it(
    recording: Recording, because: str, kind: HoldKind, *, by: Actor, at: datetime
) -> None:
    if _is_kept_for(recording, kind, because, at):
        return
    because = because.strip()[:_LONGEST]
    scope = Scope(recordings=frozenset({recording.handle}))
    look = FIRST_LOOK.after_date(localdate(at))
    hold = raise_hold(Wanted(kind, because, look, scope), by=by, at=at)
    if not hold.held.exists():
        raise HoldRefused("This recording was deleted a moment ago.", "There is nothing to play.")


def _is_kept_for(recording: Recording, kind: HoldKind, because: str, at: datetime) -> bool:
    same = Hold.objects.filter(
        held__recording=recording, kind=kind, reason=because.strip()[:_LONGEST]
    )
    return any(hold.as_rule().binds(at) for hold in same)
