"""Rehearsals as letters, the agreement of two people, past sweeps and certificates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime
from django.views.decorators.http import require_http_methods, require_safe

from custodes.custody import strongroom
from custodes.kernel.clock import now
from custodes.people.rules import Permission
from custodes.retention.actions.asked import ask_for_rehearsal
from custodes.retention.actions.sweep import agree_to_sweep
from custodes.retention.agreeing import waits_for_two, why_agreeing_is_no_help
from custodes.retention.certificates import (
    certificate_for,
    is_let_go_by_people,
    let_go_by_people,
    letter_of,
    rehearsal_under_way,
    sweep_for,
    sweeps_for,
    tombstones_of,
    totals_of,
)
from custodes.retention.rules.disposal import STAGE_NAMES, Stage
from custodes.retention.undestroyed import undestroyed_for
from custodes.web.keeping import stages
from custodes.web.rehearsed import opening, tables, worth_a_look
from custodes.web.viewer import viewer_of, viewer_with
from custodes.web.words import day

if TYPE_CHECKING:
    from custodes.retention.models import Sweep

_A_PAGE = 50
_ON_A_CERTIFICATE = 500


class AgreeForm(forms.Form):
    """One person's agreement that a stopped sweep may begin."""

    because = forms.CharField(
        max_length=1000,
        label="What did you look at, and why may it begin?",
        widget=forms.Textarea(attrs={"rows": 3}),
        error_messages={"required": "Say why. Your reason is kept with the entry."},
    )


@require_http_methods(["GET", "HEAD", "POST"])
def sweeps(request: HttpRequest) -> HttpResponse:
    """List rehearsals and sweeps, the newest first, and have one rehearsed now."""
    viewer = viewer_with(request, Permission.SEE_RETENTION)
    if request.method == "POST":
        ask_for_rehearsal(viewer, at=now())
        messages.success(request, "It is being worked out. Nothing is deleted by it.")
        return redirect("sweeps")
    page = Paginator(sweeps_for(viewer), _A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "hour": settings.CUSTODES.sweep_hour,
        "asks": viewer.may(Permission.RUN_RETENTION),
        "under_way": rehearsal_under_way(viewer),
        "undestroyed": undestroyed_for(viewer, now()),
    }
    return render(request, "custodes/sweeps.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def sweep(request: HttpRequest, handle: str) -> HttpResponse:
    """Show a rehearsal as a letter with what became of it, and take an agreement."""
    viewer = viewer_with(request, Permission.SEE_RETENTION)
    found = sweep_for(viewer, handle)
    form = AgreeForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        enough = agree_to_sweep(viewer, found, form.cleaned_data["because"], at=now())
        said = "Two people have agreed. The engine looks at everything once more and begins."
        one = "Your agreement is kept. A second person must agree before anything is deleted."
        messages.success(request, said if enough else one)
        return redirect("sweep", handle)
    letter = letter_of(viewer, found)
    context = {
        "sweep": found,
        "opening": _opening(found, letter),
        "tables": tables(letter),
        **worth_a_look(viewer, letter),
        "agreements": found.agreements.select_related("person").order_by("pk"),
        "form": form,
        "agrees": waits_for_two(found) and viewer.may(Permission.RUN_RETENTION),
        "no_help": why_agreeing_is_no_help(found) if found.begun_at is None else "",
        "newest": sweeps_for(viewer).first(),
        "counts_files": viewer.may(Permission.SEE_INVENTORY),
    }
    return render(request, "custodes/sweep.html", context)


@require_safe
def certificate(request: HttpRequest, handle: str) -> HttpResponse:
    """Show what a sweep deleted, to print: counts, entries, and how far it has come."""
    viewer = viewer_with(request, Permission.SEE_RETENTION)
    found = sweep_for(viewer, handle)
    totals = totals_of(viewer, found)
    stones = Paginator(tombstones_of(viewer, found), _ON_A_CERTIFICATE)
    by_people = let_go_by_people(viewer, found)
    waiting = sum(number for stage, number in totals.stages if stage < Stage.FINAL)
    context = {
        "sweep": found,
        "lines": totals.lines,
        "first": totals.first_entry,
        "last": totals.last_entry,
        "stages": [{"text": STAGE_NAMES[stage], "number": n} for stage, n in totals.stages],
        "not_destroyed": waiting,
        "by_people": by_people,
        "by_clock": found.disposed - len(by_people),
        "page": stones.get_page(request.GET.get("page")),
        "origin": strongroom.origin(),
        "made": now(),
        "by": viewer.name,
    }
    return render(request, "custodes/sweep_certificate.html", context)


@require_safe
def of_one(request: HttpRequest, handle: str) -> HttpResponse:
    """Show what shows that one recording was deleted, to print."""
    viewer = viewer_of(request)
    stone, line = certificate_for(viewer, handle)
    context = {
        "stone": stone,
        "line": line,
        "stages": stages(stone.stage),
        "by_people": is_let_go_by_people(stone),
        "origin": strongroom.origin(),
        "made": now(),
        "by": viewer.name,
    }
    return render(request, "custodes/certificate.html", context)


def _opening(found: Sweep, letter: dict[str, Any]) -> str:
    """Return the letter's first sentences: how many, and how that compares."""
    is_one = found.due == 1
    verb = "would be" if found.begun_at is None else "was to be" if is_one else "were to be"
    return opening(letter, found.due, day(localtime(found.rehearsed_at)), verb)
