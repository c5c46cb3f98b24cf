"""What goes soon and why, for those it was filmed by or matters to; and what came too late."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django import forms
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime
from django.views.decorators.http import require_http_methods, require_safe

from custodes.kernel.clock import now
from custodes.people.errors import NotAllowed
from custodes.people.rules import Permission, Reach, Viewer
from custodes.retention.actions.late import explain_lateness
from custodes.retention.coming import going_after_a_hold, going_soon, how_they_go
from custodes.retention.late import late_for, late_one, may_explain
from custodes.retention.rules.late import LATE_REASONS
from custodes.web.today import GOES_SOON
from custodes.web.viewer import viewer_of

if TYPE_CHECKING:
    from custodes.recordings.models import Recording

_A_PAGE = 50


class LateForm(forms.Form):
    """Why something was docked late."""

    reason = forms.ChoiceField(
        choices=[(reason.value, name.capitalize()) for reason, name in LATE_REASONS.items()],
        widget=forms.RadioSelect,
        label="Why was it docked late?",
        error_messages={"required": "Choose why it was docked late."},
    )
    words = forms.CharField(
        max_length=500,
        required=False,
        label="In your words",
        widget=forms.Textarea(attrs={"rows": 3}),
    )


@require_safe
def soon(request: HttpRequest) -> HttpResponse:
    """List what is deleted within two weeks: one's own, of one's cases, and after holds."""
    viewer = viewer_of(request)
    at = now()
    page = Paginator(going_soon(viewer, at, GOES_SOON), _A_PAGE).get_page(request.GET.get("page"))
    held = list(going_after_a_hold(viewer, at, GOES_SOON)[:_A_PAGE])
    context = {
        "page": page,
        "rows": _rows(page, at),
        "after_holds": _rows(held, at),
        "sees_holds": viewer.may(Permission.SEE_RETENTION),
    }
    return render(request, "custodes/going_soon.html", context)


@require_safe
def late(request: HttpRequest) -> HttpResponse:
    """List what was docked late, with why; it prints as the report."""
    viewer = _who_answers(request)
    page = Paginator(late_for(viewer), _A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "explains": may_explain(viewer)}
    return render(request, "custodes/late.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def late_recording(request: HttpRequest, handle: str) -> HttpResponse:
    """Show how late one was, and take down why."""
    viewer = _who_answers(request)
    found = late_one(viewer, handle)
    given = {"reason": found.reason, "words": found.words}
    form = LateForm(request.POST or None, initial=given)
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        explain_lateness(viewer, handle, said["reason"], said["words"], at=now())
        messages.success(request, "It is noted why it was docked late.")
        return redirect("late")
    context = {"late": found, "form": form, "explains": may_explain(viewer)}
    return render(request, "custodes/late_one.html", context)


def _who_answers(request: HttpRequest) -> Viewer:
    viewer = viewer_of(request)
    if viewer.reach(Permission.SEARCH) < Reach.TEAM:
        raise NotAllowed("None of your roles opens this page.")
    return viewer


def _rows(recordings: Iterable[Recording], at: datetime) -> list[dict[str, Any]]:
    found = list(recordings)
    leaving = how_they_go(found, at, GOES_SOON)
    return [
        {
            "handle": each.handle,
            "started": localtime(each.started_at),
            "who": str(each.wearer or "wearer not known"),
            "camera": str(each.camera),
            "category": str(each.category or "no category"),
            "goes": leaving[each.pk].at if each.pk in leaving else None,
            "reasons": leaving[each.pk].reasons if each.pk in leaving else (),
        }
        for each in found
    ]
