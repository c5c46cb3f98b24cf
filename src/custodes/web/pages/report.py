"""The custody record of a recording, taken away: as a PDF, or entry by entry with fields open."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from custodes.custody.queries import history_of
from custodes.custody.rules import Audience
from custodes.kernel.clock import now
from custodes.kernel.errors import NotFound
from custodes.people.rules import Permission
from custodes.recordings.actions.prove import hand_out_package
from custodes.recordings.actions.take_record import Handed
from custodes.recordings.clips import made_for, made_of
from custodes.recordings.opening import choices_for
from custodes.recordings.printing import printed
from custodes.recordings.queries import recording_for, within_reach
from custodes.recordings.reports import is_told, report_for
from custodes.recordings.rules import State
from custodes.retention.actions.prove import hand_out_deletion
from custodes.retention.actions.watch import (
    keeping_for,
    open_entries_and_keep,
    take_report_and_keep,
)
from custodes.web.facts import clips_shown
from custodes.web.field_names import named
from custodes.web.pages.ledger import send_proof
from custodes.web.sending import disposition, marked, send_parcel, send_pdf
from custodes.web.viewer import viewer_of
from custodes.web.viewings import make_sure_it_is_looked_at, say_what_is_held
from custodes.web.words import size


@require_POST
def taken(request: HttpRequest, handle: str) -> HttpResponse:
    """Hand out the custody report of a recording, with recipient and reason on the record."""
    viewer = viewer_of(request)
    recording = recording_for(viewer, handle)
    at = now()
    kept = take_report_and_keep(viewer, recording, handed(request), at=at)
    say_what_is_held(request, kept)
    report = report_for(viewer, recording)  # with the line that says it was taken
    return send_pdf(printed(report, viewer, at), f"custody-report-{handle}.pdf")


@require_http_methods(["GET", "HEAD", "POST"])
def opened(request: HttpRequest, handle: str) -> HttpResponse:
    """Choose which details of a history somebody gets to see, and hand the entries out."""
    viewer = viewer_of(request)
    recording = recording_for(viewer, handle)
    if request.method == "POST":
        chosen = set(request.POST.getlist("field"))
        to = handed(request)
        entries, kept = open_entries_and_keep(viewer, recording, chosen, to, at=now())
        say_what_is_held(request, kept)
        answer = HttpResponse(entries.content, content_type="application/json")
        name = marked(f"custody-entries-{handle}.json")
        answer["Content-Disposition"] = disposition("attachment", name)
        return answer
    make_sure_it_is_looked_at(request, viewer, recording)
    asked = request.GET.get("for", Audience.OUTSIDE)
    audience = Audience(asked) if asked in set(Audience) else Audience.OUTSIDE
    choices = [
        {"choice": choice, "name": named(choice.name)}
        for choice in choices_for(viewer, recording, audience)
    ]
    films = recording.originals.all()
    made = clips_shown(made_of(viewer, recording))
    context = {
        "recording": recording,
        "choices": choices,
        "audience": audience,
        "films": films,
        "made": made,
        "films_size": size(sum(film.size for film in films)),
        "is_deleted": recording.state == State.DISPOSED,
        "may_package": within_reach(viewer, Permission.FETCH_ORIGINAL, recording),
        "entries": len(history_of(recording.handle)),
    }
    return render(request, "custodes/open_entries.html", context)


@require_POST
def packaged(request: HttpRequest, handle: str) -> HttpResponseBase:
    """Hand out a recording as a package: its films, its history as chosen, and their proof."""
    viewer = viewer_of(request)
    recording = recording_for(viewer, handle)
    chosen = set(request.POST.getlist("field"))
    copies = [made_for(viewer, handle, each) for each in request.POST.getlist("made")]
    to = handed(request)
    keeping = keeping_for(viewer, [recording], to.because, to.recipient, at=now())
    made = hand_out_package(
        viewer, recording, opened=chosen, handed=to, at=now(), copies=copies, beside=keeping
    )
    say_what_is_held(request, keeping.kind)
    return send_parcel(made, f"recording-{handle}.zip")


@require_POST
def deletion_packaged(request: HttpRequest, handle: str) -> HttpResponseBase:
    """Hand out what is left of a deleted recording: its history as chosen, and the proof."""
    viewer = viewer_of(request)
    recording = recording_for(viewer, handle)
    chosen = set(request.POST.getlist("field"))
    made = hand_out_deletion(viewer, recording, opened=chosen, handed=handed(request), at=now())
    return send_parcel(made, f"deleted-{handle}.zip")


@require_safe
def proof(request: HttpRequest, handle: str, number: int) -> HttpResponse:
    """Hand out the proof that an entry of a recording is in the log. It holds nothing private."""
    viewer = viewer_of(request)
    if not is_told(viewer, recording_for(viewer, handle), number):
        raise NotFound("There is no such entry in this history.")
    return send_proof(number)


def handed(request: HttpRequest) -> Handed:
    """Return who a record is for and why, as the form says it."""
    return Handed(request.POST.get("recipient", ""), request.POST.get("because", ""))
