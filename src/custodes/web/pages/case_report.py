"""The custody report of a case: read, taken away as a PDF, or as a package that proves it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from custodes.cases.actions.take_report import hand_out_case_report, take_case_report
from custodes.cases.queries import case_to_work_on
from custodes.cases.report import is_told, report_of_case
from custodes.cases.rules.audiences import Audience
from custodes.kernel.clock import now
from custodes.kernel.errors import NotFound
from custodes.people.rules import Permission
from custodes.recordings.errors import NeedsAReason
from custodes.recordings.printing import printed
from custodes.web.case_forms import AudienceForm
from custodes.web.entries import entries_of
from custodes.web.pages.ledger import send_proof
from custodes.web.pages.report import handed
from custodes.web.sending import send_parcel, send_pdf
from custodes.web.viewer import viewer_of
from custodes.web.viewings import make_sure_a_case_is_looked_at


@require_safe
def read(request: HttpRequest, handle: str) -> HttpResponse:
    """Show the report; that somebody looked at the case is on the record first."""
    viewer = viewer_of(request)
    case = case_to_work_on(viewer, handle)
    make_sure_a_case_is_looked_at(request, viewer, case)
    report = report_of_case(viewer, case)
    context = {
        "case": case,
        "report": report,
        "entries": entries_of(report, lambda number: reverse("case-proof", args=[handle, number])),
        "opens": viewer.may(Permission.OPEN_DETAILS),
        "report_for": AudienceForm(auto_id="report-%s"),
        "package_for": AudienceForm(auto_id="package-%s"),
        "report_url": reverse("case-report-pdf", args=[handle]),
        "package_url": reverse("case-report-package", args=[handle]),
    }
    return render(request, "custodes/case_report.html", context)


@require_safe
def proof(request: HttpRequest, handle: str, number: int) -> HttpResponse:
    """Hand out the proof that an entry of the report is in the log. It holds nothing private."""
    viewer = viewer_of(request)
    if not is_told(viewer, case_to_work_on(viewer, handle), number):
        raise NotFound("There is no such entry in this report.")
    return send_proof(number)


@require_POST
def taken(request: HttpRequest, handle: str) -> HttpResponse:
    """Hand out the report as a PDF, with recipient and reason on the record."""
    viewer = viewer_of(request)
    case = case_to_work_on(viewer, handle)
    at = now()
    report = take_case_report(viewer, case, _audience(request), handed(request), at=at)
    return send_pdf(printed(report, viewer, at), f"custody-report-{case.urn}.pdf")


@require_POST
def packaged(request: HttpRequest, handle: str) -> HttpResponseBase:
    """Hand out the report as a package, each entry with its proof."""
    viewer = viewer_of(request)
    case = case_to_work_on(viewer, handle)
    made = hand_out_case_report(viewer, case, _audience(request), handed(request), at=now())
    return send_parcel(made, f"case-{case.urn}.zip")


def _audience(request: HttpRequest) -> Audience:
    form = AudienceForm(request.POST)
    if not form.is_valid():
        raise NeedsAReason("Nothing was handed out: nobody said for whom it is.", "Choose one.")
    return Audience(form.cleaned_data["audience"])
