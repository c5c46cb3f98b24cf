"""Past sweeps and what shows that something was deleted rightly: for those who may see them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Count, Max, Min, QuerySet

from custodes.custody.log import of_kind
from custodes.custody.models import Entry
from custodes.kernel.errors import NotFound
from custodes.ledger.entry import parse_entry
from custodes.people.rules import Permission, Viewer
from custodes.recordings.locks import withheld_among
from custodes.recordings.queries import recording_for
from custodes.retention.keeping import tombstone_of
from custodes.retention.models import LettingGo, ScheduleVersion, Sweep, Tombstone
from custodes.retention.rehearsal import last_sweep
from custodes.retention.rules.disposal import Stage
from custodes.retention.rules.schedule import Line
from custodes.retention.writing import read_schedule

# The parts of a rehearsal's letter that name recordings.
_NAMING = ("oldest", "longest", "strangest")


def deleted_by_line(viewer: Viewer) -> dict[str, int]:
    """Return how many recordings were ever deleted, by the line that let them go."""
    if not viewer.may(Permission.SEE_RETENTION):
        return {}
    return dict(sorted(Tombstone.objects.order_by().values_list("line").annotate(Count("pk"))))


@dataclass(frozen=True, slots=True)
class SweepTotals:
    """What a sweep left behind: how many at each stage and line, and between which entries."""

    stages: tuple[tuple[Stage, int], ...]
    lines: tuple[tuple[str, int], ...]
    first_entry: int | None
    last_entry: int | None


def sweeps_for(viewer: Viewer) -> QuerySet[Sweep]:
    """Return the sweeps and rehearsals, the newest first."""
    return Sweep.objects.all() if viewer.may(Permission.SEE_RETENTION) else Sweep.objects.none()


def sweep_for(viewer: Viewer, handle: str) -> Sweep:
    """Return one sweep, if this person may know of it."""
    sweep = sweeps_for(viewer).filter(handle=handle).first()
    if sweep is None:
        raise NotFound("There is no such sweep.")
    return sweep


def letter_of(viewer: Viewer, sweep: Sweep) -> dict[str, Any]:
    """Return what a rehearsal found; it names no recording that a lock keeps from the viewer."""
    if not viewer.may(Permission.SEE_RETENTION):
        return {}
    letter = without_what_is_shut(viewer, sweep.letter)
    return letter if "last" in letter else {**letter, "last": last_sweep(before=sweep)}


def without_what_is_shut(viewer: Viewer, counted: dict[str, Any]) -> dict[str, Any]:
    """Return what was counted, without the recordings it names that a lock keeps from them."""
    letter = dict(counted)
    named = {key: letter[key] for key in _NAMING if key in letter}
    handles = {each["handle"] for some in named.values() for each in some}
    shut = withheld_among(viewer, handles)
    for key, some in named.items():
        letter[key] = [each for each in some if each["handle"] not in shut]
    return letter


def rehearsal_under_way(viewer: Viewer) -> bool:
    """Say whether somebody asked for a rehearsal that is not done yet."""
    asked = of_kind("sweep.asked").first()
    if asked is None or not viewer.may(Permission.SEE_RETENTION):
        return False
    done = Entry.objects.filter(kind="sweep.rehearsed", index__gt=asked.index)
    return not done.exists()


def tombstones_of(viewer: Viewer, sweep: Sweep) -> QuerySet[Tombstone]:
    """Return what is left of everything a sweep deleted, in the order of the log."""
    stones = Tombstone.objects.filter(sweep=sweep).order_by("entry")
    return stones if viewer.may(Permission.SEE_RETENTION) else stones.none()


def totals_of(viewer: Viewer, sweep: Sweep) -> SweepTotals:
    """Return what a sweep left behind, counted."""
    stones = tombstones_of(viewer, sweep).order_by()
    ends = stones.aggregate(first=Min("entry"), last=Max("entry"))
    stages = sorted(stones.values_list("stage").annotate(Count("pk")))
    lines = sorted(stones.values_list("line").annotate(Count("pk")))
    return SweepTotals(
        tuple((Stage(stage), number) for stage, number in stages),
        tuple(lines),
        ends["first"],
        ends["last"],
    )


def let_go_by_people(viewer: Viewer, sweep: Sweep) -> frozenset[str]:
    """Return which of what a sweep deleted went because two people let it go, not by the clock.

    Their entries in the log say which; of the others nobody ever said that they may go.
    """
    asked = LettingGo.objects.exclude(review=None).values("recording__handle")
    stones = tombstones_of(viewer, sweep).filter(handle__in=asked)
    return frozenset(stone.handle for stone in stones if is_let_go_by_people(stone))


def is_let_go_by_people(stone: Tombstone) -> bool:
    """Say whether the entry of a deletion names people who let it go."""
    entry = Entry.objects.filter(index=stone.entry, subject=stone.handle).first()
    return entry is not None and parse_entry(bytes(entry.data)).facts.get("mode") == "manual"


def certificate_for(viewer: Viewer, handle: str) -> tuple[Tombstone, Line | None]:
    """Return what shows that one recording was deleted, with the line it went by."""
    if viewer.may(Permission.SEE_RETENTION):
        stone = Tombstone.objects.select_related("sweep").filter(handle=handle).first()
    else:
        stone = tombstone_of(viewer, recording_for(viewer, handle))
    if stone is None:
        raise NotFound("There is no certificate of a deletion under this name.")
    version = ScheduleVersion.objects.filter(version=stone.version).first()
    try:
        schedule = read_schedule(version.document) if version else None
    except ValueError:
        schedule = None  # the deletion is no less true for it
    return stone, schedule.line(stone.line) if schedule else None
