"""Where everybody begins: today; and the page that only machines ask for."""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from custodes.web.today import what_needs
from custodes.web.viewer import viewer_of


@login_not_required
@require_safe
def health(_request: HttpRequest) -> HttpResponse:
    """Say that the server answers. Touches nothing, so it is cheap to ask."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """Show what the day asks of the person."""
    viewer = viewer_of(request)
    return render(request, "custodes/today.html", {"sentences": what_needs(viewer)})
