"""The inventory: what should be held, what is, what was deleted, and what is missing."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.timezone import localtime
from django.views.decorators.http import require_safe

from custodes.kernel.clock import now
from custodes.people.rules import Permission, Viewer
from custodes.recordings.queries import recordings_for
from custodes.retention.facts import readable_schedule_at
from custodes.retention.inventory.accepted import accepted_among
from custodes.retention.inventory.figures import Figures, Month
from custodes.retention.inventory.shown import alarm_for, discrepancies_for, totals_for
from custodes.retention.inventory.telling import headline, lines
from custodes.retention.rules.inventory import LOOK_EVERY, Fault, Kind
from custodes.retention.undestroyed import undestroyed_for
from custodes.web.viewer import viewer_with
from custodes.web.words import counted, how_long

if TYPE_CHECKING:
    from custodes.retention.inventory.tables import Discrepancy

_A_PAGE = 50
_TOTALS = 14
# The width of the longest bar, in the units of its own drawing.
_WIDTH = 1000
FAULTS = {
    Fault.FORGOTTEN: ("needs", "Row gone"),
    Fault.MISSING: ("refused", "Missing"),
    Fault.SURVIVING: ("needs", "Should be gone"),
    Fault.UNEXPECTED: ("quiet", "Nobody knows it"),
    Fault.MISCOUNTED: ("needs", "Does not agree"),
}
_KINDS = {
    Kind.NOBODYS: "Sealed object",
    Kind.ORIGINAL: "Original",
    Kind.COPY: "Copy for viewing",
    Kind.APART: "File set apart on arrival",
    Kind.FORGOTTEN: "Original, its row gone",
    Kind.CAMERA: "Numbers of a camera",
    Kind.GAP: "Gap of the register",
}


@require_safe
def inventory(request: HttpRequest) -> HttpResponse:
    """Show the last total as a picture and in sentences, and list what is not as it should be."""
    viewer = viewer_with(request, Permission.SEE_INVENTORY)
    totals = list(totals_for(viewer)[:_TOTALS])
    page = Paginator(discrepancies_for(viewer), _A_PAGE).get_page(request.GET.get("page"))
    context: dict[str, Any] = {
        "alarm": alarm_for(viewer, now()),
        "undestroyed": undestroyed_for(viewer, now()),
        "every": how_long(LOOK_EVERY),
        "page": page,
        "rows": _rows(viewer, page),
        "accepts": viewer.may(Permission.ACCEPT_LOSS),
        "totals": [_total(each) for each in totals],
        "sees_ledger": viewer.may(Permission.SEE_LEDGER),
    }
    if totals:
        figures = Figures.from_value(totals[0].figures)
        context |= {
            "newest": totals[0],
            "figures": figures,
            "headline": headline(figures),
            "lines": lines(figures),
            "bars": _bars(figures.months),
            "deleted": _deleted(figures),
        }
    return render(request, "custodes/inventory.html", context)


def _deleted(figures: Figures) -> list[str]:
    """Return how many recordings were deleted under each line of the schedule."""
    schedule = readable_schedule_at(now())
    names = {line.code: line.name for line in schedule.lines} if schedule else {}
    return [
        f"{counted(number, 'recording')} under {code} {names.get(code, '')}".rstrip()
        for code, number in figures.lines
    ]


def _in_words(month: str) -> str:
    return f"{date.fromisoformat(f'{month}-01'):%B %Y}" if month else "not known"


def _bars(months: Iterable[Month]) -> list[dict[str, Any]]:
    """Return each month with the parts of its bar, the newest first."""
    listed = sorted(months, key=lambda month: month.month, reverse=True)
    longest = max((each.wanted + each.disposed for each in listed), default=0) or 1
    return [_bar(each, _WIDTH / longest) for each in listed]


def _bar(month: Month, unit: float) -> dict[str, Any]:
    held = max(month.wanted - month.missing, 0)
    parts, start = [], 0.0
    for name, number in (("held", held), ("missing", month.missing), ("gone", month.disposed)):
        # What is there at all is to be seen, however little it is.
        width = max(number * unit, 4.0) if number else 0.0
        parts.append({"name": name, "x": round(start, 1), "width": round(width, 1)})
        start += width
    return {
        "month": _in_words(month.month),
        "wanted": month.wanted,
        "held": held,
        "missing": month.missing,
        "disposed": month.disposed,
        "parts": [part for part in parts if part["width"]],
        "width": _WIDTH + 12,
    }


def _rows(viewer: Viewer, page: Iterable[Discrepancy]) -> list[dict[str, Any]]:
    found = list(page)
    wanted = {each.recording for each in found if each.recording}
    known = recordings_for(viewer).filter(handle__in=wanted).select_related("camera")
    named = {each.handle: each for each in known}
    settled = accepted_among(viewer, found)
    return [_row(each, named.get(each.recording), settled=each.handle in settled) for each in found]


def _row(found: Discrepancy, recording: Any, *, settled: bool) -> dict[str, Any]:  # noqa: ANN401 - a Recording, or None
    status, word = FAULTS[Fault(found.fault)]
    what = "" if recording is None else f"{localtime(recording.started_at):%-d %B %Y, %H:%M %Z}"
    return {
        "status": status,
        "word": word,
        "kind": _KINDS[Kind(found.kind)],
        "settled": settled,
        "handle": found.handle,
        "month": _in_words(found.month) if found.month else "",
        "noticed_at": found.noticed_at,
        "says": found.says,
        "what": f"{what}, {recording.camera}" if what else "",
        "url": reverse("recording", args=[found.recording]) if recording is not None else "",
    }


def _total(total: Any) -> dict[str, Any]:  # noqa: ANN401 - an Inventory, which a door does not import
    figures = Figures.from_value(total.figures)
    return {
        "taken_at": total.taken_at,
        "entry": total.entry,
        "wanted": figures.wanted,
        "held": figures.held,
        "missing": figures.missing,
        "disposed": figures.disposed,
    }
