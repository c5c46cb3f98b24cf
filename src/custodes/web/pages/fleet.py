"""Cameras and docks: what there is, where it was last heard from, who has it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from custodes.custody.rules import Actor
from custodes.fleet.actions import change_source_type, issue_camera
from custodes.fleet.queries import camera_for, cameras_for, docks_for, issues_for
from custodes.fleet.rules import Grade, Mount
from custodes.kernel.clock import now
from custodes.people.queries import person_called
from custodes.people.rules import Permission
from custodes.web.forms import IssueForm, SourceTypeForm
from custodes.web.viewer import viewer_with
from custodes.web.words import plainly

if TYPE_CHECKING:
    from custodes.fleet.models import Camera

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
    """Show one camera and who had it; hand it to somebody or change it, if the person may."""
    viewer = viewer_with(request, Permission.SEE_DOCKS)
    camera = camera_for(viewer, handle)
    types = request.POST if request.POST.get("act") == "source-type" else None
    handing = request.POST if types is None else None
    form = IssueForm(handing or None, label_suffix="", initial={"mount": camera.mount})
    kind = SourceTypeForm(types, label_suffix="", initial={"source_type": camera.source_type})
    if request.method == "POST":
        by = viewer_with(request, Permission.MANAGE_DEVICES).actor
        said = _change(camera, kind, by) if types else _hand_over(camera, form, by)
        if said:
            messages.success(request, said)
            return redirect("camera", handle)
    context = {
        "camera": camera,
        "counter": _COUNTERS[Grade(camera.grade)],
        "issues": issues_for(viewer, camera),
        "form": form,
        "kind": kind,
        "may_issue": viewer.may(Permission.MANAGE_DEVICES),
    }
    status = 400 if form.errors or kind.errors else 200
    return render(request, "custodes/camera.html", context, status=status)


def _hand_over(camera: Camera, form: IssueForm, by: Actor) -> str:
    """Issue the camera and return what to say of it; nothing where the form has errors."""
    if not form.is_valid():
        return ""
    person = person_called(form.cleaned_data["person"])
    if person is None:
        form.add_error("person", "Nobody has this number or user name.")
        return ""
    issue_camera(camera, person, Mount(form.cleaned_data["mount"]), by=by, at=now())
    return f"The camera {camera} is now with {person}."


def _change(camera: Camera, form: SourceTypeForm, by: Actor) -> str:
    """Change the source type and return what to say of it; nothing where the form has errors."""
    if not form.is_valid():
        return ""
    changed = change_source_type(camera, form.cleaned_data["source_type"], by=by, at=now())
    what = f"of source type {changed.source_type}" if changed.source_type else "an ordinary camera"
    return f"The camera {camera} is {what} from now on. What it filmed before is not changed."
