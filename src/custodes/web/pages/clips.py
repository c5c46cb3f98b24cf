"""Clips and stills of a recording: made from its page, and handed out."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_POST

from custodes.kernel.clock import now
from custodes.recordings.actions.clip import Stretch, make_clip, make_still
from custodes.recordings.actions.prove_clips import hand_out_clips
from custodes.recordings.actions.take_record import Handed
from custodes.recordings.clips import made_for
from custodes.recordings.dossier import dossier_for
from custodes.recordings.errors import Unusable
from custodes.recordings.moments import seconds_since
from custodes.recordings.reading import open_copy
from custodes.retention.actions.watch import fetch_clip_and_keep, keeping_for
from custodes.web.player_data import Placed, on_the_timeline
from custodes.web.sending import Sealed, send_away, send_parcel
from custodes.web.viewer import viewer_of
from custodes.web.viewings import say_what_is_held
from custodes.web.words import clock_length

_ENDINGS = {"clip": "mp4", "still": "png"}
# What a container rounds off the length of a film.
_SLACK = 0.1


@require_POST
def make(request: HttpRequest, handle: str) -> HttpResponse:
    """Cut a clip from one moment of the recording to another, or take the picture of the first."""
    viewer = viewer_of(request)
    dossier = dossier_for(viewer, handle)
    began = dossier.recording.started_at
    start = seconds_since(began, request.POST.get("from", ""))
    placed = _film_at(list(on_the_timeline(dossier)), start)
    because, original = request.POST.get("because", ""), placed.file.original
    keeping = keeping_for(viewer, [dossier.recording], because, at=now())
    if request.POST.get("what") == "still":
        make_still(viewer, original, start - placed.start, because, at=now(), beside=keeping)
        messages.success(request, "The picture was taken. It is in the list of clips.")
        say_what_is_held(request, keeping.kind)
        return redirect(f"{reverse('recording', args=[handle])}#clips")
    end = seconds_since(began, request.POST.get("to", ""))
    if end > placed.start + placed.seconds + _SLACK:
        ends = clock_length(int(placed.start + placed.seconds))  # not a moment after it
        raise Unusable(
            f"A clip is of one film, and {original.name} ends before that, at {ends}.",
            f"Nothing was made. End the clip at {ends}; what another film shows is another clip.",
        )
    how = request.POST.get("how")
    wanted = Stretch(
        start - placed.start, end - placed.start, exact=how != "whole", anew=how == "playable"
    )
    copy = make_clip(viewer, original, wanted, because, at=now(), beside=keeping)
    own = copy.about["packets"] - copy.about["new"]
    messages.success(
        request,
        f"The clip was made: {own:,} of its {copy.about['packets']:,} packets of pictures and"
        " sound are the original\u2019s own.",
    )
    say_what_is_held(request, keeping.kind)
    return redirect(f"{reverse('recording', args=[handle])}#clips")


@require_POST
def download(request: HttpRequest, handle: str, made: str) -> HttpResponseBase:
    """Hand out a clip or a still, with the reason on the record."""
    viewer = viewer_of(request)
    copy = made_for(viewer, handle, made)
    kept = fetch_clip_and_keep(viewer, copy, request.POST.get("because", ""), at=now())
    say_what_is_held(request, kept)
    name = f"{copy.purpose}-{copy.handle}.{_ENDINGS[copy.purpose]}"
    return send_away(request, Sealed(open_copy(copy), copy.handle, copy.media_type, name))


@require_POST
def packaged(request: HttpRequest, handle: str, made: str) -> HttpResponseBase:
    """Hand out a clip or a still as a package that proves itself, without the original."""
    viewer = viewer_of(request)
    copy = made_for(viewer, handle, made)
    to = Handed(request.POST.get("recipient", ""), request.POST.get("because", ""))
    recording = copy.original.recording
    keeping = keeping_for(viewer, [recording], to.because, to.recipient, at=now())
    package = hand_out_clips(viewer, recording, [copy], to, at=now(), beside=keeping)
    say_what_is_held(request, keeping.kind)
    return send_parcel(package, f"{copy.purpose}-{copy.handle}.zip")


def _film_at(placed: list[Placed], at: float) -> Placed:
    """Return the file that was filmed at this moment of the recording."""
    for each in placed:
        if each.start - _SLACK <= at < each.start + each.seconds:
            return each
    raise Unusable("Nothing was filmed at this moment.", "Nothing was made. Choose another moment.")
