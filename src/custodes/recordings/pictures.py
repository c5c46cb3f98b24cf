"""The small pictures of many recordings, found in two queries however many there are."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q

from custodes.intake.rules import Kind
from custodes.recordings.models import Copy, Original, Recording
from custodes.recordings.rules import Purpose

_SHEET = ("columns", "rows", "tile_width", "tile_height")


@dataclass(frozen=True, slots=True)
class Film:
    """What there is to show of a recording in a list: files by their number.

    ``files`` counts all originals, ``waiting`` the videos nobody has looked at yet.
    """

    files: int = 0
    waiting: int = 0
    thumbnail: int | None = None
    filmstrip: int | None = None
    sheet: dict[str, Any] = field(default_factory=dict)


def films_of(recordings: Iterable[Recording]) -> dict[int, Film]:
    """Return the pictures of these recordings, by their key."""
    keys = [recording.pk for recording in recordings]
    files: dict[int, list[bool]] = {key: [] for key in keys}
    # Only whether it was looked at: what was found can be long.
    looked = (
        Original.objects.filter(recording_id__in=keys)
        .annotate(waiting=Q(described__isnull=True))
        .values_list("recording_id", "kind", "waiting")
    )
    for key, kind, waiting in looked:
        files[key].append(kind == Kind.VIDEO and waiting)
    pictures: dict[int, dict[str, Any]] = {key: {} for key in keys}
    for key, number, purpose, about in _copies(keys):
        _take(pictures[key], number, purpose, about)
    return {key: Film(len(files[key]), sum(files[key]), **pictures[key]) for key in keys}


def sheet_of(about: dict[str, Any]) -> dict[str, Any]:
    """Return the numbers of a filmstrip as a page wants them; empty when one is missing."""
    count = about.get("count", about.get("tiles", 0))
    sheet = {name: about.get(name) for name in _SHEET}
    if not count or not all(isinstance(number, int) and number > 0 for number in sheet.values()):
        return {}
    return {**sheet, "count": count, "interval": about.get("interval", 0)}


def _copies(keys: list[int]) -> Iterable[tuple[int, int, str, dict[str, Any]]]:
    wanted = Q(purpose=Purpose.THUMBNAIL) | Q(purpose=Purpose.FILMSTRIP)
    return (
        Copy.objects.filter(wanted, original__recording_id__in=keys)
        .order_by("original__number")
        .values_list("original__recording_id", "original__number", "purpose", "about")
    )


def _take(picture: dict[str, Any], number: int, purpose: str, about: dict[str, Any]) -> None:
    """Keep the first of each: the pictures of a recording are those of its first file."""
    if purpose == Purpose.THUMBNAIL:
        picture.setdefault("thumbnail", number)
    elif "filmstrip" not in picture and (sheet := sheet_of(about)):
        picture["filmstrip"], picture["sheet"] = number, sheet
