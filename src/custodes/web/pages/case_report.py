"""The custody report of a case: read, taken away as a PDF, or as a package that proves it."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from custodes.cases.actions.open import look_at_case
from custodes.cases.actions.take_report import hand_out_case_report, take_case_report
from custodes.cases.queries import case_to_work_on
from custodes.cases.report import report_of_case
from custodes.kernel.clock import now
from custodes.kernel.errors import NotFound
from custodes.people.rules import Permission
from custodes.recordings.printing import printed
from custodes.web.entries import entries_of
from custodes.web.pages.ledger import send_proof
from custodes.web.pages.report import handed
from custodes.web.sending import send_parcel, send_pdf
from custodes.web.viewer import viewer_of


@require_safe
def read(request: HttpRequest, handle: str) -> HttpResponse:
    """Show the report; that somebody looked at the case is on the record first."""
    viewer = viewer_of(request)
    case = case_to_work_on(viewer, handle)
    look_at_case(viewer, case, at=now())
    report = report_of_case(viewer, case)
    context = {
        "case": case,
        "report": report,
        "entries": entries_of(report, lambda number: reverse("case-proof", args=[handle, number])),
        "opens": viewer.may(Permission.OPEN_DETAILS),
        "report_url": reverse("case-report-pdf", args=[handle]),
        "package_url": reverse("case-report-package", args=[handle]),
    }
    return render(request, "custodes/case_report.html", context)


@require_safe
def proof(request: HttpRequest, handle: str, number: int) -> HttpResponse:
    """Hand out the proof that an entry of the report is in the log. It holds nothing private."""
    viewer = viewer_of(request)
    report = report_of_case(viewer, case_to_work_on(viewer, handle))
    if number not in {line.index for line in report.lines}:
        raise NotFound("There is no such entry in this report.")
    return send_proof(number)


@require_POST
def taken(request: HttpRequest, handle: str) -> HttpResponse:
    """Hand out the report as a PDF, with recipient and reason on the record."""
    viewer = viewer_of(request)
    case = case_to_work_on(viewer, handle)
    at = now()
    take_case_report(viewer, case, handed(request), "a PDF", at=at)
    report = report_of_case(viewer, case)  # with the line that says it was taken
    return send_pdf(printed(report, viewer, at), f"custody-report-{case.urn}.pdf")


@require_POST
def packaged(request: HttpRequest, handle: str) -> HttpResponseBase:
    """Hand out the report as a package, each entry opened and with its proof."""
    viewer = viewer_of(request)
    case = case_to_work_on(viewer, handle)
    made = hand_out_case_report(viewer, case, handed(request), at=now())
    return send_parcel(made, f"case-{case.urn}.zip")
