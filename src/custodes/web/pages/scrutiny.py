"""The scrutiny panel: what was drawn, who looks at it, and what they say."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from custodes.kernel.clock import now
from custodes.kernel.digest import b64u, sha256
from custodes.oversight.actions.sample import allot, document_of, judge
from custodes.oversight.scrutiny import (
    allotment_for,
    allotted_to,
    drawn_in,
    has_scrutiny,
    is_of_the_panel,
    panel_for,
    sample_for,
    samples_for,
)
from custodes.people.errors import NotAllowed
from custodes.people.rules import Permission
from custodes.web.register_forms import AllotForm, JudgeForm
from custodes.web.sending import disposition, marked
from custodes.web.viewer import viewer_of, viewer_with

_A_PAGE = 31


@require_safe
def scrutiny(request: HttpRequest) -> HttpResponse:
    """List what was drawn, and what was given to whoever asks."""
    viewer = viewer_of(request)
    allots = viewer.may(Permission.ALLOT_SAMPLES)
    if not has_scrutiny(viewer):
        raise NotAllowed("This page is for the scrutiny panel and those who give it samples.")
    context = {
        "given": allotted_to(viewer, now()),
        "panel": is_of_the_panel(viewer),
        "allots": allots,
        "percent": settings.CUSTODES.scrutiny_percent,
        "page": Paginator(samples_for(viewer), _A_PAGE).get_page(request.GET.get("page")),
    }
    return render(request, "custodes/scrutiny.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def sample(request: HttpRequest, handle: str) -> HttpResponse:
    """Show one sample, and give what was drawn to somebody of the panel."""
    viewer = viewer_with(request, Permission.ALLOT_SAMPLES)
    found = sample_for(viewer, handle)
    drawn = drawn_in(viewer, found)
    form = AllotForm(drawn, panel_for(viewer), request.POST or None)
    if request.method == "POST" and form.is_valid():
        sampled, person, days = form.allotment()
        allot(viewer, sampled, person, days, at=now())
        messages.success(request, f"{person.name} may look at it for {days} days.")
        return redirect("scrutiny-sample", handle)
    context = {
        "sample": found,
        "drawn": drawn,
        "strata": found.document,
        "seed": bytes(found.seed).hex(),
        "digest": b64u(sha256(document_of(found))),
        "form": form,
    }
    return render(request, "custodes/scrutiny_sample.html", context)


@require_safe
def listed(request: HttpRequest, handle: str) -> HttpResponse:
    """Hand out the list a sample was drawn from, as the log commits to it. It names nobody."""
    viewer = viewer_with(request, Permission.ALLOT_SAMPLES)
    found = sample_for(viewer, handle)
    answer = HttpResponse(document_of(found), content_type="application/json")
    name = marked(f"sample-{found.day.isoformat()}.json")
    answer["Content-Disposition"] = disposition("attachment", name)
    return answer


@require_http_methods(["GET", "HEAD", "POST"])
def one(request: HttpRequest, number: int) -> HttpResponse:
    """Show somebody of the panel a recording that was given to them, and keep what they say."""
    viewer = viewer_of(request)
    found = allotment_for(viewer, number, now())
    form = JudgeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        judge(viewer, found, form.cleaned_data["said"], at=now())
        messages.success(request, "What you said is kept.")
        return redirect("scrutiny-one", number)
    return render(request, "custodes/scrutiny_one.html", {"one": found, "form": form})
