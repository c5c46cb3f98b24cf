"""Which standing holds may reach for any of some recordings, asked without a query for each.

A force has thousands of them, of which hardly any reaches for what a dock brings: looked at
by the rule first (``Scope.catches``), and only what that says yes to is asked of the table.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import chain

from custodes.recordings.many import among
from custodes.recordings.models import Recording
from custodes.retention.models import Hold
from custodes.retention.rules.holds import Filmed, Scope

_ASKED = (
    "handle",
    "camera__handle",
    "started_at",
    "ended_at",
    "wearer__handle",
    "place__name",
    "clock_offset_ms",
    "latitude",
    "longitude",
)
# As the table asks it: of a clock that is further off nobody knows when it was.
_BELIEVED = timedelta(days=100_000)


def that_may_catch(recordings: Sequence[int]) -> Iterator[Hold]:
    """Yield the standing holds that no one released and that may catch one of the recordings.

    One too many does no harm: what it catches is asked of the table.
    """
    standing = Hold.objects.filter(standing=True, released_at=None).order_by("pk")
    holds = list(standing)
    arrived = _Arrived(_filmed(recordings)) if holds else None
    for hold in holds:
        if arrived is not None and arrived.may_be_caught_by(hold.reach()):
            yield hold


def _filmed(recordings: Sequence[int]) -> Iterator[Filmed]:
    rows = Recording.objects.filter(pk__in=among(recordings)).values_list(*_ASKED)
    for handle, camera, started_at, ended_at, wearer, place, ahead, north, east in rows:
        offset = timedelta(milliseconds=ahead or 0)
        yield Filmed(
            handle,
            camera,
            started_at,
            ended_at,
            wearer or "",
            place or "",
            offset if abs(offset) <= _BELIEVED else timedelta(0),
            None if north is None or east is None else (north, east),
        )


class _Arrived:
    """Recordings by what a hold names, so that each is compared with few of them."""

    def __init__(self, filmed: Iterable[Filmed]) -> None:
        self._all = list(filmed)
        self._handles = {each.recording for each in self._all}
        self._by_camera: dict[str, list[Filmed]] = defaultdict(list)
        self._by_wearer: dict[str, list[Filmed]] = defaultdict(list)
        for each in self._all:
            self._by_camera[each.camera].append(each)
            self._by_wearer[each.wearer].append(each)

    def may_be_caught_by(self, scope: Scope) -> bool:
        """Say whether a scope catches one of them."""
        if not scope.recordings.isdisjoint(self._handles):
            return True
        return any(scope.catches(each) for each in self._named_in(scope))

    def _named_in(self, scope: Scope) -> Iterable[Filmed]:
        """Return those that may fit the names in a scope, as few as there is an index for."""
        of_cameras = (self._by_camera.get(each, ()) for each in scope.cameras)
        of_wearers = (self._by_wearer.get(each, ()) for each in scope.wearers)
        if scope.either and not (scope.places or scope.areas):
            return chain(*of_cameras, *of_wearers)
        if scope.cameras and not scope.either:
            return chain(*of_cameras)
        if scope.wearers and not scope.either:
            return chain(*of_wearers)
        return self._all
