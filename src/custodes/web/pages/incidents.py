"""Deaths and serious injuries: the list, declaring one, and its page with all there is to know."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import get_current_timezone, localtime
from django.views.decorators.http import require_http_methods, require_safe

from custodes.incidents.actions.access import PURPOSES
from custodes.incidents.actions.declare import declare
from custodes.incidents.queries import (
    Sight,
    Witness,
    current_referral,
    decisions_of,
    incident_for,
    incidents_for,
    sees_all,
    sights_of,
    witnesses_of,
)
from custodes.incidents.rules import STAGE_NAMES, Stage, refer_by
from custodes.incidents.viewings import Looks, looks_at
from custodes.kernel.clock import now
from custodes.people.rules import Permission, Viewer
from custodes.recordings.queries import recordings_for
from custodes.recordings.rules import OpenFor
from custodes.web.incident_forms import DeclareForm
from custodes.web.mending import tried
from custodes.web.sights import lanes, place_of
from custodes.web.viewer import viewer_with
from custodes.web.words import counted, how_long

if TYPE_CHECKING:
    from custodes.incidents.models import Incident

_A_PAGE = 50
_MINUTE = timedelta(minutes=1)


@require_safe
def incidents(request: HttpRequest) -> HttpResponse:
    """List the incidents this person may know of, the newest first."""
    viewer = viewer_with(request, Permission.SEE_INCIDENTS)
    page = Paginator(incidents_for(viewer), _A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "rows": [_row(viewer, each) for each in page.object_list],
        "declares": viewer.may(Permission.DECLARE_INCIDENT),
    }
    return render(request, "custodes/incidents.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def declare_one(request: HttpRequest) -> HttpResponse:
    """Ask what is known, and hold and lock everything at once."""
    viewer = viewer_with(request, Permission.DECLARE_INCIDENT)
    form = DeclareForm(
        request.POST or None, initial={"happened_at": localtime(now()).replace(second=0)}
    )
    made: list[Incident] = []
    if request.method == "POST" and form.is_valid():
        at = now()
        if tried(form, lambda: made.append(declare(viewer, form.said(), at=at))):
            return _declared(request, viewer, made[0], at)
    status = 400 if form.errors else 200
    return render(request, "custodes/incident_declare.html", {"form": form}, status=status)


def _declared(
    request: HttpRequest, viewer: Viewer, incident: Incident, at: datetime
) -> HttpResponse:
    number = incident.hold.held.count()
    verb = "is" if number == 1 else "are"
    said = f"Declared. {counted(number, 'recording')} {verb} held and locked."
    if not incidents_for(viewer).filter(pk=incident.pk).exists():
        said += " You were there yourself: from now on others look after it."
        messages.success(request, said)
        return redirect("today")
    messages.success(request, f"{said} {_not_docked(sights_of(viewer, incident, at))}")
    return redirect("incident", incident.handle)


@require_safe
def incident(request: HttpRequest, handle: str) -> HttpResponse:
    """Show one incident: what is held and locked, what is still out, and what happens next."""
    viewer = viewer_with(request, Permission.SEE_INCIDENTS)
    found = incident_for(viewer, handle)
    at = now()
    sights = sights_of(viewer, found, at)
    context: dict[str, Any] = {
        "incident": found,
        "number": found.hold.held.count(),
        "areas": sorted(found.hold.reach().areas),
        "progress": _progress(found, sights),
        "sights": sights,
        "out": [sight for sight in sights if sight.unrecovered],
        "sees_all": sees_all(viewer, found),
        "declares": found.ended_at is None and viewer.may(Permission.DECLARE_INCIDENT),
        "manages": found.ended_at is None and viewer.may(Permission.MANAGE_INCIDENT),
        "sees_holds": viewer.may(Permission.SEE_RETENTION),
        **_referral(viewer, found),
    }
    if context["sees_all"]:
        context |= _in_full(viewer, found, sights)
    return render(request, "custodes/incident.html", context)


@require_safe
def report(request: HttpRequest, handle: str) -> HttpResponse:
    """Show the stages and every look at the footage on one line of time, to print (PIP-04)."""
    viewer = viewer_with(request, Permission.SEE_INCIDENTS)
    found = incident_for(viewer, handle)
    context = {
        "incident": found,
        "sees_all": sees_all(viewer, found),
        "marking": settings.CUSTODES.marking,
        "made": now(),
        "by": viewer.name,
        **_in_full(viewer, found, []),
        **_referral(viewer, found),
    }
    return render(request, "custodes/incident_report.html", context)


def _row(viewer: Viewer, incident: Incident) -> dict[str, Any]:
    out = [sight for sight in sights_of(viewer, incident, now()) if sight.unrecovered]
    return {
        "incident": incident,
        "number": incident.hold.held.count(),
        "out": len(out),
        "referral": current_referral(viewer, incident),
    }


_LOCKED_THEN = "What comes from there is locked as it arrives."
_HELD_THEN = "What comes from there is held as it arrives, and not locked any more."


def _not_docked(sights: list[Sight], then: str = _LOCKED_THEN) -> str:
    if not any(sight.is_named for sight in sights):
        return "No camera was named."
    out = [sight for sight in sights if sight.unrecovered]
    if not out:
        return "All cameras that were named have been docked since."
    which = ", ".join(
        f"{each.camera} ({each.holder})" if each.holder else each.camera for each in out
    )
    verb = "has" if len(out) == 1 else "have"
    return f"{counted(len(out), 'camera')} {verb} not been docked yet: {which}. {then}".strip()


def _progress(incident: Incident, sights: list[Sight]) -> str:
    number = incident.hold.held.count()
    verb = "is" if number == 1 else "are"
    locked = "held and locked" if incident.ended_at is None else "held; the locks were lifted"
    return f"{counted(number, 'recording')} {verb} {locked}. {_not_docked(sights, _then(incident))}"


def _then(incident: Incident) -> str:
    if incident.ended_at is None:
        return _LOCKED_THEN
    return _HELD_THEN if incident.hold.as_rule().binds(now()) else ""


def _referral(viewer: Viewer, incident: Incident) -> dict[str, Any]:
    due = refer_by(incident.clear_at, get_current_timezone())
    referral = current_referral(viewer, incident)
    left = due - now()
    return {
        "referral": referral,
        "refer_by": due - _MINUTE,
        "late": (referral.referred_at if referral else now()) >= due,
        "left": how_long(abs(left)),
    }


def _in_full(viewer: Viewer, incident: Incident, sights: list[Sight]) -> dict[str, Any]:
    handles = [each.handle for sight in sights for each in sight.recordings]
    known = recordings_for(viewer).filter(handle__in=handles).values_list("handle", flat=True)
    looks = looks_at(viewer, incident)
    return {
        "lanes": lanes(sights, incident.window, set(known)),
        "moment": place_of(incident.happened_at, incident.window),
        "stages": list(STAGE_NAMES.items()),
        "witnesses": [_drawn(each, looks) for each in witnesses_of(viewer, incident)],
        "decisions": [
            {
                "it": each,
                "purpose": PURPOSES[OpenFor(each.purpose)],
                "stands": incident.ended_at is None and each.lets_in(now()),
            }
            for each in decisions_of(viewer, incident)
        ],
        "looks": looks,
    }


def _drawn(witness: Witness, looks: Looks) -> dict[str, Any]:
    seen = looks.of(witness.person.handle)
    return {
        "person": witness.person,
        "times": [
            {
                "name": STAGE_NAMES[stage],
                "at": witness.stages.get(stage),
                "anew": stage in witness.anew,
            }
            for stage in Stage
        ],
        "first_look": seen[0] if seen else None,
        "early": sum(look.too_early for look in seen),
    }
