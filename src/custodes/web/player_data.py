"""What the player is told, in the words of frontend/src/player/contract.ts.

Every time is in seconds from the beginning of the recording.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import reverse

from custodes.kernel.clock import rfc3339
from custodes.kernel.errors import Refused
from custodes.recordings.dossier import Dossier, File
from custodes.recordings.pictures import sheet_of
from custodes.recordings.reading import read_numbers
from custodes.recordings.rules import Purpose

if TYPE_CHECKING:
    from custodes.recordings.models import Bookmark

_USUAL_RATE = 25.0
# A file that says it starts this much before the last one ended follows it all the same.
_OVERLAP = 1.0


@dataclass(frozen=True, slots=True)
class Placed:
    """A file of the film and where on the recording's timeline it lies."""

    file: File
    start: float
    seconds: float


def player_data(request: HttpRequest, dossier: Dossier) -> dict[str, Any]:
    """Return what the player needs to show a recording that may be watched."""
    recording = dossier.recording
    placed = list(on_the_timeline(dossier))
    parts = [_part(recording.handle, one) for one in placed if one.file.playing]
    numbers = range(len(parts))
    playing = [one for one in placed if one.file.playing]
    offset = recording.clock_offset_ms
    return {
        "id": recording.handle,
        "title": title_of(dossier),
        "parts": parts,
        "duration": max([recording.seconds, *(one.start + one.seconds for one in placed)]),
        "frame_rate": next((o.file.found.frame_rate for o in playing if o.file.found.frame_rate),
                           _USUAL_RATE),
        "started_at": rfc3339(recording.started_at),
        "received_at": rfc3339(recording.received_at),
        # The model keeps ours minus the camera's; the player shows how far the camera was ahead.
        "clock_offset_seconds": None if offset is None else -offset / 1000,
        "time_zone": _zone(recording.time_zone),
        "pre_event_seconds": recording.times.pre_event.total_seconds(),
        "filmstrips": [f for n in numbers for f in _filmstrip(recording.handle, playing[n], n)],
        "waveforms": [w for n in numbers for w in _waveform(playing[n], n)],
        "bookmarks": [bookmark_data(dossier, one) for one in dossier.bookmarks],
        "track": _track(dossier),
        "urls": {
            "bookmark": reverse("bookmark", args=[recording.handle]) if dossier.may.change else None
        },
        "csrf": get_token(request),
        "sound": any(one.file.found.has_sound for one in playing),
    }  # fmt: skip


def title_of(dossier: Dossier) -> str:
    """Return what a recording is called where there is one line for it."""
    recording = dossier.recording
    who = str(recording.wearer or recording.announced or "A wearer not known")
    return f"{who}, {recording.camera}"


def bookmark_data(dossier: Dossier, bookmark: Bookmark) -> dict[str, Any]:
    """Return a bookmark as the player wants it."""
    seconds = (bookmark.at - dossier.recording.started_at) / timedelta(seconds=1)
    by = str(bookmark.by_person) if bookmark.by_person else "the camera"
    return {"at": seconds, "label": bookmark.label, "by": by}


def on_the_timeline(dossier: Dossier) -> Iterator[Placed]:
    """Yield the files of the film, each where it says it started or else after the last."""
    end = 0.0
    for file in dossier.films:
        said = file.original.started_at
        start = (said - dossier.recording.started_at) / timedelta(seconds=1) if said else 0.0
        start = start if start > end - _OVERLAP else end
        seconds = file.original.seconds or file.found.seconds or 0.0
        yield Placed(file, start, seconds)
        end = start + seconds


def _zone(said: str) -> str:
    """Return the zone the camera named, or ours when it named none that exists."""
    try:
        return ZoneInfo(said).key if said else str(settings.TIME_ZONE)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return str(settings.TIME_ZONE)


def _part(handle: str, placed: Placed) -> dict[str, Any]:
    original, playing = placed.file.original, placed.file.playing
    assert playing is not None, "only what plays becomes a part"
    return {
        "src": reverse("media", args=[handle, original.number]),
        "type": playing.media_type,
        "start": placed.start,
        "duration": placed.seconds,
        "label": original.name,
    }


def _filmstrip(handle: str, placed: Placed, part: int) -> Iterator[dict[str, Any]]:
    copy = placed.file.copies.get(Purpose.FILMSTRIP)
    sheet = sheet_of(copy.about) if copy else {}
    if sheet:
        src = reverse("filmstrip", args=[handle, placed.file.original.number])
        yield {"part": part, "src": src, **sheet}


def _waveform(placed: Placed, part: int) -> Iterator[dict[str, Any]]:
    copy = placed.file.copies.get(Purpose.WAVEFORM)
    found = _numbers(copy) if copy else {}
    if found.get("peaks"):
        yield {
            "part": part,
            "peaks_per_second": found.get("peaks_per_second", 0),
            "peaks": found["peaks"],
        }


def _track(dossier: Dossier) -> dict[str, Any] | None:
    for file in dossier.files:
        copy = file.copies.get(Purpose.TRACK)
        if copy and (points := _numbers(copy).get("points")):
            return {"points": points}
    return None


def _numbers(copy: Any) -> dict[str, Any]:  # noqa: ANN401 - a Copy, which a door does not import
    """Return a waveform or track; one that cannot be read leaves the film playable."""
    try:
        return read_numbers(copy)
    except Refused:
        return {}
