"""What a package shows of a deletion: the schedule it went by, and that its keys are gone.

Made of the log's own entries and of what they commit to. Reads and decides nothing:
whoever calls has made sure that the viewer may, and that it is recorded. What cannot be
shown is left out, and whoever checks the package is told that it is missing.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from functools import partial

from custodes.custody.events import KeysRolled, RecordingDeleted, SchedulePublished
from custodes.custody.models import Entry
from custodes.custody.queries import Told
from custodes.ledger.inventory import BLOCK, ListedKey, path_in
from custodes.package.deletion import (
    MOST_KEYS,
    DeletionShown,
    InventoryShown,
    KeyShown,
    ScheduleShown,
)
from custodes.recordings.packaging import Beside, WhatElse
from custodes.retention.models import KeyNames, KeyRoll, ScheduleVersion


def shown_of_deletion(history: Sequence[Told]) -> WhatElse:
    """Return what makes, for a log of a given size, what is shown beside a deleted recording."""
    return partial(_beside, history)


def _beside(history: Sequence[Told], size: int) -> Beside:
    deleted = next(told for told in history if told.kind == RecordingDeleted.kind)
    tags: dict[str, bytes] = {}
    schedules: list[ScheduleShown] = []
    for entry, version in _versions(str(deleted.facts["pol"]), deleted.index):
        path = f"schedules/{version.version}.json"
        tags[path] = version.document.encode()
        schedules.append(ScheduleShown(entry, path))
    inventory = _inventory(deleted, _keys(history), size)
    rolls = (inventory.roll, inventory.destroyed) if inventory else ()
    return Beside(
        entries=(*(each.entry for each in schedules), *rolls),
        tags=tags,
        deletion=DeletionShown(tuple(schedules), inventory),
    )


def _versions(named: str, before: int) -> Iterable[tuple[int, ScheduleVersion]]:
    """Yield the version it went by and each that was published from then until the deletion."""
    published = Entry.objects.filter(kind=SchedulePublished.kind, index__lt=before)
    first = published.filter(subject=named).values_list("index", flat=True).first()
    if first is None:
        return
    rows = published.filter(index__gte=first).order_by("index")
    subjects = dict(rows.values_list("index", "subject"))
    versions = ScheduleVersion.objects.in_bulk(subjects.values(), field_name="handle")
    for index, subject in subjects.items():
        if subject in versions:
            yield index, versions[subject]


def _keys(history: Iterable[Told]) -> list[str]:
    """Return the names of a recording's keys, in their order."""
    found: set[str] = set()
    for told in history:
        found |= {str(told.facts["kid"])} if told.kind == "recording.ingested" else set()
        found |= set(told.facts["kids"]) if told.kind == RecordingDeleted.kind else set()
    return sorted(found)[:MOST_KEYS]


def _inventory(deleted: Told, keys: Sequence[str], size: int) -> InventoryShown | None:
    """Return what the newest roll after a deletion shows of its keys, once older ones ended."""
    entries = Entry.objects.filter(kind=KeysRolled.kind, index__gt=deleted.index, index__lt=size)
    places: dict[str, list[int]] = {}
    for subject, index in entries.order_by("index").values_list("subject", "index"):
        places.setdefault(subject, []).append(index)
    ended = {subject: both for subject, both in places.items() if len(both) > 1}
    rolls = KeyRoll.objects.filter(handle__in=ended, blocks__isnull=False)
    roll = rolls.filter(epoch__gt=deleted.facts["ep"]).order_by("-epoch").first()
    if roll is None:
        return None
    names = _Names(roll)
    begun, end = ended[roll.handle][0], ended[roll.handle][-1]
    return InventoryShown(begun, end, tuple(names.shown(key) for key in keys))


class _Names:
    """The names of a roll from their stored blocks; a block that was read is kept."""

    def __init__(self, roll: KeyRoll) -> None:
        self._roll = roll
        kept = list(roll.blocks.order_by("number").values_list("first", "root"))
        self._firsts = [first for first, _ in kept]
        self._roots = [bytes(root) for _, root in kept]
        self._read: dict[int, list[str]] = {}

    def shown(self, key: str) -> KeyShown:
        """Return a key's own path, or its neighbours' when it is not there."""
        number = max(bisect_right(self._firsts, key) - 1, 0)
        names = self._block(number) if self._firsts else []
        place = number * BLOCK + bisect_left(names, key)
        found = self._at(place)
        if found is not None and found.name == key:
            return KeyShown(key, here=found.to_value())
        before = self._at(place - 1)
        return KeyShown(
            key,
            before=before.to_value() if before else None,
            after=found.to_value() if found else None,
        )

    def _at(self, place: int) -> ListedKey | None:
        if not 0 <= place < self._roll.keys:
            return None
        number, within = divmod(place, BLOCK)
        return path_in(self._block(number), within, number, self._roots)

    def _block(self, number: int) -> list[str]:
        if number not in self._read:
            names = KeyNames.objects.get(roll=self._roll, number=number).names
            self._read[number] = names.split(" ")
        return self._read[number]
