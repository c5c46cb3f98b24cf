"""Everything one recording's page is made of, read in a handful of queries."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from custodes.intake.rules import Kind
from custodes.people.rules import Permission, Viewer
from custodes.recordings.described import Described, read
from custodes.recordings.models import Bookmark, Copy, Note, Original, Recording
from custodes.recordings.playing import Playing, played
from custodes.recordings.queries import recording_for, within_reach


@dataclass(frozen=True, slots=True)
class File:
    """One original with what was found in it and the copies made of it."""

    original: Original
    found: Described
    copies: dict[str, Copy]
    playing: Playing | None

    @property
    def is_video(self) -> bool:
        """Say whether it is one of the files the film is in."""
        return self.original.kind == Kind.VIDEO

    @property
    def is_being_prepared(self) -> bool:
        """Say whether nothing of it plays yet, but something will."""
        return self.playing is None and (not self.found.looked or self.found.copy_due)


@dataclass(frozen=True, slots=True)
class May:
    """What the viewer may do with this one recording."""

    play: bool
    clip: bool
    change: bool
    check: bool
    take: bool
    see_custody: bool


@dataclass(frozen=True, slots=True)
class Dossier:
    """A recording, its files in order, its notes and bookmarks, and what the viewer may do."""

    recording: Recording
    files: tuple[File, ...]
    notes: tuple[Note, ...]
    bookmarks: tuple[Bookmark, ...]
    may: May

    @property
    def films(self) -> tuple[File, ...]:
        """Return the files the film is in."""
        return tuple(file for file in self.files if file.is_video)

    @property
    def size(self) -> int:
        """Return how many bytes the originals have together."""
        return sum(file.original.size for file in self.files)


def dossier_for(viewer: Viewer, handle: str) -> Dossier:
    """Return everything about a recording, if this person may know that it exists."""
    recording = recording_for(viewer, handle)
    originals = recording.originals.prefetch_related("copies").order_by("number")
    return Dossier(
        recording=recording,
        files=tuple(_file(original) for original in originals),
        notes=tuple(recording.notes.select_related("by")),
        bookmarks=tuple(recording.bookmarks.select_related("by_person")),
        may=_may(viewer, recording),
    )


def _file(original: Original) -> File:
    copies: Iterable[Copy] = original.copies.all()
    for copy in copies:
        copy.original = original
    by_purpose = {copy.purpose: copy for copy in copies}
    return File(original, read(original.described), by_purpose, played(original))


def _may(viewer: Viewer, recording: Recording) -> May:
    return May(
        play=within_reach(viewer, Permission.PLAY, recording),
        clip=within_reach(viewer, Permission.MAKE_CLIPS, recording),
        change=within_reach(viewer, Permission.CATEGORISE, recording),
        check=within_reach(viewer, Permission.CHECK, recording),
        take=within_reach(viewer, Permission.FETCH_ORIGINAL, recording),
        see_custody=within_reach(viewer, Permission.SEE_CUSTODY, recording),
    )
