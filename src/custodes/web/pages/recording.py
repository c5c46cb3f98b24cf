"""One recording: what it is, the film, what is written about it, and its history."""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from custodes.cases.queries import cases_with, exhibits_made_of
from custodes.kernel.clock import now
from custodes.people.rules import Permission
from custodes.recordings.actions.annotate import add_note, classify, mark_moment
from custodes.recordings.actions.check import check_recording
from custodes.recordings.clips import can_be_cut, made_of, must_be_made_anew
from custodes.recordings.dossier import Dossier, dossier_for
from custodes.recordings.errors import NotYours, Unusable
from custodes.recordings.queries import categories_on_offer, recording_for, within_reach
from custodes.recordings.reports import report_for
from custodes.recordings.rules import State
from custodes.retention.actions.place import name_place_and_tell
from custodes.retention.actions.recategorise import agree_to_category
from custodes.retention.category_changes import changes_of, number_that_wait
from custodes.retention.keeping import keeping_of, tombstone_of
from custodes.retention.rules.holds import GRACE
from custodes.web.entries import entries_of, proofs_of
from custodes.web.facts import (
    clips_shown,
    facts_of,
    files_of,
    problem_of,
    sources_of,
    what_to_know,
)
from custodes.web.forms import PurposeForm
from custodes.web.keeping import stages, what_is_left, why_kept
from custodes.web.player_data import bookmark_data, player_data, title_of
from custodes.web.viewer import viewer_of
from custodes.web.viewings import (
    is_watching,
    make_sure_it_is_looked_at,
    needs_no_reason,
    say_what_is_held,
    was_told,
    watch,
)
from custodes.web.words import ahead, clock_length, size

_PROOFS = "proofs"
_CLOCK = re.compile(r"(?:(\d{1,3}):)?(\d{1,3}):(\d{1,2}(?:\.\d{1,3})?)\Z", re.ASCII)
# A disk and one core read and check about this much a second.
_CHECKED_A_SECOND = 250_000_000


@require_safe
def recording(request: HttpRequest, handle: str) -> HttpResponse:
    """Show a recording; the player only to somebody who may watch and has said why."""
    viewer = viewer_of(request)
    dossier = dossier_for(viewer, handle)
    if dossier.recording.state == State.DISPOSED:
        return _what_is_left(request, dossier)
    plays = dossier.may.play and any(file.playing for file in dossier.films)
    if plays and not is_watching(request, dossier.recording):
        if needs_no_reason(viewer, dossier.recording):
            watch(request, viewer, dossier.recording, "")
        else:
            plays = False
    if not plays:
        make_sure_it_is_looked_at(request, viewer, dossier.recording)
    return _page(request, dossier, plays=plays)


@require_POST
def say_why(request: HttpRequest, handle: str) -> HttpResponse:
    """Take down why somebody watches, and let them."""
    viewer = viewer_of(request)
    dossier = dossier_for(viewer, handle)
    form = PurposeForm(request.POST)
    if not form.is_valid():
        return _page(request, dossier, plays=False, form=form, status=400)
    kept = watch(request, viewer, dossier.recording, form.because(), form.hold())
    say_what_is_held(request, kept)
    return redirect("recording", handle)


@require_POST
def category(request: HttpRequest, handle: str) -> HttpResponse:
    """Put the recording in a category."""
    viewer = viewer_of(request)
    recording = recording_for(viewer, handle)
    recording = classify(viewer, recording, request.POST.get("category", ""), at=now())
    said = f"The category is now: {recording.category}."
    if number_that_wait([recording], now()):
        said += " It is kept as before until a second person agrees to the change."
    messages.success(request, said)
    return redirect("recording", handle)


@require_POST
def category_agreed(request: HttpRequest, handle: str) -> HttpResponse:
    """Agree to a change of category that somebody else made."""
    viewer = viewer_of(request)
    recording, given = recording_for(viewer, handle), request.POST
    to, because = given.get("category", ""), given.get("because", "")
    recording = agree_to_category(viewer, recording, to, because, at=now())
    messages.success(
        request,
        f"Two people say now that the category is: {recording.category}. It stays at least "
        f"{GRACE.days} days.",
    )
    return redirect("recording", handle)


@require_POST
def place(request: HttpRequest, handle: str) -> HttpResponse:
    """Say where the recording was filmed."""
    viewer = viewer_of(request)
    recording = recording_for(viewer, handle)
    recording = name_place_and_tell(viewer, recording, request.POST.get("place", ""), at=now())
    messages.success(request, f"The place is now: {recording.place}.")
    return redirect("recording", handle)


@require_POST
def note(request: HttpRequest, handle: str) -> HttpResponse:
    """Write a note about the recording."""
    viewer = viewer_of(request)
    add_note(viewer, recording_for(viewer, handle), request.POST.get("text", ""), at=now())
    messages.success(request, "The note was added.")
    return redirect("recording", handle)


@require_POST
def bookmark(request: HttpRequest, handle: str) -> HttpResponse:
    """Mark a moment: for the player as JSON, for a plain form with the page again."""
    viewer = viewer_of(request)
    dossier = dossier_for(viewer, handle)
    moment = _moment_of(dossier, request.POST.get("at", ""))
    label = request.POST.get("label", "")
    kept = mark_moment(viewer, dossier.recording, moment, label, at=now())
    if "text/html" in request.headers.get("Accept", ""):
        messages.success(request, "The moment was bookmarked.")
        return redirect("recording", handle)
    return JsonResponse({**bookmark_data(dossier, kept), "by": viewer.name}, status=201)


@require_POST
def check(request: HttpRequest, handle: str) -> HttpResponse:
    """Read the sealed files again, and show sentence by sentence what that proved."""
    viewer = viewer_of(request)
    recording = recording_for(viewer, handle)
    if not within_reach(viewer, Permission.CHECK, recording):
        raise NotYours("You may see this recording, but not have it checked.")
    at = now()
    proofs = check_recording(recording, by=viewer.actor, at=at)
    said = [{"holds": proof.holds, "sentence": proof.sentence} for proof in proofs]
    request.session[_PROOFS] = {"of": handle, "at": at.timestamp(), "said": said}
    return redirect("recording", handle)


@require_safe
def history(request: HttpRequest, handle: str) -> HttpResponse:
    """Show the whole custody history, to print or to read."""
    viewer = viewer_of(request)
    recording = recording_for(viewer, handle)
    make_sure_it_is_looked_at(request, viewer, recording)
    context = {
        "recording": recording,
        "entries": entries_of(report_for(viewer, recording), proofs_of(recording.handle)),
        "may_open": within_reach(viewer, Permission.OPEN_DETAILS, recording),
    }
    return render(request, "custodes/history.html", context)


def _what_is_left(request: HttpRequest, dossier: Dossier) -> HttpResponse:
    """Show what is left of a recording that was deleted; its history stays."""
    viewer, recording = viewer_of(request), dossier.recording
    make_sure_it_is_looked_at(request, viewer, recording)
    stone = tombstone_of(viewer, recording)
    context: dict[str, Any] = {
        "recording": recording,
        "dossier": dossier,
        "stone": stone,
        "stages": stages(stone.stage) if stone else [],
        "left": what_is_left(stone),
        "may_open": within_reach(viewer, Permission.OPEN_DETAILS, recording),
    }
    if dossier.may.see_custody:
        context["entries"] = entries_of(report_for(viewer, recording), proofs_of(recording.handle))
    return render(request, "custodes/deleted.html", context)


def _page(
    request: HttpRequest,
    dossier: Dossier,
    *,
    plays: bool,
    form: PurposeForm | None = None,
    status: int = 200,
) -> HttpResponse:
    viewer = viewer_of(request)
    recording = dossier.recording
    playable = any(file.playing for file in dossier.films)
    keeping = keeping_of(viewer, recording, now())
    context: dict[str, Any] = {
        "recording": recording,
        "dossier": dossier,
        "title": title_of(dossier),
        "plays": plays,
        "asks_why": playable and dossier.may.play and not plays,
        "form": form or PurposeForm(),
        "problem": problem_of(dossier),
        "player": player_data(request, dossier) if plays else None,
        "beware": what_to_know(dossier) if plays and not was_told(request) else [],
        "offset": ahead(recording.clock_offset_ms),
        "facts": facts_of(dossier) + sources_of(viewer, dossier),
        "files": files_of(dossier),
        "clips": clips_shown(made_of(viewer, recording)),
        "asks_clip": dossier.may.play and bool(dossier.films),
        "cuts": any(can_be_cut(film.original) for film in dossier.films),
        "anew": any(must_be_made_anew(film.original) for film in dossier.films),
        "change": next(iter(changes_of(viewer, [recording])), None) if keeping.waits else None,
        "categories": categories_on_offer() if dossier.may.change else [],
        "kept": why_kept(keeping),
        "cases": cases_with(viewer, recording),
        "exhibits": exhibits_made_of(viewer, recording),
        "adds_to_case": viewer.may(Permission.WORK_ON_CASES),
        "may_hold": keeping.may_hold,
        "proofs": _proofs(request, recording.handle),
        "check_size": size(dossier.size),
        "check_seconds": max(1, round(dossier.size / _CHECKED_A_SECOND)),
        "bookmarks": [
            {**mark, "clock": clock_length(mark["at"])}
            for mark in (bookmark_data(dossier, one) for one in dossier.bookmarks)
        ],
    }
    if dossier.may.see_custody:
        context["entries"] = entries_of(report_for(viewer, recording), proofs_of(recording.handle))
    return render(request, "custodes/recording.html", context, status=status)


def _proofs(request: HttpRequest, handle: str) -> dict[str, Any] | None:
    """Return what the check just made showed, once."""
    kept = request.session.get(_PROOFS)
    if not kept or kept["of"] != handle:
        return None
    del request.session[_PROOFS]
    return {"said": kept["said"], "sound": all(one["holds"] for one in kept["said"])}


def _moment_of(dossier: Dossier, text: str) -> datetime:
    try:
        return dossier.recording.started_at + _from_start(text)
    except OverflowError:  # before the year 1 or after 9999
        raise Unusable("That moment is not in this recording.") from None


def _from_start(text: str) -> timedelta:
    """Read seconds (``76.4``) or a clock (``1:16.4``, ``1:01:16``) from the start."""
    text = text.strip()
    if found := _CLOCK.match(text):
        return timedelta(hours=int(found[1] or 0), minutes=int(found[2]), seconds=float(found[3]))
    try:
        return timedelta(seconds=float(text))
    except (ValueError, OverflowError):
        raise Unusable("Write the moment as seconds, or as 1:16.") from None
