"""Who may watch what in this session: asked why once an hour, and always on the record.

The session only remembers that the entry was written. Whether the person may
play the recording at all is asked again every time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest

from custodes.cases.actions.open import look_at_case
from custodes.kernel.clock import now
from custodes.kernel.digest import b64u, sha256
from custodes.people.rules import Permission, Viewer
from custodes.recordings.actions.find import note_search
from custodes.recordings.actions.watch import open_page
from custodes.recordings.errors import NeedsAReason, NotYours
from custodes.recordings.queries import within_reach
from custodes.retention.actions.watch import watch_and_keep
from custodes.retention.rules.holds import HoldKind

if TYPE_CHECKING:
    from custodes.cases.models import Case
    from custodes.recordings.models import Recording

HOUR = 3600
# Going on watching renews the hour; writing the session at every range would be too much.
_RENEWED_AFTER = 300
_WATCHING, _LOOKED, _SEARCHED = "watching", "looked_at", "searched"
_READING, _CASE, _TOLD = "reading", "case", "told_what_a_camera_shows"
_NOT_NARROWING = frozenset({"before", "after", "view"})


def watch(
    request: HttpRequest,
    viewer: Viewer,
    recording: Recording,
    because: str,
    hold: HoldKind | None = None,
) -> HoldKind | None:
    """Record that somebody plays a recording, and let this session go on for an hour.

    ``hold`` says that watching it for this reason also keeps it; the words may say so too.
    Returns what it is kept for from now on, None for nothing.
    """
    needed = settings.CUSTODES.purpose_required and recording.wearer_id != viewer.person
    kept = watch_and_keep(viewer, recording, because, hold, reason_needed=needed, at=now())
    _remember(request, _WATCHING, recording.handle)
    return kept


def say_what_is_held(request: HttpRequest, kind: HoldKind | None, number: int = 1) -> None:
    """Say that what was just done placed a hold; after a download the next page says it."""
    if kind is not None:
        these = "this recording" if number == 1 else f"these {number} recordings"
        said = f"A hold was placed: nothing deletes {these} until it is released."
        messages.success(request, said)


def is_watching(request: HttpRequest, recording: Recording) -> bool:
    """Say whether this session has said, within the hour, why it watches."""
    return _since(request, _WATCHING, recording.handle) is not None


def was_told(request: HttpRequest) -> bool:
    """Say whether this session has been told what a camera does not show; from now on it has."""
    told = bool(request.session.get(_TOLD))
    request.session[_TOLD] = True
    return told


def needs_no_reason(viewer: Viewer, recording: Recording) -> bool:
    """Say whether this person may watch this recording without being asked why."""
    return recording.wearer_id == viewer.person or not settings.CUSTODES.purpose_required


def make_sure_it_is_watched(request: HttpRequest, viewer: Viewer, recording: Recording) -> None:
    """Let footage go out only when there is an entry that says who watches, and why."""
    make_sure_it_plays(viewer, recording)
    since = _since(request, _WATCHING, recording.handle)
    if since is None:
        if not needs_no_reason(viewer, recording):
            raise NeedsAReason("Nobody has said why this recording is watched.")
        watch(request, viewer, recording, "")
    elif since > _RENEWED_AFTER:
        _remember(request, _WATCHING, recording.handle)


def make_sure_it_is_looked_at(request: HttpRequest, viewer: Viewer, recording: Recording) -> None:
    """Record once an hour that somebody looked at a recording without playing it."""
    if is_watching(request, recording):
        return
    if _since(request, _LOOKED, recording.handle) is None:
        open_page(viewer, recording, at=now())
        _remember(request, _LOOKED, recording.handle)


def make_sure_a_case_is_looked_at(request: HttpRequest, viewer: Viewer, case: Case) -> None:
    """Record once an hour that somebody looked at a case."""
    if _since(request, _CASE, case.handle) is None:
        look_at_case(viewer, case, at=now())
        _remember(request, _CASE, case.handle)


def make_sure_a_search_is_noted(
    request: HttpRequest, viewer: Viewer, asked: dict[str, str], found: str
) -> None:
    """Record once an hour that somebody looked through this list; its pages count as one."""
    narrowed = {k: v for k, v in asked.items() if k not in _NOT_NARROWING}
    name = b64u(sha256(repr(sorted(narrowed.items())).encode()))[:16]
    if _since(request, _SEARCHED, name) is None:
        note_search(viewer, narrowed, found, at=now())
        _remember(request, _SEARCHED, name)


def remember_reading(request: HttpRequest, reading: str) -> None:
    """Let this session read one person's log for an hour, now that it is on the record."""
    _remember(request, _READING, reading)


def is_reading(request: HttpRequest, reading: str) -> bool:
    """Say whether this session has said, within the hour, why it reads this log."""
    return _since(request, _READING, reading) is not None


def make_sure_it_plays(viewer: Viewer, recording: Recording) -> None:
    """Raise NotYours when no role of this person plays this recording."""
    if not within_reach(viewer, Permission.PLAY, recording):
        raise NotYours("You may know of this recording, but not see its pictures.")


def _since(request: HttpRequest, kind: str, handle: str) -> float | None:
    """Return how many seconds ago this session was noted, if within the hour."""
    at = request.session.get(kind, {}).get(handle)
    seconds = now().timestamp() - at if at is not None else HOUR
    return seconds if 0 <= seconds < HOUR else None


def _remember(request: HttpRequest, kind: str, handle: str) -> None:
    at = now().timestamp()
    kept = request.session.get(kind, {})
    fresh = {name: since for name, since in kept.items() if at - since < HOUR}
    request.session[kind] = {**fresh, handle: at}
