"""The custody report of a recording, taken away as a PDF."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_POST

from custodes.kernel.clock import now
from custodes.recordings.actions.read_log import take_record
from custodes.recordings.queries import recording_for
from custodes.recordings.reports import report_for
from custodes.web.printing import printed, send_pdf
from custodes.web.viewer import viewer_of


@require_POST
def taken(request: HttpRequest, handle: str) -> HttpResponse:
    """Hand out the custody report of a recording, with the reason on the record."""
    viewer = viewer_of(request)
    recording = recording_for(viewer, handle)
    report_for(viewer, recording)  # refuses before anything is written
    at = now()
    take_record(viewer, recording, "PDF", request.POST.get("because", ""), at=at)
    report = report_for(viewer, recording)  # with the line that says it was taken
    return send_pdf(printed(report, viewer, at), f"custody-report-{handle}.pdf")
