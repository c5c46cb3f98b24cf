"""Search recordings: a page at a time, newest first, as quick at a million as at ten.

A page is found in two steps: the keys of its rows, read from an index that is
already in order, then those rows. Pages go on from the last row seen instead of
counting from the start. Whatever must be merged (a supervisor's team and their
own, the several people a name may mean) is read arm by arm, each arm in order.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from itertools import islice

from django.db.models import BooleanField, F, Q, QuerySet, Sum
from django.db.models.expressions import RawSQL

from custodes.people.rules import Permission, Reach, Viewer
from custodes.recordings.granted import granted
from custodes.recordings.locks import look_up_locks, not_shut_to, opened_to
from custodes.recordings.models import Recording
from custodes.recordings.naming import Named, meant_by, named_anywhere
from custodes.recordings.pictures import Film, films_of
from custodes.recordings.queries import recordings_for
from custodes.recordings.rules import State

PAGE = 40
COUNTED = 10_000
NO_CATEGORY = "none"
_ORDER = ("-started_at", "-id")
# A question of its own, so that it is answered from the small index of faults; the
# condition is that index's word for word, as a parameter would hide it from SQLite.
_HAS_A_FAULT = RawSQL(
    "recordings_recording.id IN (SELECT f.id FROM recordings_recording f WHERE f.fault > '')",
    (),
    output_field=BooleanField(),
)
# The condition of the index of what is not deleted, word for word, for the same reason.
_NOT_DELETED = RawSQL(
    "NOT (recordings_recording.state = 'disposed')", (), output_field=BooleanField()
)
Key = tuple[datetime, int]


class Standing(StrEnum):
    """How a recording stands, for the State filter; what is deleted is found only by asking."""

    ARRIVING = "arriving"
    COMPLETE = "complete"
    FAULTY = "faulty"
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class Search:
    """What somebody looks for. Empty means: whatever it is.

    ``wearer``, ``camera``, ``place`` and ``text`` are what a person typed;
    ``before`` and ``after`` are handles of rows already seen.
    """

    text: str = ""
    wearer: str = ""
    camera: str = ""
    place: str = ""
    category: str = ""
    state: str = ""
    since: datetime | None = None
    until: datetime | None = None
    before: str = ""
    after: str = ""


@dataclass(frozen=True, slots=True)
class Row:
    """One recording of a page, with what there is to show of it."""

    recording: Recording
    film: Film


@dataclass(frozen=True, slots=True)
class Page:
    """One page of what was found. ``count`` stops at COUNTED; ``more`` says that it did.

    ``older`` and ``newer`` are handles to go on from, empty at an end. ``hint``
    says what was left out, when a name meant too many things.
    """

    rows: tuple[Row, ...]
    count: int
    more: bool
    seconds: float | None
    older: str
    newer: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Plan:
    """A search made exact: what every arm must meet, the arms, and what was left out.

    ``apart`` says that no recording is in two arms, so that counts can be added.
    """

    every: Q
    arms: tuple[Q, ...]
    apart: bool
    hint: str = ""

    def all_of(self) -> Iterator[QuerySet[Recording]]:
        """Yield what each arm finds, in no order."""
        for arm in self.arms:
            yield Recording.objects.filter(self.every, arm)


def search(viewer: Viewer, wanted: Search, *, size: int = PAGE) -> Page:
    """Return a page of the recordings this viewer may know of."""
    plan = plan_for(viewer, wanted)
    found, older, newer = _page_of(plan, viewer, wanted, size)
    recordings = {
        r.pk: r
        for r in Recording.objects.filter(pk__in=found)
        .select_related("camera", "wearer", "category", "place", "announced")
        .defer("told", "announced__told")
    }
    look_up_locks(viewer, recordings.values())
    films = films_of(recordings.values())
    rows = tuple(Row(recordings[pk], films[pk]) for pk in found if pk in recordings)
    count, seconds = _counted(plan)
    return Page(
        rows=rows,
        count=min(count, COUNTED),
        more=count > COUNTED,
        seconds=seconds,
        older=rows[-1].recording.handle if older and rows else "",
        newer=rows[0].recording.handle if newer and rows else "",
        hint=plan.hint,
    )


def plan_for(viewer: Viewer, wanted: Search) -> Plan:
    """Make a search exact; names are looked up in the small tables they stand in."""
    named = [
        {column: meant_by(column, typed)}
        for column in ("wearer", "camera", "place")
        if (typed := getattr(wanted, column))
    ]
    if wanted.text.strip():
        named.append(named_anywhere(wanted.text.strip()))
    arms = [*_reach(viewer), *_opened(viewer)]
    every = _facts(wanted) & not_shut_to(viewer)
    apart = True
    for meanings in named:
        # Who sees everything gets an arm for each meaning, read in order from its own
        # index; whoever sees little has little to look through.
        if arms == [Q()]:
            arms = [Q(**{f"{column}_id": key}) for column, key in _meant(meanings)]
            apart = len(meanings) < 2
        else:
            every &= _any_of(meanings)
    hints = [meant.hint for meanings in named for meant in meanings.values() if meant.hint]
    return Plan(every, tuple(arms), apart, " ".join(hints))


def _meant(meanings: dict[str, Named]) -> Iterator[tuple[str, int | str]]:
    for column, meant in meanings.items():
        for key in meant.keys:
            yield column, key


def _any_of(meanings: dict[str, Named]) -> Q:
    either = Q(pk__in=[])
    for column, meant in meanings.items():
        either |= Q(**{f"{column}_id__in": meant.keys})
    return either


def _reach(viewer: Viewer) -> Iterator[Q]:
    """Yield what the viewer may know of, in arms that do not overlap."""
    reach = viewer.reach(Permission.SEARCH)
    own, team = Q(wearer_id=viewer.person), Q(team_id=viewer.team)
    if reach is Reach.ALL:
        yield Q()
        return
    seen = Q(pk__in=[])
    if reach is Reach.TEAM and viewer.team is not None:
        yield team
        yield own & (Q(team__isnull=True) | ~team)
        seen = own | team
    elif reach >= Reach.OWN:
        yield own
        seen = own
    if reach is not Reach.NONE and (others := granted(viewer)) is not None:
        yield others & ~seen


def _opened(viewer: Viewer) -> Iterator[Q]:
    """Yield what is locked, open to the viewer by name, and in no arm of what roles reach."""
    by_roles = list(_reach(viewer))
    opened = opened_to(viewer) if by_roles != [Q()] else None
    if opened is None:
        return
    for arm in by_roles:
        opened = opened.exclude(arm)
    yield Q(pk__in=opened.values("pk"))


def _facts(wanted: Search) -> Q:
    every = Q()
    if wanted.since is not None:
        every &= Q(started_at__gte=wanted.since)
    if wanted.until is not None:
        every &= Q(started_at__lt=wanted.until)
    if wanted.category == NO_CATEGORY:
        every &= Q(category__isnull=True)
    elif wanted.category:
        every &= Q(category_id=wanted.category)
    match wanted.state:
        case Standing.ARRIVING:
            every &= Q(state=State.ARRIVING)
        case Standing.COMPLETE:
            every &= Q(state=State.COMPLETE)
        case Standing.FAULTY:
            every &= Q(_HAS_A_FAULT)
        case Standing.DELETED:
            every &= Q(state=State.DISPOSED)
        case _:
            every &= Q(_NOT_DELETED)
    return every


def _page_of(plan: Plan, viewer: Viewer, wanted: Search, size: int) -> tuple[list[int], bool, bool]:
    """Return the keys of the page, and whether there are older and newer rows."""
    known = recordings_for(viewer)
    if (seen := _key_of(known, wanted.after)) is not None:
        keys = _merged(plan, Q(started_at__gte=seen[0]), seen, size, newest_first=False)
        return [pk for _, pk in reversed(keys[:size])], True, len(keys) > size
    seen = _key_of(known, wanted.before)
    edge = Q() if seen is None else Q(started_at__lte=seen[0])
    keys = _merged(plan, edge, seen, size, newest_first=True)
    return [pk for _, pk in keys[:size]], len(keys) > size, seen is not None


def _key_of(known: QuerySet[Recording], handle: str) -> Key | None:
    return known.filter(handle=handle).values_list("started_at", "pk").first() if handle else None


def _merged(plan: Plan, edge: Q, seen: Key | None, size: int, *, newest_first: bool) -> list[Key]:
    """Return the first ``size + 1`` keys past an edge, from all arms, in order, each once."""
    order = _ORDER if newest_first else ("started_at", "id")
    beyond = edge & _past(seen, newest_first=newest_first)
    lists = [
        list(arm.filter(beyond).order_by(*order).values_list("started_at", "pk")[: size + 1])
        for arm in plan.all_of()
    ]
    merged = heapq.merge(*lists, reverse=newest_first)
    return list(islice(dict.fromkeys(merged), size + 1))


def _past(seen: Key | None, *, newest_first: bool) -> Q:
    """Return what keeps out the rows up to the one seen, those of the same instant included."""
    if seen is None:
        return Q()
    at, pk = seen
    if newest_first:
        return Q(started_at__lt=at) | Q(pk__lt=pk)
    return Q(started_at__gt=at) | Q(pk__gt=pk)


def _counted(plan: Plan) -> tuple[int, float | None]:
    """Return how many were found, up to one more than COUNTED, and how long they are together."""
    if plan.apart:
        return _added(plan)
    lengths: dict[int, float] = {}
    for arm in plan.all_of():
        lengths.update(arm.order_by().values_list("pk", "seconds")[: COUNTED + 1])
        if len(lengths) > COUNTED:
            return COUNTED + 1, None
    return len(lengths), sum(lengths.values())


def _added(plan: Plan) -> tuple[int, float | None]:
    count, seconds = 0, 0.0
    for arm in plan.all_of():
        found, long = _counted_at_once(arm)
        count, seconds = count + found, seconds + (long or 0.0)
        if count > COUNTED:
            return COUNTED + 1, None
    return count, seconds


def _counted_at_once(found: QuerySet[Recording]) -> tuple[int, float | None]:
    some = found.order_by()[: COUNTED + 1]
    count = some.count()
    if count > COUNTED:
        return count, None
    return count, some.annotate(long=F("seconds")).aggregate(sum=Sum("long"))["sum"] or 0.0
