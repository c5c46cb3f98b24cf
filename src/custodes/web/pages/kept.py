"""What is kept, by line of the schedule, and what is kept with no date, by why."""

from __future__ import annotations

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from custodes.kernel.clock import now
from custodes.people.rules import Permission, Reach, Viewer
from custodes.retention.coming import kept_by_line, names_of_lines
from custodes.retention.rules.undated import UNDATED_NAMES, WHAT_TO_DO, Undated
from custodes.retention.undated import undated_by_reason, undated_for, unlined_for
from custodes.web.pages.keeping import with_reasons
from custodes.web.viewer import viewer_with

_A_PAGE = 50


@require_safe
def kept(request: HttpRequest) -> HttpResponse:
    """Show how many recordings are kept by which line, and how many with no date, and why."""
    viewer = viewer_with(request, Permission.SEE_RETENTION)
    groups = [
        {"why": why.value, "name": UNDATED_NAMES[why], "do": WHAT_TO_DO[why], "number": number,
         "url": _where(viewer, why)}
        for why, number in undated_by_reason(viewer).items()
    ]  # fmt: skip
    lines, names = kept_by_line(viewer).items(), names_of_lines(now())
    context = {
        "groups": groups,
        "unlined": unlined_for(viewer),
        "lines": [(f"{code} {names.get(code, '')}".strip(), number) for code, number in lines],
        "proposes": viewer.may(Permission.CHANGE_SCHEDULE),
        "sees": viewer.reach(Permission.SEARCH) is Reach.ALL,
    }
    return render(request, "custodes/kept.html", context)


@require_safe
def undated(request: HttpRequest, number: int) -> HttpResponse:
    """List what is kept with no date for one reason, each with its own sentence."""
    viewer = viewer_with(request, Permission.SEE_RETENTION)
    page = Paginator(undated_for(viewer, number), _A_PAGE).get_page(request.GET.get("page"))
    context = {
        "name": UNDATED_NAMES[Undated(number)],
        "do": WHAT_TO_DO[Undated(number)],
        "url": _where(viewer, Undated(number)),
        "page": page,
        "rows": with_reasons(page, now()),
        "sees": viewer.reach(Permission.SEARCH) is Reach.ALL,
    }
    return render(request, "custodes/undated.html", context)


def _where(viewer: Viewer, why: Undated) -> str:
    """Return where something is done about it; empty where it is done in each recording."""
    match why:
        case Undated.HELD:
            return reverse("holds")
        case Undated.RESTRICTED if viewer.may(Permission.RESTRICT):
            return reverse("restrictions")
        case Undated.ARRIVING if viewer.may(Permission.SEE_GAPS):
            return reverse("gaps")
        case Undated.NO_LINE if viewer.may(Permission.CHANGE_SCHEDULE):
            return reverse("propose")
        case Undated.CASE_OPEN | Undated.CHALLENGED | Undated.SENTENCE | Undated.RELEASE if (
            viewer.may(Permission.SEE_CASES)
        ):
            return reverse("cases")
        case _:
            return ""
