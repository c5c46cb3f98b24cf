"""Miss what should be here: follow each camera's numbers, open gaps, close them.

The server opens a gap by itself. What arrives late closes it; otherwise only a
person does, by name and with a reason. Nothing here refuses footage: an arrival
counts whatever its number is.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F
from django.utils.timezone import localtime

from custodes.custody.actions import record
from custodes.custody.events import DockSession, GapArrived, GapExplained, GapOpened
from custodes.custody.rules import Actor
from custodes.fleet.models import Camera
from custodes.people.rules import Permission, Viewer
from custodes.recordings.errors import NotYours, Unusable
from custodes.recordings.gaps import gap_for
from custodes.recordings.models import CameraCount, Gap, Listed, Original, Recording
from custodes.recordings.rules import Missing, State, Why, missing_on_camera, skipped

# A gap is a line on a page; what else was missing with it is counted.
_NAMED = 5
_AT_ONCE = 200


@dataclass(frozen=True, slots=True)
class Item:
    """One recording as it lies on a camera: its video's name and size, and its number if any."""

    name: str
    size: int
    number: int | None = None


@dataclass(frozen=True, slots=True)
class Reading:
    """What a dock read of a camera before it sends anything.

    ``counter`` is the camera's own, ``offset_ms`` the server's time less the camera's,
    ``log`` the SHA-256 of the camera's own log in hex; empty or None where not read.
    """

    items: tuple[Item, ...]
    counter: int | None = None
    offset_ms: int | None = None
    log: str = ""


@transaction.atomic
def note_reading(camera: Camera, reading: Reading, *, by: Actor, at: datetime) -> int:
    """Enter what lay on a camera, await it, and miss what it counted and has not.

    Returns how many of the recordings are not held yet.
    """
    count = count_of(camera)
    new = [item for item in reading.items if not _is_held(camera, item)]
    numbers = {item.number for item in reading.items if item.number is not None}
    after = reading.counter if reading.counter is not None else max(numbers, default=None)
    session = DockSession(
        items=len(new),
        size=sum(item.size for item in new),
        before=count.counter if after is not None else None,
        after=after,
        offset="" if reading.offset_ms is None else str(reading.offset_ms),
        log=reading.log,
        agent=by.handle,
        serial=camera.serial,
        held=str(len(reading.items) - len(new)),
    )
    record(session, subject=camera.handle, by=by, at=at)
    due = at + timedelta(hours=settings.CUSTODES.missing_after_hours)
    awaited = [_listed(camera, item, at, due) for item in new]
    Listed.objects.bulk_create(awaited, ignore_conflicts=True)
    for missing in missing_on_camera(count.counter, after, numbers, len(new)):
        _open(camera, missing, _counted(missing), by=by, at=at)
    if after is not None:
        count.counter = count.highest = after
        count.save(update_fields=["counter", "highest"])
    return len(new)


def count_of(camera: Camera) -> CameraCount:
    """Return where a camera's numbers stand, locked until the transaction ends."""
    CameraCount.objects.get_or_create(camera=camera)
    return CameraCount.objects.select_for_update().get(camera=camera)


def follow(
    count: CameraCount,
    original: Original,
    number: int | None,
    leaf: bytes,
    *,
    by: Actor,
    at: datetime,
) -> None:
    """Let a file that was just taken in follow the one before it of its camera."""
    count.leaf = leaf
    camera = original.recording.camera
    if number is not None:
        awaited = Listed.objects.filter(camera=camera, arrived_at=None, number__lt=number)
        numbers = awaited.values_list("number", flat=True)
        there = {each for each in numbers if each is not None}
        for missing in skipped(count.highest, number, there):
            _open(camera, missing, _counted(missing), by=by, at=at)
        count.highest = number if count.highest is None else max(count.highest, number)
        _fill(camera, number, by=by, at=at)
    count.save()
    note_arrival(original, by=by, at=at)


class Following:
    """Files of several cameras that were just taken in, each following the one before it.

    The same as :func:`follow` for each. Where a dock listed what is to come, where
    something is missed, or a number is passed over, that does it; the other cameras'
    counts only move, and are written at the end.
    """

    def __init__(self, cameras: Iterable[Camera]) -> None:
        pks = {camera.pk for camera in cameras}
        counts = CameraCount.objects.select_for_update().order_by("pk")
        self._counts = counts.in_bulk(pks)
        for pk in sorted(pks - self._counts.keys()):
            self._counts[pk] = CameraCount(camera_id=pk)
        listed = Listed.objects.filter(camera__in=pks, arrived_at=None).values_list("camera")
        missed = Gap.objects.filter(camera__in=pks, closed_at=None).values_list("camera")
        self._watched = {pk for (pk,) in listed.union(missed)}
        self._moved: set[int] = set()

    def leaf(self, camera: Camera) -> bytes:
        """Return the leaf hash of the entry that took in a camera's last file; empty for none."""
        return bytes(self._counts[camera.pk].leaf or b"")

    def follow(
        self, original: Original, number: int | None, leaf: bytes, *, by: Actor, at: datetime
    ) -> None:
        """Let a file follow the one before it of its camera."""
        camera = original.recording.camera_id
        count = self._counts[camera]
        passes = number is not None and bool(skipped(count.highest, number, set()))
        if passes or camera in self._watched:
            self._watched.add(camera)
            follow(count, original, number, leaf, by=by, at=at)
            return
        count.leaf = leaf
        if number is not None:
            count.highest = number if count.highest is None else max(count.highest, number)
        self._moved.add(camera)

    def save(self) -> None:
        """Write the counts that moved."""
        moved = [self._counts[pk] for pk in sorted(self._moved)]
        CameraCount.objects.bulk_create(
            moved,
            update_conflicts=True,
            unique_fields=["camera"],
            update_fields=["leaf", "highest"],
        )


def note_arrival(original: Original, *, by: Actor, at: datetime) -> None:
    """Await a file no longer that a dock listed; the last of a gap closes it."""
    named = Listed.objects.filter(
        camera=original.recording.camera, name=original.name, size=original.size, arrived_at=None
    )
    for listed in named.select_related("gap"):
        listed.arrived_at = at
        listed.save(update_fields=["arrived_at"])
        if listed.gap is not None:
            _came(listed.gap, by=by, at=at)


def note_completed(recording: Recording, *, by: Actor, at: datetime) -> None:
    """Close the gap of a recording that was announced and not completed for too long."""
    for gap in Gap.objects.filter(recording=recording, closed_at=None):
        _came(gap, by=by, at=at)


def miss_what_is_overdue(*, by: Actor, at: datetime) -> int:
    """Open a gap for what was listed or announced and did not come; return how many."""
    opened = 0
    due = Listed.objects.filter(arrived_at=None, gap=None, due_at__lte=at).order_by("pk")
    by_visit: dict[tuple[int, datetime], list[Listed]] = defaultdict(list)
    for listed in due.select_related("camera")[:_AT_ONCE]:
        by_visit[listed.camera_id, listed.listed_at].append(listed)
    for visit in by_visit.values():
        opened += _miss_listed(visit, by=by, at=at)
    since = at - timedelta(hours=settings.CUSTODES.missing_after_hours)
    unfinished = Recording.objects.filter(state=State.ARRIVING, received_at__lte=since, gaps=None)
    for recording in unfinished.select_related("camera").order_by("pk")[:_AT_ONCE]:
        opened += _miss_unfinished(recording, by=by, at=at)
    return opened


@transaction.atomic
def explain_gap(viewer: Viewer, handle: str, because: str, *, at: datetime) -> None:
    """Close a gap with the reason why the footage is missing. Only somebody with a name may."""
    gap = Gap.objects.select_for_update().get(pk=gap_for(viewer, handle).pk)
    if not viewer.may(Permission.EXPLAIN_GAPS) or not viewer.handle:
        raise NotYours("You may see this gap, but not explain it.")
    if gap.closed_at is not None:
        raise Unusable("This gap is closed already.")
    because = " ".join(because.split())
    if not 10 <= len(because) <= 500:
        raise Unusable("Say why it is missing, in 10 to 500 characters.")
    explained = GapExplained(serial=gap.camera.serial)
    record(explained, subject=gap.handle, by=viewer.actor, at=at, because=because)
    gap.closed_at, gap.because, gap.explained_by_id = at, because, viewer.person
    gap.save(update_fields=["closed_at", "because", "explained_by"])


@transaction.atomic
def _miss_listed(visit: list[Listed], *, by: Actor, at: datetime) -> int:
    # Another worker may have missed them, or they may have come, since they were read.
    pks = [listed.pk for listed in visit]
    still = Listed.objects.select_for_update().filter(pk__in=pks, arrived_at=None, gap=None)
    missing = list(still.order_by("pk"))
    if not missing:
        return 0
    names = ", ".join(listed.name for listed in missing[:_NAMED])
    more = f" and {len(missing) - _NAMED} more" if len(missing) > _NAMED else ""
    day = _day(visit[0].listed_at)
    what = f"a dock saw {names}{more} on it on {day}; it never came."
    numbers = [listed.number for listed in missing if listed.number is not None]
    ends = (min(numbers), max(numbers)) if numbers else (None, None)
    missed = Missing(Why.LISTED, len(missing), *ends)
    gap = _open(visit[0].camera, missed, what, by=by, at=at)
    Listed.objects.filter(pk__in=[listed.pk for listed in missing]).update(gap=gap)
    return 1


@transaction.atomic
def _miss_unfinished(recording: Recording, *, by: Actor, at: datetime) -> int:
    recording = Recording.objects.select_for_update().get(pk=recording.pk)
    if recording.state != State.ARRIVING or recording.gaps.exists():
        return 0
    what = f"a recording announced on {_day(recording.received_at)} was never completed."
    missing = Missing(Why.UNFINISHED, 1)
    _open(recording.camera, missing, what, by=by, at=at, recording=recording)
    return 1


def _open(
    camera: Camera,
    missing: Missing,
    what: str,
    *,
    by: Actor,
    at: datetime,
    recording: Recording | None = None,
) -> Gap:
    gap = Gap.objects.create(
        camera=camera,
        recording=recording,
        grade=camera.grade,
        why=missing.why,
        count=missing.count,
        still=missing.count,
        first=missing.first,
        last=missing.last,
        what=what[:500],
        opened_at=at,
    )
    opened = GapOpened(
        device=camera.handle,
        grade=camera.grade,
        why=missing.why,
        missing=missing.count,
        first=missing.first,
        last=missing.last,
        serial=camera.serial,
        what=gap.what,
    )
    record(opened, subject=gap.handle, by=by, at=at)
    return gap


def _fill(camera: Camera, number: int, *, by: Actor, at: datetime) -> None:
    """Let a number that came late fill the gaps it was missed in."""
    missed = Gap.objects.filter(camera=camera, closed_at=None, first__lte=number, last__gte=number)
    # What a dock listed is known by its name and closed by that.
    for gap in missed.exclude(why=Why.LISTED):
        _came(gap, by=by, at=at)


def _came(gap: Gap, *, by: Actor, at: datetime) -> None:
    """Count one of a gap's recordings as arrived; the last of them closes it."""
    Gap.objects.filter(pk=gap.pk).update(still=F("still") - 1)
    gap.refresh_from_db()
    if gap.still <= 0 and gap.closed_at is None:
        gap.closed_at = at
        gap.save(update_fields=["closed_at"])
        record(GapArrived(serial=gap.camera.serial), subject=gap.handle, by=by, at=at)


def _is_held(camera: Camera, item: Item) -> bool:
    held = Original.objects.filter(recording__camera=camera, name=item.name, size=item.size)
    return held.exists()


def _listed(camera: Camera, item: Item, at: datetime, due: datetime) -> Listed:
    return Listed(
        camera=camera, name=item.name, size=item.size, number=item.number, listed_at=at, due_at=due
    )


def _counted(missing: Missing) -> str:
    """Say what a camera counted and has not, as a sentence that goes on after a colon."""
    if missing.why is Why.BACK:
        return "its counter stands lower than when it was last read; it was reset or exchanged."
    if missing.why is Why.COUNTER:
        return (
            f"its counter moved by {missing.count} more than the recordings on it, "
            f"from {missing.first} to {missing.last}."
        )
    if missing.first == missing.last:
        return f"it has no recording number {missing.first}."
    return f"it has no recordings numbered {missing.first} to {missing.last}."


def _day(at: datetime) -> str:
    return f"{localtime(at):%-d %B %Y}"


def number_told(told: object) -> int | None:
    """Return the number a sender says the camera gave, or None for what is no such number."""
    text = str(told)
    return int(text) if text.isascii() and text.isdecimal() and len(text) <= 15 else None
