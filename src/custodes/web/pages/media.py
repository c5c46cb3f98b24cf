"""The bytes a recording's page is made of: film, pictures, sound as numbers, the path."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.views.decorators.http import require_POST, require_safe

from custodes.kernel.clock import now
from custodes.recordings.described import UNNAMED
from custodes.recordings.playing import NothingPlays, Playing, played
from custodes.recordings.queries import copy_for, original_for
from custodes.recordings.reading import open_copy, open_original
from custodes.recordings.rules import Purpose
from custodes.retention.actions.watch import fetch_and_keep
from custodes.web.admitted import admit
from custodes.web.sending import Sealed, send, send_away
from custodes.web.viewer import viewer_of
from custodes.web.viewings import (
    make_sure_it_is_looked_at,
    make_sure_it_is_watched,
    make_sure_it_plays,
    say_what_is_held,
)

if TYPE_CHECKING:
    from custodes.recordings.models import Original

# Pictures stay in the browser, or a list would fetch them at every turn, but it asks each
# time whether it may still show them: a lock is seen at once. Signing out makes it forget.
_IF_ALLOWED = "private, no-cache"


@require_safe
def media(request: HttpRequest, handle: str, number: int) -> HttpResponseBase:
    """Send film to a player, by range, once it is on the record who watches and why."""
    viewer = viewer_of(request)
    original = original_for(viewer, handle, number)
    make_sure_it_is_watched(request, viewer, original.recording)
    playing = played(original)
    if playing is None:
        raise NothingPlays(f"No browser plays {original.name}, and there is no viewing copy yet.")
    answer = send(request, _film(original, playing))
    admit(request, partial(_film, original, playing))
    return answer


def _film(original: Original, playing: Playing) -> Sealed:
    reader = open_copy(playing.copy) if playing.copy else open_original(original)
    name = f"{original.recording.handle}-{original.number}"
    return Sealed(reader, playing.handle, playing.media_type, name)


@require_safe
def thumbnail(request: HttpRequest, handle: str, number: int) -> HttpResponseBase:
    """Send the one small picture that stands for a recording in lists."""
    viewer = viewer_of(request)
    copy = copy_for(viewer, handle, number, Purpose.THUMBNAIL)
    make_sure_it_plays(viewer, copy.original.recording)
    name = f"{handle}-{number}.jpg"
    return send(request, Sealed(open_copy(copy), copy.handle, "image/jpeg", name, _IF_ALLOWED))


@require_safe
def filmstrip(request: HttpRequest, handle: str, number: int) -> HttpResponseBase:
    """Send the pictures along a recording. That somebody looked at them is recorded."""
    viewer = viewer_of(request)
    copy = copy_for(viewer, handle, number, Purpose.FILMSTRIP)
    make_sure_it_plays(viewer, copy.original.recording)
    make_sure_it_is_looked_at(request, viewer, copy.original.recording)
    name = f"{handle}-{number}-filmstrip.jpg"
    return send(request, Sealed(open_copy(copy), copy.handle, "image/jpeg", name, _IF_ALLOWED))


@require_safe
def numbers(request: HttpRequest, handle: str, number: int, purpose: str) -> HttpResponseBase:
    """Send a waveform or a track as JSON."""
    viewer = viewer_of(request)
    copy = copy_for(viewer, handle, number, purpose)
    make_sure_it_plays(viewer, copy.original.recording)
    make_sure_it_is_looked_at(request, viewer, copy.original.recording)
    name = f"{handle}-{number}-{purpose}.json"
    return send(request, Sealed(open_copy(copy), copy.handle, "application/json", name))


@require_POST
def download(request: HttpRequest, handle: str, number: int) -> HttpResponse | HttpResponseBase:
    """Hand out an original, exactly as it was received, with the reason on the record."""
    viewer = viewer_of(request)
    original = original_for(viewer, handle, number)
    because = request.POST.get("because", "")
    kept = fetch_and_keep(viewer, original, "original", because, at=now())
    say_what_is_held(request, kept)
    reader = open_original(original)
    return send_away(request, Sealed(reader, original.handle, UNNAMED, original.name))
