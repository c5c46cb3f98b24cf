"""Let somebody watch or take something away, and keep it where the reason says that it must stay.

Footage watched for a complaint was deleted afterwards because nobody had marked it (RET-20);
here to watch it, cut it or take it is to mark it. Whoever does needs no permission to place
holds: it is the house that places this one. The same reason given again is the same hold. A
hold that cannot be placed lets nobody watch, and nothing is cut or handed out.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType

from django.db import transaction
from django.utils.timezone import localdate

from custodes.people.rules import Viewer
from custodes.recordings.actions.clip import fetch_clip
from custodes.recordings.actions.take_record import Handed, open_entries, take_report
from custodes.recordings.actions.watch import begin_viewing, fetch
from custodes.recordings.models import Copy, Original, Recording
from custodes.recordings.opening import OpenedEntries
from custodes.recordings.rules import State
from custodes.retention.actions.hold import Wanted, lock_recordings, raise_hold
from custodes.retention.errors import HoldRefused
from custodes.retention.models import Hold
from custodes.retention.rules.holds import FIRST_LOOK, HoldKind, Scope
from custodes.retention.rules.watching import hold_for, hold_for_handing

# A hold has room for so much of a reason; its own entry has all of it.
_LONGEST = 1000


@dataclass(frozen=True, slots=True)
class Keeping:
    """The hold that goes beside an act, in its transaction; none with ``kind`` None.

    It goes around the act: what is held is locked before the act's entry is made, as the
    sweep does (hold.lock_what_is_held), and the hold is placed after it.
    """

    recordings: Sequence[Recording]
    because: str
    kind: HoldKind | None
    viewer: Viewer
    at: datetime

    def __enter__(self) -> None:
        """Lock what will be held."""
        if self.kind is not None:
            lock_recordings(Recording.objects.filter(pk__in=self._keys()))

    def __exit__(
        self,
        failed: type[BaseException] | None,
        _error: BaseException | None,
        _where: TracebackType | None,
    ) -> None:
        """Place the hold, unless the act was refused or these are kept for this already."""
        if failed is not None or self.kind is None:
            return
        kept = self._kept_already()
        new = [each for each in self.recordings if each.pk not in kept]
        if not new:
            return
        scope = Scope(recordings=frozenset(each.handle for each in new))
        look = FIRST_LOOK.after_date(localdate(self.at))
        wanted = Wanted(self.kind, self._reason(), look, scope)
        hold = raise_hold(wanted, by=self.viewer.actor, at=self.at)
        if hold.held.count() != len(scope.recordings):
            raise HoldRefused(
                "This recording was deleted a moment ago.",
                "There is nothing of it to play or to hand out.",
            )

    def _kept_already(self) -> set[int]:
        same = Hold.objects.filter(kind=self.kind, reason=self._reason())
        same = same.filter(held__recording__in=self._keys()).distinct()
        binding = [hold for hold in same if hold.as_rule().binds(self.at)]
        return {pk for hold in binding for pk in hold.held.values_list("recording", flat=True)}

    def _keys(self) -> list[int]:
        return [each.pk for each in self.recordings]

    def _reason(self) -> str:
        return self.because.strip()[:_LONGEST]


def keeping_for(
    viewer: Viewer, recordings: Sequence[Recording], because: str, *to: str, at: datetime
) -> Keeping:
    """Return what keeps recordings of which something is cut or handed out for this reason.

    ``to`` is who gets it: where that speaks of complaints, it is kept too. Enter it within
    the transaction of the act, or hand it on as ``beside``.
    """
    kind = hold_for_handing(because, *to)
    if kind is not None and hold_for(because) is None:
        because = f"{because.strip()} (given to {', '.join(filter(None, to))})"
    return Keeping(recordings, because, kind, viewer, at)


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

    Without ``kind`` the words of the reason decide. Returns what it is held for, None for
    nothing.
    """
    keeping = Keeping([recording], because, kind or hold_for(because), viewer, at)
    with keeping:
        begin_viewing(viewer, recording, because, reason_needed=reason_needed, at=at)
    return keeping.kind


@transaction.atomic
def fetch_and_keep(
    viewer: Viewer, original: Original, copy: str, because: str, *, at: datetime
) -> HoldKind | None:
    """Record that somebody takes a file away; hold its recording too if it is for a complaint."""
    keeping = keeping_for(viewer, [original.recording], because, at=at)
    with keeping:
        fetch(viewer, original, copy, because, at=at)
    return keeping.kind


@transaction.atomic
def fetch_clip_and_keep(
    viewer: Viewer, copy: Copy, because: str, *, at: datetime
) -> HoldKind | None:
    """Record that somebody takes a clip or a still away; hold its recording too."""
    keeping = keeping_for(viewer, [copy.original.recording], because, at=at)
    with keeping:
        fetch_clip(viewer, copy, because, at=at)
    return keeping.kind


@transaction.atomic
def take_report_and_keep(
    viewer: Viewer, recording: Recording, handed: Handed, *, at: datetime
) -> HoldKind | None:
    """Record that the report of a recording is taken; hold the recording too, if it is there."""
    keeping = _of_what_is_there(viewer, recording, handed, at)
    with keeping:
        take_report(viewer, recording, handed, at=at)
    return keeping.kind


@transaction.atomic
def open_entries_and_keep(
    viewer: Viewer, recording: Recording, chosen: Collection[str], handed: Handed, *, at: datetime
) -> tuple[OpenedEntries, HoldKind | None]:
    """Record that a recording's entries are given away; hold it too, if it is there."""
    keeping = _of_what_is_there(viewer, recording, handed, at)
    with keeping:
        entries = open_entries(viewer, recording, chosen, handed, at=at)
    return entries, keeping.kind


def _of_what_is_there(
    viewer: Viewer, recording: Recording, handed: Handed, at: datetime
) -> Keeping:
    """Return what keeps a recording whose history is taken; of a deleted one that still goes."""
    if recording.state == State.DISPOSED:
        return Keeping([recording], handed.because, None, viewer, at)
    return keeping_for(viewer, [recording], handed.because, handed.recipient, at=at)
