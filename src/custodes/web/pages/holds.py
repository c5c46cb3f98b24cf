"""Holds: which there are, one with what it keeps, placing one and agreeing to let one go."""

from __future__ import annotations

from datetime import date, timedelta
from functools import partial
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate, localtime
from django.views.decorators.http import require_http_methods, require_safe

from custodes.kernel.clock import now
from custodes.people.rules import Permission
from custodes.retention.actions.hold import agree_to_release, place_hold, renew_hold
from custodes.retention.queries import (
    held_by,
    hold_for,
    holds_for,
    holds_in_force,
    number_held,
    number_in_reach,
    numbers_held,
    still_missing,
)
from custodes.retention.rules.holds import (
    FIRST_LOOK,
    HOLD_NAMES,
    HoldKind,
    only_ends_by_itself,
    waits_for_outcome,
)
from custodes.web.hold_forms import (
    DecidedReleaseForm,
    GraveReleaseForm,
    HoldForm,
    ReleaseForm,
    RenewForm,
)
from custodes.web.mending import tried
from custodes.web.viewer import viewer_with
from custodes.web.words import counted, day

if TYPE_CHECKING:
    from custodes.people.rules import Viewer
    from custodes.retention.models import Hold

_A_PAGE = 50
_A_MOMENT = timedelta(microseconds=1)


@require_safe
def holds(request: HttpRequest) -> HttpResponse:
    """List the holds that bind, the newest first; ``?all`` lists those that are over too."""
    viewer = viewer_with(request, Permission.SEE_RETENTION)
    everything = "all" in request.GET
    at = now()
    listed = holds_for(viewer) if everything else holds_in_force(viewer, at)
    page = Paginator(listed, _A_PAGE).get_page(request.GET.get("page"))
    numbers = numbers_held(viewer, page)
    context = {
        "page": page,
        "rows": [
            {"hold": each, "number": numbers.get(each.pk, 0), "binds": each.as_rule().binds(at)}
            for each in page
        ],
        "page_query": "all&" if everything else "",
        "everything": everything,
        "places": viewer.may(Permission.PLACE_HOLD),
    }
    return render(request, "custodes/holds.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def place(request: HttpRequest) -> HttpResponse:
    """Ask what is to be held and why; say how many it would keep, or place it."""
    viewer = viewer_with(request, Permission.PLACE_HOLD)
    if request.method == "POST":
        form = HoldForm(request.POST)
    else:
        first = {
            "recordings": request.GET.get("recordings", "")[:5000],
            "kind": HoldKind.OTHER,
            "review_on": FIRST_LOOK.after_date(localdate()),
        }
        form = HoldForm(initial=first)
    number = None
    if request.method == "POST" and form.is_valid():
        made: list[Hold] = []
        if "look" in request.POST:
            number = number_in_reach(viewer, form.scope())
        elif tried(form, lambda: made.append(place_hold(viewer, form.wanted(), at=now()))):
            return _placed(request, viewer, made[0])
    context = {"form": form, "number": number}
    return render(request, "custodes/hold_place.html", context)


def _placed(request: HttpRequest, viewer: Viewer, hold: Hold) -> HttpResponse:
    number = number_held(viewer, hold)
    later = " What is docked later and matches is held too." if hold.standing else ""
    verb = "is" if number == 1 else "are"
    messages.success(request, f"{counted(number, 'recording')} {verb} held from now on.{later}")
    if not viewer.may(Permission.SEE_RETENTION):
        return redirect("today")
    return redirect("hold", hold.handle)


@require_http_methods(["GET", "HEAD", "POST"])
def hold(request: HttpRequest, handle: str) -> HttpResponse:
    """Show one hold with what it keeps; take that it is still needed, or that it may go."""
    viewer = viewer_with(request, Permission.SEE_RETENTION)
    found = hold_for(viewer, handle)
    kind = HoldKind(found.kind)
    renews = "renew" in request.POST
    renewing = RenewForm(request.POST if renews else None, initial=_next_look())
    released = None if renews else request.POST or None
    form = _release_form(kind)(released)
    if renews and renewing.is_valid():
        asked = renewing.cleaned_data
        if tried(renewing, partial(renew_hold, viewer, found, **asked, at=now())):
            messages.success(request, f"It is looked at again on {day(asked['review_on'])}.")
            return redirect("hold", handle)
    if released is not None and form.is_valid():
        said: list[tuple[str, ...]] = []
        agree = partial(agree_to_release, viewer, found, **form.cleaned_data, at=now())
        if tried(form, lambda: said.append(agree())):
            messages.success(request, _said(said[0]))
            return redirect("hold", handle)
    page = Paginator(held_by(viewer, found), _A_PAGE).get_page(request.GET.get("page"))
    binds, by_itself = found.as_rule().binds(now()), only_ends_by_itself(found.as_rule(), now())
    agreements = list(found.agreements.select_related("person").order_by("pk"))
    context = {
        "hold": found,
        "what": HOLD_NAMES[kind],
        "reach": _reach(found),
        "number": number_held(viewer, found),
        "page": page,
        "agreements": agreements,
        "binds": binds,
        "waiting": binds and any(not each.voided_at for each in agreements),
        "missing": still_missing(viewer, found),
        "form": renewing if renews else form,
        "release": form,
        "renewing": renewing,
        "failed": "The hold is as it was" if renews else "The hold still binds",
        "renews": binds and viewer.may(Permission.PLACE_HOLD),
        "by_itself": by_itself,
        "releases": binds and not by_itself and viewer.may(Permission.RELEASE_HOLD),
    }
    return render(request, "custodes/hold.html", context)


def _release_form(kind: HoldKind) -> type[ReleaseForm]:
    if kind is HoldKind.DSI:
        return GraveReleaseForm
    return DecidedReleaseForm if waits_for_outcome(kind) else ReleaseForm


def _next_look() -> dict[str, date]:
    return {"review_on": FIRST_LOOK.after_date(localdate())}


def _said(missing: tuple[str, ...]) -> str:
    if missing:
        return f"Your agreement is kept. The hold still binds: {' '.join(missing)}"
    return "The hold was released. What it kept stays at least another 14 days."


def _reach(found: Hold) -> list[str]:
    """Return what a hold reaches for, in sentences."""
    scope = found.reach()
    sentences = []
    if scope.recordings:
        sentences.append(f"{counted(len(scope.recordings), 'recording')} by name.")
    parts = []
    if scope.cameras:
        parts.append("of one camera" if len(scope.cameras) == 1 else "of several cameras")
    if scope.wearers:
        parts.append("of one wearer" if len(scope.wearers) == 1 else "of several wearers")
    if scope.places:
        at = f"at {', '.join(sorted(scope.places))}"
        parts.append(at if scope.either else f"{at}, or at a place nobody has entered")
    if scope.areas:
        parts.append(" or ".join(str(area) for area in sorted(scope.areas)))
    if scope.either:
        parts = [" or ".join(parts)]
    if scope.span is not None:
        first, last = localtime(scope.span.start), localtime(scope.span.end - _A_MOMENT)
        parts.append(f"filmed from {day(first)} to {day(last)}")
    if parts:
        sentences.append(f"Everything {' and '.join(parts)}.")
    if found.standing:
        sentences.append("What is docked later and matches is held too.")
    return sentences
