"""Where everybody begins: today; and the page that only machines ask for."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from custodes.intake.board import board_for
from custodes.kernel.clock import now
from custodes.people.rules import Permission, Viewer
from custodes.recordings.search import Search, Standing, search
from custodes.web.needs import needing
from custodes.web.pages.docks import drawn as board_drawn
from custodes.web.rows import Drawn, all_drawn
from custodes.web.today import what_needs
from custodes.web.viewer import viewer_of
from custodes.web.viewings import make_sure_a_search_is_noted

_NEWEST = 6


@login_not_required
@require_safe
def health(_request: HttpRequest) -> HttpResponse:
    """Say that the server answers. Touches nothing, so it is cheap to ask."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
def today(request: HttpRequest) -> HttpResponse:
    """Show what the day asks of the person, what is coming in, and what came in last."""
    viewer = viewer_of(request)
    sentences = what_needs(viewer)
    context = {
        "sentences": sentences,
        "needs_you_count": needing(sentences),
        "board": _coming_in(viewer),
        "rows": _newest(request, viewer),
    }
    return render(request, "custodes/today.html", context)


def _coming_in(viewer: Viewer) -> dict[str, Any] | None:
    if not viewer.may(Permission.SEE_DOCKS):
        return None
    may_sort = viewer.may(Permission.MANAGE_DEVICES)
    return board_drawn(board_for(viewer, at=now()), may_sort, brief=True)


def _newest(request: HttpRequest, viewer: Viewer) -> list[Drawn]:
    if not viewer.may(Permission.SEARCH):
        return []
    found = search(viewer, Search(state=Standing.COMPLETE), size=_NEWEST)
    if found.rows:
        make_sure_a_search_is_noted(request, viewer, {"newest": str(_NEWEST)}, str(len(found.rows)))
    return all_drawn(viewer, found.rows)
