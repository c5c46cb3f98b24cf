"""Cameras and docks: what there is, where it was last heard from, who has it."""

from __future__ import annotations

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from custodes.fleet.actions import issue_camera
from custodes.fleet.queries import camera_for, cameras_for, docks_for, issues_for
from custodes.fleet.rules import Grade, Mount
from custodes.kernel.clock import now
from custodes.people.queries import person_called
from custodes.people.rules import Permission
from custodes.web.forms import IssueForm
from custodes.web.viewer import viewer_with
from custodes.web.words import plainly

_A_PAGE = 100
_COUNTERS = {
    Grade.SIGNED_COUNTER: "counts its recordings and signs the count",
    Grade.DEVICE_COUNTER: "counts its recordings",
    Grade.COUNTER_OVER_USB: "counts its recordings, read over USB",
    Grade.VENDOR_LISTS: "none; its maker's lists are compared",
    Grade.NONE: "none: it cannot show by itself that nothing is missing",
}


@require_safe
def cameras(request: HttpRequest) -> HttpResponse:
    """List the docks and the cameras."""
    viewer = viewer_with(request, Permission.SEE_DOCKS)
    query = request.GET.get("q", "").strip()[:100]
    paginator = Paginator(cameras_for(viewer, query), _A_PAGE)
    context = {
        "sees_gaps": viewer.may(Permission.SEE_GAPS),
        "docks": [(dock, plainly(dock.last_words)) for dock in docks_for(viewer)],
        "page": paginator.get_page(request.GET.get("page")),
        "query": query,
    }
    return render(request, "custodes/cameras.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def camera(request: HttpRequest, handle: str) -> HttpResponse:
    """Show one camera and who had it; hand it to somebody, if the person may."""
    viewer = viewer_with(request, Permission.SEE_DOCKS)
    camera = camera_for(viewer, handle)
    form = IssueForm(request.POST or None, label_suffix="", initial={"mount": camera.mount})
    if request.method == "POST":
        viewer_with(request, Permission.MANAGE_DEVICES)
        person = person_called(request.POST.get("person", "")) if form.is_valid() else None
        if person is not None:
            mount = Mount(form.cleaned_data["mount"])
            issue_camera(camera, person, mount, by=viewer.actor, at=now())
            messages.success(request, f"The camera {camera} is now with {person}.")
            return redirect("camera", handle)
        if form.is_valid():
            form.add_error("person", "Nobody has this number or user name.")
    context = {
        "camera": camera,
        "counter": _COUNTERS[Grade(camera.grade)],
        "issues": issues_for(viewer, camera),
        "form": form,
        "may_issue": viewer.may(Permission.MANAGE_DEVICES),
    }
    return render(request, "custodes/camera.html", context, status=400 if form.errors else 200)
