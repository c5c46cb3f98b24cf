"""What every camera filmed of a case, and whether somebody has said what becomes of each.

Recordings that nobody added, but that overlap the case, are shown to whoever may know
of them. To everybody else it is only said that somebody has to look for other cameras,
and that in the same words whether there are any or nobody has looked.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.db.models import Q, QuerySet

from custodes.cases.models import Case, Exhibit, Material
from custodes.cases.queries import exhibits_of, material_of
from custodes.cases.rules.coverage import Filmed, siblings, stretches, what_is_open
from custodes.cases.rules.material import Status
from custodes.intake.rules import LONGEST_RECORDING
from custodes.kernel.spans import Span
from custodes.people.rules import Viewer
from custodes.recordings.models import Recording
from custodes.recordings.queries import of_known, recordings_for
from custodes.recordings.rules import State
from custodes.retention.models import HeldRecording
from custodes.retention.rules.holds import HoldKind

_WHEN = ("pk", "started_at", "ended_at", "seconds", "clock_offset_ms", "place__name")
_WHERE = ("latitude", "longitude", "camera", "wearer", "team")
_KEYS = frozenset({"camera", "wearer", "team"})


@dataclass(frozen=True, slots=True)
class Covered:
    """One recording of a case, or one that overlaps it. ``material`` None: nobody added it."""

    recording: Recording
    material: Material | None
    exhibits: tuple[Exhibit, ...]
    why: str = ""

    @property
    def is_open(self) -> bool:
        """Say whether somebody has yet to say what becomes of it."""
        if self.exhibits:
            return False
        return self.material is None or self.material.status == Status.NOT_LOOKED_AT


@dataclass(frozen=True, slots=True)
class Coverage:
    """What all cameras filmed, as far as a viewer may know, and what keeps it from release."""

    rows: tuple[Covered, ...]
    open: tuple[str, ...]
    span: Span | None

    @property
    def is_whole(self) -> bool:
        """Say whether every recording has a status, those included that this viewer cannot see."""
        return not self.open


def coverage_for(viewer: Viewer, case: Case) -> Coverage:
    """Return what every camera filmed of a case this viewer may know of."""
    standing: dict[int, list[Exhibit]] = {}
    for exhibit in exhibits_of(viewer, case).filter(voided_at=None):
        standing.setdefault(exhibit.recording_id, []).append(exhibit)
    rows = [
        Covered(each.recording, each, tuple(standing.get(each.recording_id, ())))
        for each in material_of(viewer, case)
    ]
    everywhere = siblings_of(case, Recording.objects.all())
    known = recordings_for(viewer).filter(pk__in=everywhere)
    known = known.select_related("camera", "wearer", "place", "announced")
    rows += [Covered(each, None, (), everywhere[each.pk]) for each in known]
    rows.sort(key=lambda row: (row.recording.started_at, row.recording.pk))
    return Coverage(tuple(rows), _open_to(viewer, case, everywhere), _span(rows))


def what_is_open_in(case: Case, overlapping: Iterable[int] | None = None) -> tuple[str, ...]:
    """Return what keeps a case from release; nothing when every camera is accounted for.

    Asked about the whole case, whoever asks: a release may not depend on what the one
    who releases can see.
    """
    if overlapping is None:
        # Where nobody has looked, what there is to find changes nothing.
        overlapping = siblings_of(case, Recording.objects.all()) if _is_looked_at(case) else ()
    return what_is_open(_waiting_in(case).count(), sought=_is_sought(case, overlapping))


def _open_to(viewer: Viewer, case: Case, overlapping: Iterable[int]) -> tuple[str, ...]:
    """Return what keeps a case from release, in words that tell nobody of what is hidden.

    Where only something hidden waits it reads as if nobody had looked for other cameras.
    """
    waiting = _waiting_in(case)
    known = waiting.filter(of_known(viewer)).count()
    sought = _is_sought(case, overlapping) and known == waiting.count()
    return what_is_open(known, sought=sought)


def _waiting_in(case: Case) -> QuerySet[Material]:
    """Return the recordings of a case of which nobody has said what becomes of them."""
    exhibited = case.exhibits.filter(voided_at=None).values("recording")
    waiting = case.material.filter(taken_out_at=None, status=Status.NOT_LOOKED_AT)
    return waiting.exclude(recording__in=exhibited)


def _is_sought(case: Case, overlapping: Iterable[int]) -> bool:
    """Say whether other cameras were sought, by who reaches all, and none has come since."""
    return _is_looked_at(case) and not any(True for _ in overlapping)


def _is_looked_at(case: Case) -> bool:
    return Case.objects.filter(pk=case.pk).exclude(sought_at=None).exists()


def siblings_of(case: Case, among: QuerySet[Recording]) -> dict[int, str]:
    """Return which of these recordings overlap a case and are not in it, each with why.

    What overlaps only what was itself brought in as another camera does not count:
    a scene would grow into a whole shift.
    """
    inside = case.material.filter(taken_out_at=None)
    exhibited = case.exhibits.filter(voided_at=None).values("recording")
    core = inside.filter(Q(sibling=False) | Q(recording__in=exhibited)).values("recording")
    of = filmed(Recording.objects.filter(pk__in=core))
    others = among.exclude(pk__in=inside.values("recording")).exclude(state=State.DISPOSED)
    beside = HeldRecording.objects.filter(hold__in=frozenset().union(*(o.incidents for o in of)))
    near = _in_time(stretches(of)) | Q(pk__in=beside.values("recording"))
    return siblings(of, filmed(others.filter(near)))


def filmed(recordings: QuerySet[Recording]) -> list[Filmed]:
    """Return when and where recordings were made, by our clock where it was compared."""
    columns = (*_WHEN, *(f"{name}_id" if name in _KEYS else name for name in _WHERE))
    incidents: dict[int, set[int]] = defaultdict(set)
    held = HeldRecording.objects.filter(hold__kind=HoldKind.DSI, recording__in=recordings)
    for recording, hold in held.values_list("recording", "hold"):
        incidents[recording].add(hold)
    found = []
    for pk, start, end, seconds, offset, place, *where in recordings.values_list(*columns):
        long = start + timedelta(seconds=seconds) if seconds else None
        shift, ended = timedelta(milliseconds=offset or 0), end or long
        until = ended + shift if ended else None
        held_for = frozenset(incidents.get(pk, ()))
        one = Filmed(pk, start + shift, until, place or "", incidents=held_for)
        found.append(replace(one, **dict(zip(_WHERE, where, strict=True))))
    return found


def _in_time(spans: list[Span]) -> Q:
    """Return what narrows recordings to some stretches of time, by their index; clocks differ."""
    slack = timedelta(hours=1)
    either = Q(pk__in=[])
    for span in spans:
        not_over = Q(ended_at=None) | Q(ended_at__gte=span.start - slack)
        begun = Q(started_at__gte=span.start - slack - LONGEST_RECORDING)
        either |= begun & Q(started_at__lte=span.end + slack) & not_over
    return either


def _span(rows: list[Covered]) -> Span | None:
    """Return from when to when the picture of a case goes."""
    if not rows:
        return None
    start = min(row.recording.started_at for row in rows)
    ends = [end_of(row.recording) for row in rows]
    return Span(start, max(*ends, start + timedelta(minutes=1)))


def end_of(recording: Recording) -> datetime:
    """Return when a recording ended, as far as anybody knows."""
    return recording.ended_at or recording.started_at + timedelta(seconds=recording.seconds)
