"""What the tables know of recordings, gathered by sets, as the rules want it.

Used by actions and queries of this stage. A row that is missing is a fact that is
missing, and the rules keep what they know too little of.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from django.db.models import Exists, OuterRef

from custodes.recordings.many import among, as_stored, moment, rows_of
from custodes.recordings.models import Lock, Recording
from custodes.recordings.rules import LockKind, State, codes_of
from custodes.retention.errors import ScheduleRefused
from custodes.retention.models import (
    HeldRecording,
    MatterRecording,
    RestrictedRecording,
    Review,
    ScheduleVersion,
)
from custodes.retention.rules.decision import Facts
from custodes.retention.rules.decision import Review as ReviewRule
from custodes.retention.rules.default import DEFAULT
from custodes.retention.rules.erasure import Basis
from custodes.retention.rules.holds import Hold
from custodes.retention.rules.proceedings import Proceedings
from custodes.retention.rules.schedule import Schedule, in_force
from custodes.retention.writing import read_schedule

_MOMENTS = ("started_at", "ended_at", "received_at", "completed_at", "category_agreed_at")
_OTHERS = ("seconds", "clock_offset_ms", "category_id", "category_before", "source_type", "state")


def schedule_at(at: datetime) -> Schedule | None:
    """Return the schedule in force; before any was published, the one we start with.

    Raises ValueError when a published version cannot be read: nothing may be decided then.
    """
    documents = ScheduleVersion.objects.values_list("document", flat=True)
    return in_force([read_schedule(each) for each in documents] or [DEFAULT], at)


def readable_schedule_at(at: datetime) -> Schedule | None:
    """Return the schedule in force; None when none is, or when a version cannot be read.

    For who has an answer without one: nothing is deleted then, and ``custodes doctor``
    says what is wrong.
    """
    try:
        return schedule_at(at)
    except ValueError:
        return None


def newest_schedule() -> Schedule:
    """Return the version that was published last, in force or not; else the one we start with.

    Raises ScheduleRefused when it cannot be read.
    """
    newest = ScheduleVersion.objects.order_by("-version").first()
    return read_version(newest) if newest is not None else DEFAULT


def read_version(version: ScheduleVersion) -> Schedule:
    """Return what a published version says; raises ScheduleRefused when it cannot be read."""
    try:
        return read_schedule(version.document)
    except ValueError as error:
        raise ScheduleRefused(
            f"The schedule, version {version.version}, cannot be read: {error}.",
            "Nothing is deleted meanwhile. Look into it with: custodes doctor.",
        ) from None


def facts_of(recordings: Sequence[int]) -> dict[int, Facts]:
    """Return what is known of these recordings; one that is gone or not there is left out."""
    holds, reviews = _holds(recordings), _reviews(recordings)
    cases, linked, left = _cases(recordings)
    restricted = _restricted(recordings)
    rows = Recording.objects.filter(pk__in=among(recordings)).exclude(state=State.DISPOSED)
    return {
        pk: Facts(
            ended_at=_end(moment(started), ended and moment(ended), seconds, offset),
            received_at=max(map(moment, filter(None, (received, completed)))),
            category=category or "",
            categories_before=codes_of(before),
            category_agreed_at=agreed and moment(agreed),
            source=source_type,
            complete=state == State.COMPLETE,
            trigger_at=linked.get(pk),
            holds=tuple(holds.get(pk, ())),
            restricted=pk in restricted,
            cases=tuple(cases.get(pk, ())),
            left_case_at=left.get(pk),
            review=reviews.get(pk),
        )
        for (
            pk, started, ended, received, completed, agreed,
            seconds, offset, category, before, source_type, state,
        ) in rows_of(rows.order_by().values_list("pk", *as_stored(*_MOMENTS), *_OTHERS))
    }  # fmt: skip


def _end(
    started: datetime, ended: datetime | None, seconds: float, offset_ms: int | None
) -> datetime | None:
    """Return when it ended: of what the clocks say, the latest."""
    if ended is None and not seconds:
        return None
    end = max(ended or started, started + timedelta(seconds=seconds))
    return max(end, end + timedelta(milliseconds=offset_ms or 0))


def _holds(recordings: Iterable[int]) -> Mapping[int, list[Hold]]:
    found: dict[int, list[Hold]] = defaultdict(list)
    held = HeldRecording.objects.filter(recording__in=among(recordings)).select_related("hold")
    # What a hold reaches for can be thousands of handles, and no rule asks for it.
    for each in held.defer("hold__scope").order_by("hold"):
        found[each.recording_id].append(each.hold.as_rule())
    return found


def _cases(
    recordings: Iterable[int],
) -> tuple[Mapping[int, list[Proceedings]], Mapping[int, datetime], Mapping[int, datetime]]:
    """Return the cases they belong to, when each was last linked to one, and last taken out."""
    found: dict[int, list[Proceedings]] = defaultdict(list)
    since: dict[int, datetime] = {}
    left: dict[int, datetime] = {}
    links = MatterRecording.objects.filter(recording__in=among(recordings))
    for link in links.select_related("matter").order_by("linked_at", "pk"):
        pk = link.recording_id
        if link.unlinked_at is not None:
            left[pk] = max(link.unlinked_at, left.get(pk, link.unlinked_at))
            continue
        found[pk].append(link.matter.as_rule())
        since[pk] = link.linked_at
    return found, since, left


def _restricted(recordings: Iterable[int]) -> frozenset[int]:
    """Return those whose use is restricted for a reason that also keeps them.

    What is restricted only until the schedule lets it go is not kept by it (DPA 2018 s.47(1)).
    Whose lock stands and of whose request no row is left may have been restricted for any.
    """
    rows = RestrictedRecording.objects.filter(restriction__lifted_at=None)
    found = rows.filter(recording__in=among(recordings)).exclude(basis=Basis.SCHEDULE)
    locks = Lock.objects.filter(kind=LockKind.RESTRICTED, lifted_at=None)
    of_request = rows.filter(recording=OuterRef("recording"), restriction__handle=OuterRef("cause"))
    lost = locks.filter(~Exists(of_request), recording__in=among(recordings))
    return frozenset(
        found.values_list("recording", flat=True).union(lost.values_list("recording", flat=True))
    )


def _reviews(recordings: Iterable[int]) -> Mapping[int, ReviewRule]:
    rows = Review.objects.filter(recording__in=among(recordings)).order_by("pk")
    rows = rows.prefetch_related("agreements")
    return {row.recording_id: row.as_rule() for row in rows}
