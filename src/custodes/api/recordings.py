"""Recordings: search, one, its history, and the clips and stills made of it."""

from __future__ import annotations

from enum import StrEnum
from typing import Annotated

from django.http import HttpRequest, HttpResponseBase
from ninja import Header, Router, Status
from pydantic import Field

from custodes.api.callers import Writer, viewer_of, viewer_with
from custodes.api.noting import (
    is_noted,
    make_sure_a_search_is_noted,
    make_sure_it_is_looked_at,
    remember,
)
from custodes.api.sending import ITS_BYTES, Sealed, past_the_end, pieces_of, send, wanted_of
from custodes.api.shown_cases import EntryShown, History
from custodes.api.shown_recordings import (
    Clips,
    ClipShown,
    Found,
    RecordingInFull,
    RecordingShown,
)
from custodes.api.words import (
    Cursor,
    Day,
    Handle,
    Limit,
    Seconds,
    Sent,
    Text,
    end_of,
    part_of,
    start_of,
)
from custodes.kernel.clock import now
from custodes.people.rules import Permission
from custodes.recordings.actions.clip import Stretch, make_clip, make_still
from custodes.recordings.clips import described, made_for, made_of
from custodes.recordings.dossier import dossier_for
from custodes.recordings.queries import original_for, recording_for
from custodes.recordings.reading import open_copy
from custodes.recordings.reports import report_for
from custodes.recordings.search import Page, Search, search
from custodes.retention.actions.watch import fetch_clip_and_keep, keeping_for

router = Router(tags=["Recordings"])
_ONE = "/recordings/{recording}"
_CLIP = f"{_ONE}/clips/{{clip}}"
_ENDINGS = {"clip": "mp4", "still": "png"}


class SearchFor(Sent):
    """What to look for, in the words of the page; empty means: whatever it is.

    ``q`` is a name, number, camera or place. ``from`` and ``to`` are days, both included.
    ``before`` is the ``next`` of the part before.
    """

    q: Annotated[Text, Field(max_length=100)] = ""
    wearer: Annotated[Text, Field(max_length=100)] = ""
    camera: Annotated[Text, Field(max_length=100)] = ""
    place: Annotated[Text, Field(max_length=100)] = ""
    category: Annotated[Text, Field(max_length=100)] = ""
    state: Annotated[Text, Field(max_length=100)] = ""
    first_day: Annotated[Day | None, Field(alias="from")] = None
    last_day: Annotated[Day | None, Field(alias="to")] = None
    before: Handle | None = None
    limit: Annotated[int, Field(ge=1, le=200)] = 40

    def wanted(self) -> Search:
        """Return it as the query takes it."""
        return Search(
            text=self.q,
            wearer=self.wearer,
            camera=self.camera,
            place=self.place,
            category=self.category,
            state=self.state,
            since=start_of(self.first_day) if self.first_day else None,
            until=end_of(self.last_day) if self.last_day else None,
            before=self.before or "",
        )

    def in_words(self) -> dict[str, str]:
        """Return what narrows it, as the record keeps it."""
        asked = self.dict(by_alias=True, exclude={"before", "limit"})
        return {name: str(value) for name, value in asked.items() if value}


class How(StrEnum):
    """How a clip is cut: at these very pictures, at whole ones without encoding, or all anew."""

    EXACT = "exact"
    WHOLE = "whole"
    PLAYABLE = "playable"


class ClipWanted(Sent):
    """A stretch of one file, in seconds from its begin, and why it matters."""

    file: Annotated[int, Field(ge=0, le=32767)]
    begin: Seconds
    end: Seconds
    because: Text
    how: How = How.EXACT


class StillWanted(Sent):
    """The picture so many seconds into one file, and why it matters."""

    file: Annotated[int, Field(ge=0, le=32767)]
    at: Seconds
    because: Text


@router.post("/recordings/search", response=Found)
def search_recordings(request: HttpRequest, body: SearchFor) -> Found:
    """Search recordings. It is asked in a body so that no name stands in an address."""
    viewer = viewer_with(request, Permission.SEARCH)
    page = search(viewer, body.wanted(), size=body.limit)
    make_sure_a_search_is_noted(request, body.in_words(), _how_many(page))
    return Found(
        recordings=[RecordingShown.of(row.recording) for row in page.rows],
        count=page.count,
        more=page.more,
        hint=page.hint,
        next=page.older,
    )


@router.get(_ONE, response=RecordingInFull)
def show_recording(request: HttpRequest, recording: Handle) -> RecordingInFull:
    """Show one recording with its files, bookmarks and notes."""
    dossier = dossier_for(viewer_of(request), recording)
    make_sure_it_is_looked_at(request, dossier.recording)
    return RecordingInFull.whole(dossier)


@router.get(f"{_ONE}/history", response=History)
def read_history_of_recording(
    request: HttpRequest, recording: Handle, cursor: Cursor = "", limit: Limit = 50
) -> History:
    """Read the custody history of a recording, entry by entry."""
    viewer = viewer_of(request)
    found = recording_for(viewer, recording)
    make_sure_it_is_looked_at(request, found)
    rows = report_for(viewer, found).lines
    part, more = part_of(rows, lambda each: str(each.index), cursor, limit)
    return History(entries=[EntryShown.of(each) for each in part], next=more)


@router.get(f"{_ONE}/clips", response=Clips)
def list_clips(
    request: HttpRequest, recording: Handle, cursor: Cursor = "", limit: Limit = 50
) -> Clips:
    """List the clips and stills of a recording; none for who may not make any."""
    viewer = viewer_of(request)
    found = recording_for(viewer, recording)
    make_sure_it_is_looked_at(request, found)
    rows = made_of(viewer, found)
    part, more = part_of(rows, lambda each: each.copy.handle, cursor, limit)
    return Clips(clips=[ClipShown.of(each) for each in part], next=more)


@router.post(f"{_ONE}/clips", response={201: ClipShown}, auth=Writer())
def cut_clip(request: HttpRequest, recording: Handle, body: ClipWanted) -> Status[ClipShown]:
    """Cut a clip of one file of a recording and keep it with the recording.

    A reason that speaks of a complaint or of conduct holds the recording from then on.
    """
    viewer = viewer_of(request)
    original = original_for(viewer, recording, body.file)
    wanted = Stretch(
        body.begin, body.end, exact=body.how is not How.WHOLE, anew=body.how is How.PLAYABLE
    )
    keeping = keeping_for(viewer, [original.recording], body.because, at=now())
    made = make_clip(viewer, original, wanted, body.because, at=now(), beside=keeping)
    return Status(201, ClipShown.of(described(made)))


@router.post(f"{_ONE}/stills", response={201: ClipShown}, auth=Writer())
def take_still(request: HttpRequest, recording: Handle, body: StillWanted) -> Status[ClipShown]:
    """Take one picture of a recording and keep it with the recording.

    A reason that speaks of a complaint or of conduct holds the recording from then on.
    """
    viewer = viewer_of(request)
    original = original_for(viewer, recording, body.file)
    keeping = keeping_for(viewer, [original.recording], body.because, at=now())
    made = make_still(viewer, original, body.at, body.because, at=now(), beside=keeping)
    return Status(201, ClipShown.of(described(made)))


@router.get(_CLIP, response=ClipShown)
def show_clip(request: HttpRequest, recording: Handle, clip: Handle) -> ClipShown:
    """Show one clip or still."""
    copy = made_for(viewer_of(request), recording, clip)
    make_sure_it_is_looked_at(request, copy.original.recording)
    return ClipShown.of(described(copy))


@router.get(f"{_CLIP}/file", response=None, openapi_extra=ITS_BYTES)
def fetch_file(
    request: HttpRequest,
    recording: Handle,
    clip: Handle,
    custodes_because: Annotated[
        str, Header(description="Why it is taken away, in UTF-8; kept in the record.")
    ] = "",
) -> HttpResponseBase:
    """Take the file of a clip or still away, whole or by range, for a reason.

    It is an entry each time the whole file is asked for, and once an hour for its parts. A
    reason that speaks of a complaint or of conduct holds the recording from then on.
    """
    viewer = viewer_of(request)
    copy = made_for(viewer, recording, clip)
    name = f"{copy.purpose}-{copy.handle}.{_ENDINGS[copy.purpose]}"
    sealed = Sealed(copy.handle, copy.size, copy.sha256, name)
    stretch = wanted_of(request, sealed)
    because = _in_utf_8(custodes_because)
    if stretch is None:
        return past_the_end(sealed)
    if not stretch.partial or not is_noted(request, "fetch", f"{copy.handle} {because}"):
        fetch_clip_and_keep(viewer, copy, because, at=now())
        remember(request, "fetch", f"{copy.handle} {because}")
    return send(pieces_of(open_copy(copy), stretch), sealed, stretch)


def _how_many(page: Page) -> str:
    return f"more than {page.count:,}" if page.more else f"{page.count:,}"


def _in_utf_8(header: str) -> str:
    """Return what a header says: WSGI hands on its bytes as Latin-1 (PEP 3333)."""
    try:
        said = header.encode("latin-1").decode()
    except UnicodeError:
        said = header
    return said.replace("\x00", "")
