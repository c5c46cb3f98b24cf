"""Which entries are not told to everybody who may read a history or a log.

Those about a recording that a lock keeps from the reader, and what the police watchdog
looked at. A report leaves them out and says so; a package keeps their details closed.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from typing import Final

from custodes.custody.events import (
    ClipFetched,
    ClipsPackaged,
    PageOpened,
    RecordingFetched,
    RecordingPackaged,
    RecordingViewed,
)
from custodes.custody.queries import Told
from custodes.people.models import Person
from custodes.people.rules import Role, Viewer
from custodes.recordings.locks import withheld_among
from custodes.recordings.models import Lock
from custodes.recordings.rules import LockKind

#: The kinds of entry that say that somebody looked at footage.
LOOKS: Final = frozenset(
    each.kind
    for each in (
        RecordingViewed,
        PageOpened,
        RecordingFetched,
        RecordingPackaged,
        ClipFetched,
        ClipsPackaged,
    )
)


def telling_of_withheld(viewer: Viewer, acts: Iterable[Told]) -> frozenset[int]:
    """Return the indexes of the entries that tell of a recording a lock keeps from this viewer.

    An entry of a case or of somebody's log tells of the recording it names, too.
    """
    about = {told.index: {told.subject, recording_in(told)} for told in acts}
    withheld = withheld_among(viewer, set().union(*about.values()))
    return frozenset(index for index, handles in about.items() if handles & withheld)


def recording_in(told: Told) -> str:
    """Return the recording that an entry about something else names; empty for none."""
    return told.fields.get("recording", "")


def looks_of_watchdog(viewer: Viewer, acts: Iterable[Told]) -> frozenset[int]:
    """Return the indexes of the police watchdog's looks at a post-incident procedure.

    They are on record like every look; the force reads how many (PIP-10, a proposal).
    """
    if Role.WATCHDOG in viewer.roles:
        return frozenset()
    apart = watchdogs()
    looks = {
        told.index: told.subject
        for told in acts
        if told.kind in LOOKS and told.fields.get("actor_handle") in apart
    }
    locks = Lock.objects.filter(kind=LockKind.POST_INCIDENT)
    locked = locks.filter(recording__handle__in=set(looks.values()))
    ever = set(locked.values_list("recording__handle", flat=True))
    return frozenset(index for index, subject in looks.items() if subject in ever)


def said_of_looks(looks: Collection[int]) -> tuple[tuple[str, str], ...]:
    """Return what the head of a report says of looks that it leaves out."""
    if not looks:
        return ()
    return (("Looks of the police watchdog", f"{len(looks):,}, not shown one by one"),)


def watchdogs() -> frozenset[str]:
    """Return the handles of those who act for the police watchdog."""
    found = Person.objects.filter(grants__role=Role.WATCHDOG)
    return frozenset(found.values_list("handle", flat=True))
