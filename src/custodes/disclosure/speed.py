"""Read how long clips took on their way to the prosecutor, as far as a viewer may know of them."""

from __future__ import annotations

from datetime import datetime, timedelta

from custodes.cases.rules.audiences import Audience
from custodes.disclosure.models import Item
from custodes.disclosure.rules.speed import Way
from custodes.people.rules import Permission, Reach, Viewer
from custodes.recordings.models import Copy
from custodes.recordings.queries import of_known
from custodes.recordings.rules import Purpose

NO_UNIT = "No unit"
_COLUMNS = (
    "handle",
    "original__recording__handle",
    "about__begins",
    "made_at",
    "original__started_at",
    "original__recording__started_at",
    "original__recording__clock_offset_ms",
    "original__recording__received_at",
    "original__recording__team__name",
)


def may_see_speed(viewer: Viewer) -> bool:
    """Say whether somebody reaches more cases than their own: figures are of units, not people."""
    return viewer.reach(Permission.SEE_CASES) >= Reach.TEAM and viewer.may(Permission.SEARCH)


def ways_for(viewer: Viewer, begins: datetime, ends: datetime) -> list[Way]:
    """Return the way of every clip made in a stretch of time that this viewer may know of."""
    clips = Copy.objects.filter(purpose=Purpose.CLIP, made_at__gte=begins, made_at__lt=ends)
    clips = clips.filter(of_known(viewer, "original__recording"))
    given = _given(begins)
    found = []
    for clip, of, into, made, film, start, offset, received, team in clips.values_list(*_COLUMNS):
        filmed = None
        if offset is not None:
            filmed = (film or start) + timedelta(seconds=into or 0, milliseconds=offset)
        served, opened = given.get(clip, (None, None))
        found.append(Way(of, team or NO_UNIT, filmed, received, made, served, opened))
    return found


def _given(since: datetime) -> dict[str, tuple[datetime, datetime | None]]:
    """Return when each clip was first served to the prosecutor, and first opened there.

    A clip is served when its link opens: once it is released, where that is needed.
    """
    served = Item.objects.filter(
        share__audience=Audience.PROSECUTOR, share__made_at__gte=since
    ).exclude(copy="")
    found: dict[str, tuple[datetime, datetime | None]] = {}
    for clip, at, opened in served.values_list("copy", "share__made_at", "opened_at"):
        before, seen = found.get(clip, (at, None))
        first = min((each for each in (seen, opened) if each is not None), default=None)
        found[clip] = min(before, at), first
    return found
