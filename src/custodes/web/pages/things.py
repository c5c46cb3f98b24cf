"""What was seized: the list of what is to be returned, and one thing with what becomes of it."""

from __future__ import annotations

from functools import partial

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods, require_safe

from custodes.kernel.clock import now
from custodes.people.rules import Permission
from custodes.recordings.actions.things import keep_thing, return_thing
from custodes.recordings.origins import is_asked_for
from custodes.recordings.things import copies_of, not_returned, thing_for, things_for
from custodes.web.mending import tried
from custodes.web.thing_forms import KeepForm, ReturnForm
from custodes.web.viewer import viewer_with
from custodes.web.words import day

_A_PAGE = 50


@require_safe
def things(request: HttpRequest) -> HttpResponse:
    """List what was seized and has not gone back, the oldest first; ``?all`` lists all."""
    viewer = viewer_with(request, Permission.SEE_THINGS)
    everything = "all" in request.GET
    listed = things_for(viewer) if everything else not_returned(viewer)
    page = Paginator(listed, _A_PAGE).get_page(request.GET.get("page"))
    today = localdate()
    rows = [
        {
            "thing": each,
            "asked": is_asked_for(each.look_on, each.returned_on, today),
            "copies": copies_of(viewer, each).count(),
        }
        for each in page
    ]
    context = {"page": page, "rows": rows, "everything": everything}
    return render(request, "custodes/things.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def thing(request: HttpRequest, handle: str) -> HttpResponse:
    """Show one thing with its copies; take in that it went back, or why it must be kept."""
    viewer = viewer_with(request, Permission.SEE_THINGS)
    seized = thing_for(viewer, handle)
    keeps = "keep" in request.POST
    returning = ReturnForm(None if keeps else request.POST or None)
    keeping = KeepForm(request.POST if keeps else None)
    if keeps and keeping.is_valid():
        said = keeping.cleaned_data
        if tried(keeping, partial(keep_thing, viewer, handle, **said, at=now())):
            messages.success(request, f"It is looked at again on {day(said['look_on'])}.")
            return redirect("thing", handle)
    if returning.is_bound and returning.is_valid():
        said = returning.cleaned_data
        if tried(returning, partial(return_thing, viewer, handle, **said, at=now())):
            messages.success(request, "It is entered that it went back. The copies stay.")
            return redirect("things")
    page = Paginator(copies_of(viewer, seized), _A_PAGE).get_page(request.GET.get("page"))
    context = {
        "thing": seized,
        "asked": is_asked_for(seized.look_on, seized.returned_on, localdate()),
        "needed": seized.needed.select_related("by"),
        "page": page,
        "form": keeping if keeps else returning,
        "returning": returning,
        "keeping": keeping,
        "closes": seized.returned_on is None and viewer.may(Permission.RETURN_THINGS),
    }
    return render(request, "custodes/thing.html", context)
