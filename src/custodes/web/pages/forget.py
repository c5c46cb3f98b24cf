"""Erasing the details of old entries: what would go, who asked, who agrees."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_POST, require_safe

from custodes.custody.erasing import number_ended, number_forgettable, planned
from custodes.custody.rules import why_not_erase
from custodes.kernel.clock import now
from custodes.people.rules import Permission
from custodes.retention.actions.erase_details import agree_to_erasure, ask_for_erasure
from custodes.web.viewer import viewer_with
from custodes.web.words import counted


@require_safe
def forget(request: HttpRequest) -> HttpResponse:
    """Show how many entries are old enough, and what was asked for."""
    viewer = viewer_with(request, Permission.ERASE_DETAILS)
    at, years = now(), settings.CUSTODES.details_kept_years
    plan = planned()
    context = {
        "years": years,
        "number": number_forgettable(years, at),
        "recordings": number_ended(years, at),
        "plan": plan,
        "refused": why_not_erase(plan, viewer.actor, at) if plan else "",
    }
    return render(request, "custodes/forget.html", context)


@require_POST
def ask(request: HttpRequest) -> HttpResponse:
    """Ask for an erasure."""
    viewer = viewer_with(request, Permission.ERASE_DETAILS)
    number = ask_for_erasure(viewer, request.POST.get("because", ""), at=now())
    of = counted(number, "entry").replace("entrys", "entries")
    messages.success(request, f"You asked for the details of {of} to be erased. Nothing is yet.")
    return redirect("forget")


@require_POST
def agree(request: HttpRequest) -> HttpResponse:
    """Agree to an erasure and carry it out."""
    viewer = viewer_with(request, Permission.ERASE_DETAILS)
    number = agree_to_erasure(viewer, request.POST.get("because", ""), at=now())
    of = counted(number, "entry").replace("entrys", "entries")
    messages.success(request, f"The details of {of} are erased.")
    return redirect("forget")
