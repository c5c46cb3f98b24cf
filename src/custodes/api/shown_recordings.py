"""Recordings, their files and what was cut from them, as this door shows them."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Annotated

from ninja import Schema
from pydantic import WithJsonSchema

from custodes.intake.rules import Kind
from custodes.media.playable import why_not_playable
from custodes.recordings.clips import Made
from custodes.recordings.dossier import Dossier
from custodes.recordings.dossier import File as DossierFile
from custodes.recordings.origins import Origin
from custodes.recordings.rules import State

if TYPE_CHECKING:
    from custodes.recordings.models import Recording


# Named apart: the document knows a shape by its name alone, and a case has a state, too.
RecordingState = Annotated[
    State, WithJsonSchema({"type": "string", "enum": [each.value for each in State]})
]


class RecordingShown(Schema):
    """A recording; ``started_at`` and ``ended_at`` are by the camera's clock.

    ``origin``: the police's own, or a copy of what was seized or handed in.
    """

    id: str
    started_at: datetime
    ended_at: datetime | None
    seconds: float
    state: RecordingState
    origin: Origin
    category: str
    wearer: str
    camera: str
    place: str
    fault: str

    @classmethod
    def of(cls, recording: Recording) -> RecordingShown:
        """Return a recording as it is shown."""
        return cls(
            id=recording.handle,
            started_at=recording.started_at,
            ended_at=recording.ended_at,
            seconds=recording.seconds,
            state=State(recording.state),
            origin=Origin(recording.origin),
            category=str(recording.category or ""),
            wearer=str(recording.wearer or recording.announced or ""),
            camera=str(recording.camera),
            place=str(recording.place or ""),
            fault=recording.fault,
        )


class Found(Schema):
    """A part of what was found, the newest first; ``count`` stops where ``more`` says so."""

    recordings: list[RecordingShown]
    count: int
    more: bool
    hint: str
    next: str


class FileShown(Schema):
    """One original: its bytes as they were received have this SHA-256."""

    number: int
    name: str
    kind: Kind
    size: int
    sha256: str
    seconds: float | None
    plays: bool

    @classmethod
    def of(cls, file: DossierFile) -> FileShown:
        """Return a file as it is shown."""
        original = file.original
        return cls(
            number=original.number,
            name=original.name,
            kind=Kind(original.kind),
            size=original.size,
            sha256=original.sha256,
            seconds=original.seconds,
            plays=file.playing is not None,
        )


class BookmarkShown(Schema):
    """A moment somebody, or the camera's button, marked."""

    at: datetime
    label: str
    by: str


class NoteShown(Schema):
    """What somebody wrote about a recording."""

    at: datetime
    by: str
    text: str


class RecordingInFull(RecordingShown):
    """A recording with its files, bookmarks and notes.

    ``clock_offset_ms`` is our clock less the camera's, None where it was not compared.
    """

    clock_offset_ms: int | None
    received_at: datetime
    files: list[FileShown]
    bookmarks: list[BookmarkShown]
    notes: list[NoteShown]

    @classmethod
    def whole(cls, dossier: Dossier) -> RecordingInFull:
        """Return a recording with all that belongs to it."""
        recording = dossier.recording
        return cls(
            **RecordingShown.of(recording).dict(),
            clock_offset_ms=recording.clock_offset_ms,
            received_at=recording.received_at,
            files=[FileShown.of(each) for each in dossier.files],
            bookmarks=[
                BookmarkShown(at=each.at, label=each.label, by=str(each.by_person or "camera"))
                for each in dossier.bookmarks
            ],
            notes=[
                NoteShown(at=each.at, by=str(each.by), text=each.text) for each in dossier.notes
            ],
        )


class ClipShown(Schema):
    """A clip or a still; ``not_playable`` says why some player may not show it."""

    id: str
    recording: str
    file: int
    kind: str
    begins: datetime
    ends: datetime
    size: int
    sha256: str
    media_type: str
    made_at: datetime
    by: str
    because: str
    not_playable: list[str]

    @classmethod
    def of(cls, made: Made) -> ClipShown:
        """Return a clip or still as it is shown."""
        copy = made.copy
        wrong = why_not_playable(copy.about.get("profile")) if made.is_clip else ()
        return cls(
            id=copy.handle,
            recording=copy.original.recording.handle,
            file=copy.original.number,
            kind=copy.purpose,
            begins=made.begins,
            ends=made.ends,
            size=copy.size,
            sha256=copy.sha256,
            media_type=copy.media_type,
            made_at=copy.made_at,
            by=made.by,
            because=made.because,
            not_playable=list(wrong),
        )


class Clips(Schema):
    """A part of what people cut from a recording, the newest first."""

    clips: list[ClipShown]
    next: str
