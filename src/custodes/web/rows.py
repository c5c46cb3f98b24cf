"""One recording as a row of a list: the picture, a line of facts, its state in a word."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.urls import reverse
from django.utils.timezone import localtime

from custodes.fleet.rules import MOUNT_NAMES, Mount
from custodes.kernel.clock import now
from custodes.people.rules import Permission, Viewer
from custodes.recordings.queries import those_within_reach
from custodes.recordings.rules import State
from custodes.recordings.search import Row
from custodes.retention.keeping import what_comes
from custodes.web.keeping import coming_up
from custodes.web.words import clock_length, counted, length


@dataclass(frozen=True, slots=True)
class Drawn:
    """What the template of a row writes."""

    handle: str
    url: str
    started: datetime
    when: str
    line: str
    picture: str
    film: str
    no_picture: str
    length: str
    signs: tuple[str, ...]
    kind: str
    word: str
    why: str


def all_drawn(viewer: Viewer, rows: Sequence[Row]) -> list[Drawn]:
    """Return rows as they are drawn for this person, each with what becomes of it and when."""
    recordings = [row.recording for row in rows]
    coming = what_comes(recordings, now())
    plays = those_within_reach(viewer, Permission.PLAY, recordings)
    return [
        _drawn(row, coming_up(coming.get(row.recording.pk)), plays=row.recording.pk in plays)
        for row in rows
    ]


def _drawn(row: Row, coming: str, *, plays: bool) -> Drawn:
    recording, film = row.recording, row.film
    started = localtime(recording.started_at)
    kind, word, why = _standing(row, coming)
    return Drawn(
        handle=recording.handle,
        url=reverse("recording", args=[recording.handle]),
        started=started,
        when=_when(row, started),
        line=_line(row),
        picture=_picture("thumbnail", row, film.thumbnail) if plays else "",
        film=_sheet(row) if plays else "",
        no_picture=_why_no_picture(row, plays=plays),
        length=clock_length(recording.seconds) if recording.seconds else "",
        signs=_signs(row),
        kind=kind,
        word=word,
        why=why,
    )


def _when(row: Row, started: datetime) -> str:
    ended = row.recording.ended_at
    day = f"{started:%a} {started.day} {started:%b %Y}, {started:%H:%M}"
    until = f"–{localtime(ended):%H:%M}" if ended else ""
    until = "" if until == f"–{started:%H:%M}" else until
    return f"{day}{until} {started:%Z}"


def _line(row: Row) -> str:
    recording = row.recording
    who = str(recording.wearer or recording.announced or "Wearer not known")
    seconds = length(recording.seconds) if recording.seconds else ""
    place = str(recording.place) if recording.place else ""
    return " · ".join(filter(None, (seconds, who, str(recording.camera), place)))


def _signs(row: Row) -> tuple[str, ...]:
    recording = row.recording
    pre_event = recording.times.pre_event.total_seconds()
    worn = MOUNT_NAMES[Mount(recording.mount)] if recording.mount != Mount.UNKNOWN else ""
    signs = (
        f"worn: {worn}" if worn else "",
        f"pre-event {length(pre_event)}" if pre_event else "",
        counted(row.film.files, "file") if row.film.files > 1 else "",
        recording.fault,
    )
    return tuple(filter(None, signs))


def _standing(row: Row, coming: str) -> tuple[str, str, str]:
    """Return the kind of status, its word, and one sentence of why."""
    recording = row.recording
    if recording.state == State.DISPOSED:
        return "quiet", "Deleted", "its history stays"
    if recording.state == State.ARRIVING:
        came = counted(row.film.files, "file") if row.film.files else "no file"
        return "active", "Still arriving", f"{came} so far"
    if recording.category is None:
        return "needs", "No category", coming
    return "quiet", str(recording.category), coming


def _why_no_picture(row: Row, *, plays: bool) -> str:
    if row.recording.state == State.DISPOSED:
        return "Deleted"
    if not plays:
        return "Not shown to your role"
    if not row.film.files:
        return "No file yet"
    return "Being prepared" if row.film.waiting else "No picture"


def _picture(name: str, row: Row, number: int | None) -> str:
    return reverse(name, args=[row.recording.handle, number]) if number is not None else ""


def _sheet(row: Row) -> str:
    src = _picture("filmstrip", row, row.film.filmstrip)
    return json.dumps({"src": src, **row.film.sheet}) if src else ""
