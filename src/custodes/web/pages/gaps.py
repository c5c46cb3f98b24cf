"""What should be here and is not: the list, and one gap with the form that explains it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from custodes.fleet.rules import Grade
from custodes.kernel.clock import now
from custodes.people.rules import Permission
from custodes.recordings.actions.gaps import explain_gap
from custodes.recordings.gaps import gap_for, gaps_for, open_gaps_for, part_of
from custodes.web.forms import ExplainForm
from custodes.web.viewer import viewer_with

_A_PAGE = 50
# How much the absence of a gap is worth, for each kind of camera.
GRADES = {
    Grade.SIGNED_COUNTER: "The camera signs its own count. Nobody can hide a recording from it.",
    Grade.DEVICE_COUNTER: "The camera counts, and protects its count. "
    "Whoever opens the camera itself could hide a recording.",
    Grade.COUNTER_OVER_USB: "The camera's count is read by the dock PC. "
    "Whoever holds the PC could hide a recording.",
    Grade.VENDOR_LISTS: "The camera does not count; the maker's own lists are compared. "
    "Whoever runs the dock could hide a recording.",
    Grade.NONE: "The camera does not count. Only what a dock listed can be missed.",
}


@require_safe
def gaps(request: HttpRequest) -> HttpResponse:
    """List the open gaps, the oldest first; ``?all`` lists all, the newest first."""
    viewer = viewer_with(request, Permission.SEE_GAPS)
    everything = "all" in request.GET
    listed = gaps_for(viewer) if everything else open_gaps_for(viewer)
    page = Paginator(listed, _A_PAGE).get_page(request.GET.get("page"))
    return render(request, "custodes/gaps.html", {"page": page, "everything": everything})


@require_http_methods(["GET", "HEAD", "POST"])
def gap(request: HttpRequest, handle: str) -> HttpResponse:
    """Show one gap, and take in why the footage is missing."""
    viewer = viewer_with(request, Permission.SEE_GAPS)
    missing = gap_for(viewer, handle)
    form = ExplainForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        explain_gap(viewer, handle, form.cleaned_data["because"], at=now())
        messages.success(request, "The gap is explained. Your reason and your name are on record.")
        return redirect("gaps")
    context = {
        "gap": missing,
        "arrived": part_of(viewer, missing),
        "facts": _facts(missing),
        "form": form,
        "explains": missing.closed_at is None and viewer.may(Permission.EXPLAIN_GAPS),
    }
    return render(request, "custodes/gap.html", context)


def _facts(missing: Any) -> list[dict[str, str]]:  # noqa: ANN401 - a Gap, which a door does not import
    numbers = "" if missing.first is None else f"{missing.first} to {missing.last}"
    values = {
        "Camera": str(missing.camera),
        "Recordings missing": str(missing.count or "not known"),
        "Of these not arrived since": str(missing.still) if missing.count else "",
        "The camera's numbers": numbers,
        "What this camera can show": f"{missing.grade}: {GRADES[Grade(missing.grade)]}",
    }
    return [{"label": label, "value": value} for label, value in values.items() if value]
