"""The register: complaints, requests and forms that concern footage, and by when to answer."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods, require_safe

from custodes.kernel.clock import now
from custodes.oversight.actions.handling import give_complaint, take_complaint
from custodes.oversight.actions.register import close, enter
from custodes.oversight.letters import letter_for
from custodes.oversight.queries import (
    faults_of_reach_for,
    footage_of,
    handlers_of,
    kinds_for,
    may_give,
    may_keep_register,
    number_held,
    number_it_would_hold,
    register_for,
    registered_for,
)
from custodes.oversight.rules import Kind, has_letter
from custodes.people.errors import NotAllowed
from custodes.people.rules import Permission, Viewer
from custodes.web.mending import tried
from custodes.web.register_forms import (
    AnswerForm,
    EntryForm,
    GiveComplaintForm,
    TakeComplaintForm,
    first_values,
)
from custodes.web.viewer import viewer_of
from custodes.web.words import counted

if TYPE_CHECKING:
    from custodes.oversight.models import Registered

_A_PAGE = 50


@require_safe
def register(request: HttpRequest) -> HttpResponse:
    """List what has come in, what is due first."""
    viewer = viewer_of(request)
    if not may_keep_register(viewer):
        raise NotAllowed("None of your roles keeps the register.")
    page = Paginator(register_for(viewer), _A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "enters": bool(kinds_for(viewer)), "today": localdate()}
    return render(request, "custodes/register.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def entry(request: HttpRequest) -> HttpResponse:
    """Ask what has come in and which footage it is about; hold that footage."""
    viewer = viewer_of(request)
    kinds = kinds_for(viewer)
    if not kinds:
        raise NotAllowed("None of your roles keeps the register.")
    first = first_values(localdate(), request.GET.get("recordings", ""))
    form = EntryForm(kinds, request.POST or None, initial=first)
    number = None
    made: list[Registered] = []
    sent = request.method == "POST" and form.is_valid()
    if sent and "look" in request.POST:
        for fault in faults_of_reach_for(viewer, form.entered().kind, form.scope()):
            form.add_error("recordings", fault)
        number = number_it_would_hold(viewer, form.scope()) if form.is_valid() else None
    elif sent and tried(
        form, lambda: made.append(enter(viewer, form.entered(), form.scope(), at=now()))
    ):
        held = counted(number_held(viewer, made[0]), "recording")
        messages.success(request, f"It is entered. {held} held for it from now on.")
        return redirect("registered", made[0].handle)
    context = {"form": form, "number": number}
    return render(
        request, "custodes/register_enter.html", context, status=400 if form.errors else 200
    )


@require_http_methods(["GET", "HEAD", "POST"])
def registered(request: HttpRequest, handle: str) -> HttpResponse:
    """Show one entry with what is held for it, and take how it ended."""
    viewer = viewer_of(request)
    found = registered_for(viewer, handle)
    kind = Kind(found.kind)
    closes = found.closed_at is None and kind in kinds_for(viewer)
    form = AnswerForm(kind, found.regime, request.POST or None) if closes else None
    if form is not None and request.method == "POST" and form.is_valid():
        outcome, because, grounds = form.answer()
        if tried(form, lambda: close(viewer, handle, outcome, because, grounds, at=now())):
            messages.success(request, "It is closed.")
            return redirect("registered", handle)
    context = {
        "entry": found,
        "form": form,
        "held": number_held(viewer, found),
        "sees_holds": viewer.may(Permission.SEE_RETENTION),
        "is_late": found.due_on and found.closed_at is None and found.due_on < localdate(),
        "has_letter": has_letter(kind, found.regime),
        "handlers": handlers_of(viewer, found),
        "gives": may_give(viewer, found),
        "footage": footage_of(viewer, found)[:_A_PAGE] if kind is Kind.COMPLAINT else (),
    }
    status = 400 if form is not None and form.errors else 200
    return render(request, "custodes/registered.html", context, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
def handling(request: HttpRequest, handle: str) -> HttpResponse:
    """Say who looks into a complaint: somebody more, or somebody no more."""
    viewer = viewer_of(request)
    found = registered_for(viewer, handle)
    if not may_give(viewer, found):
        raise NotAllowed("Nobody gives this to somebody to look into, or not you.")
    takes = "take" in request.POST
    giving = GiveComplaintForm(None if takes else request.POST or None, label_suffix="")
    taking = TakeComplaintForm(request.POST if takes else None, label_suffix="", prefix="take")
    form = taking if takes else giving
    if request.method == "POST" and form.is_valid() and tried(form, _act(viewer, handle, form)):
        person = form.cleaned_data["person"]
        messages.success(
            request, f"{person} looks into it {'no more' if takes else 'from now on'}."
        )
        return redirect("registered", handle)
    context = {
        "entry": found,
        "handlers": handlers_of(viewer, found),
        "giving": giving,
        "taking": taking,
        "form": form,
    }
    status = 400 if form.errors else 200
    return render(request, "custodes/register_handling.html", context, status=status)


def _act(viewer: Viewer, handle: str, form: GiveComplaintForm) -> Callable[[], object]:
    given = form.cleaned_data
    if isinstance(form, TakeComplaintForm):
        return partial(take_complaint, viewer, handle, **given, at=now())
    return partial(give_complaint, viewer, handle, **given, at=now())


@require_safe
def letter(request: HttpRequest, handle: str) -> HttpResponse:
    """Show the letter that answers a subject access request, to be completed and printed."""
    viewer = viewer_of(request)
    found = registered_for(viewer, handle)
    context = {"entry": found, "letter": letter_for(viewer, handle, at=now())}
    return render(request, "custodes/register_letter.html", context)
