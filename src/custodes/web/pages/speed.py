"""Speed of justice: how long it took from what was filmed to who decides on it, by unit."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import get_current_timezone, localdate
from django.views.decorators.http import require_safe

from custodes.disclosure.rules.speed import (
    STEP_NAMES,
    Spread,
    Step,
    Unit,
    by_month,
    by_unit,
    place,
    unit_of,
)
from custodes.disclosure.speed import may_see_speed, ways_for
from custodes.kernel.clock import now
from custodes.people.errors import NotAllowed
from custodes.web.months import Month, month_of
from custodes.web.viewer import viewer_of
from custodes.web.words import how_long

_MONTHS = 12
#: The width of each small picture, in the units of its own drawing.
_WIDTH = 1000
_MARKS = (
    ("1 hour", timedelta(hours=1)),
    ("1 day", timedelta(days=1)),
    ("30 days", timedelta(days=30)),
)


@dataclass(frozen=True, slots=True)
class Cell:
    """One step of one unit: from the quickest to the slowest, the middle marked."""

    step: str
    spread: Spread
    x: int = 0
    wide: int = 0
    middle: int = 0
    says: str = ""
    slowest: str = ""


@require_safe
def speed(request: HttpRequest) -> HttpResponse:
    """Show each unit's steps for the clips of one month, and each month's totals."""
    viewer = viewer_of(request)
    if not may_see_speed(viewer):
        raise NotAllowed("None of your roles shows figures of units.")
    today = localdate(now())
    ways = ways_for(viewer, Month(_months_back(today, _MONTHS - 1)).begins, now())
    months = by_month(ways, get_current_timezone())
    newest = f"{months[0].begins:%Y-%m}" if months else ""
    shown = month_of(request.GET.get("month", newest), today)
    of_it = [way for way in ways if shown.begins <= way.cut < shown.ends]
    units = by_unit(of_it)
    if len(units) > 1:
        units.insert(0, unit_of("All units", of_it))
    context = {
        "months": months,
        "shown": shown.first,
        "units": [(unit, [_cell(unit, step) for step in Step]) for unit in units],
        "unknown": sum(way.took(Step.DOCKED) is None for way in of_it),
        "steps": list(STEP_NAMES.values()),
        "marks": [(name, place(at, _WIDTH)) for name, at in _MARKS],
        "width": _WIDTH,
    }
    return render(request, "custodes/speed.html", context)


def _cell(unit: Unit, step: Step) -> Cell:
    spread = unit.steps[step]
    if not spread.number:
        return Cell(STEP_NAMES[step], spread)
    x, end = place(spread.quickest, _WIDTH), place(spread.slowest, _WIDTH)
    middle = place(spread.middle, _WIDTH)
    return Cell(
        STEP_NAMES[step],
        spread,
        x=min(x, _WIDTH - 6),
        wide=max(end - x, 6),
        middle=min(max(middle - 4, 0), _WIDTH - 8),
        says=how_long(spread.middle),
        slowest=how_long(spread.slowest),
    )


def _months_back(day: date, count: int) -> date:
    months = day.year * 12 + day.month - 1 - count
    return date(months // 12, months % 12 + 1, 1)
