"""Proposed schedules: what they change, what the rehearsal found, and the second person."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime
from django.views.decorators.http import require_http_methods, require_safe

from custodes.kernel.clock import now, parse_rfc3339
from custodes.people.rules import Permission
from custodes.recordings.queries import categories_to_find
from custodes.retention.actions.proposal import approve, propose, withdraw
from custodes.retention.errors import ScheduleRefused
from custodes.retention.proposals import (
    changes_in,
    effect_in,
    proposal_for,
    proposals_for,
    schedule_to_change,
    source_types_to_change,
)
from custodes.web.rehearsed import worth_a_look
from custodes.web.schedule_forms import DecideForm, ScheduleForm
from custodes.web.viewer import viewer_with
from custodes.web.words import counted, day

_A_PAGE = 50


@require_safe
def proposals(request: HttpRequest) -> HttpResponse:
    """List what was proposed, the newest first."""
    viewer = viewer_with(request, Permission.SEE_RETENTION)
    page = Paginator(proposals_for(viewer), _A_PAGE).get_page(request.GET.get("page"))
    context = {"page": page, "changes": viewer.may(Permission.CHANGE_SCHEDULE)}
    return render(request, "custodes/proposals.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def propose_one(request: HttpRequest) -> HttpResponse:
    """Show the newest schedule to be changed, and take down a proposal."""
    viewer = viewer_with(request, Permission.CHANGE_SCHEDULE)
    at = now()
    categories = {each.code: each.name for each in categories_to_find()}
    types = source_types_to_change(viewer)
    form = ScheduleForm(schedule_to_change(viewer), categories, types, request.POST or None)
    errors: list[dict[str, str]] = []
    if request.method == "POST" and form.is_valid():
        try:
            proposal = propose(viewer, form.proposed(at), form.cleaned_data["because"], at=at)
        except ScheduleRefused as refused:
            errors = [{"text": refused.reason}]
        else:
            said = "It is proposed. The schedule in force has not changed."
            messages.success(request, said)
            return redirect("proposal", proposal.handle)
    context = {"form": form, "errors": errors}
    return render(request, "custodes/propose.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def proposal(request: HttpRequest, handle: str) -> HttpResponse:
    """Show one proposal with what it would change, and take its approval or withdrawal."""
    viewer = viewer_with(request, Permission.SEE_RETENTION)
    found = proposal_for(viewer, handle)
    form = DecideForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        because = form.cleaned_data["because"]
        if request.POST.get("answer") == "approve":
            version = approve(viewer, found, because, at=now())
            messages.success(request, f"It is published as version {version.version}.")
        else:
            withdraw(viewer, found, because, at=now())
            messages.success(request, "It is withdrawn. The schedule in force has not changed.")
        return redirect("proposal", handle)
    decides = viewer.may(Permission.CHANGE_SCHEDULE) and found.ended_at is None
    effect = effect_in(viewer, found)
    context = {
        "proposal": found,
        "changes": changes_in(viewer, found),
        "effect": _effect(effect),
        "at_once": _at_once(effect or {}),
        **worth_a_look(viewer, effect or {}),
        "form": form,
        "withdraws": decides,
        "approves": decides and effect is not None and found.proposed_by_id != viewer.person,
        "is_own": found.proposed_by_id == viewer.person,
    }
    return render(request, "custodes/proposal.html", context)


def _effect(told: dict[str, Any] | None) -> dict[str, Any] | None:
    """Return what the rehearsal found, with tables to draw."""
    if told is None:
        return None
    tables = [
        {"title": title, "rows": _rows(told[key], none)}
        for key, title, none in (
            ("by_category", "By category", "no category"),
            ("by_month", "By the month in which they go", ""),
            ("by_unit", "By unit", "no unit"),
        )
        if key in told
    ]
    reviewed = told["reviewed"]
    return {**told, "at": parse_rfc3339(told["at"]), "tables": tables,
            "reviewed_before": reviewed[0], "reviewed_after": reviewed[1],
            "differs": told["sooner"] + told["later"]}  # fmt: skip


def _at_once(told: dict[str, Any]) -> str:
    """Say how many the first sweep under it would delete, beside what the last one did."""
    if "at_once" not in told:
        return ""
    before, after = told["at_once"]
    instead = f"; under the schedule in force {before:,} of them" if before != after else ""
    said = f"Of those looked at, {counted(after, 'recording')} would go with the first sweep"
    last = told["last"]
    if last is None:
        return f"{said} under it{instead}. Nothing was deleted before."
    when = day(localtime(parse_rfc3339(last["rehearsed_at"])))
    return f"{said} under it{instead}. The last sweep, of {when}, deleted {last['disposed']:,}."


def _rows(counts: list[list[Any]], none: str) -> list[dict[str, Any]]:
    largest = max((max(before, after) for _, before, after in counts), default=1) or 1
    return [
        {"name": name or none, "before": before, "after": after, "largest": largest}
        for name, before, after in counts
    ]
