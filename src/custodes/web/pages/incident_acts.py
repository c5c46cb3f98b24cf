"""What is done in an incident, a form a page: what will happen is said before the button."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localtime
from django.views.decorators.http import require_http_methods

from custodes.incidents.actions.access import decide_anew, end_access, let_in
from custodes.incidents.actions.declare import widen
from custodes.incidents.actions.proceed import end_procedure, link_monitoring, note_stage, refer
from custodes.incidents.queries import (
    decision_for,
    incident_for,
    key_witnesses_of,
    locked_by,
    sights_of,
)
from custodes.kernel.clock import now
from custodes.kernel.errors import Refused
from custodes.people.rules import Permission, Viewer
from custodes.web.incident_forms import (
    EndForm,
    LetInForm,
    MonitoringForm,
    ReferForm,
    StageForm,
    WhoAndWhat,
    WhyForm,
    as_it_was,
)
from custodes.web.viewer import viewer_with
from custodes.web.words import counted

if TYPE_CHECKING:
    from django import forms

    from custodes.incidents.models import Incident

_Do = Callable[[Any], str]


@dataclass(frozen=True, slots=True)
class _Says:
    """What a page says of an act before the button, and the button."""

    title: str
    text: str
    button: str
    grave: bool = False


_SAYS = {
    "add": _Says(
        "Add officers, cameras or a position",
        "What they filmed around that time, and what anybody filmed near the position, is held and "
        "locked at once, and what is docked later as it arrives. Nothing is ever taken out again.",
        "Add them, and lock what they filmed",
        grave=True,
    ),
    "stage": _Says(
        "Note a stage",
        "A key witness may look at footage only once the personal initial account is noted, or "
        "if a decision says expressly that it is before it. A time noted anew leaves the first.",
        "Note it",
    ),
    "let": _Says(
        "Let somebody see footage",
        "They see it from the moment you press the button. Your decision is kept as it stands: it "
        "can be followed by another version or ended, but never changed.",
        "Let them in",
        grave=True,
    ),
    "anew": _Says(
        "Decide anew",
        "This makes the next version. The version before ends, and stays on record as it is.",
        "Make the next version",
        grave=True,
    ),
    "no_more": _Says(
        "Let somebody in no more",
        "From the moment you press the button they do not see it any more.",
        "Let them in no more",
    ),
    "refer": _Says(
        "Note the referral",
        "Note when it was referred to the IOPC and under which reference.",
        "Note it",
    ),
    "monitoring": _Says(
        "Link a recording of the procedure itself",
        "Where a camera was used to watch over the procedure, its recording is held and locked "
        "with the incident. Paste its name or its address.",
        "Hold and lock it with the incident",
        grave=True,
    ),
    "end": _Says(
        "End the procedure",
        "The locks are lifted: whoever might see these recordings before may see them again, and "
        "nobody any more because a decision let them in. The police watchdog goes on seeing all "
        "of it. The hold stays until two people release it, and catches what is docked later too. "
        "It takes all four accounts of every key witness, and every camera docked, or why not.",
        "Lift the locks",
        grave=True,
    ),
}


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, handle: str) -> HttpResponse:
    """Add officers, cameras and areas that it reaches for too."""
    viewer, incident = _of(request, handle, Permission.DECLARE_INCIDENT)

    def do(given: dict[str, Any]) -> str:
        more = widen(viewer, incident, **given, at=now())
        return f"Added. {counted(more, 'more recording')} {'is' if more == 1 else 'are'} locked."

    return _act(request, incident, WhoAndWhat(request.POST or None), "add", do)


@require_http_methods(["GET", "HEAD", "POST"])
def stage(request: HttpRequest, handle: str) -> HttpResponse:
    """Note when a key witness came to a stage."""
    viewer, incident = _of(request, handle)
    form = StageForm(
        key_witnesses_of(viewer, incident), request.POST or None, {"reached_at": _minute()}
    )

    def do(given: dict[str, Any]) -> str:
        note_stage(viewer, **given, at=now())
        return "The stage is noted."

    return _act(request, incident, form, "stage", do)


@require_http_methods(["GET", "HEAD", "POST"])
def let(request: HttpRequest, handle: str) -> HttpResponse:
    """Decide that somebody may see footage."""
    viewer, incident = _of(request, handle)
    form = LetInForm(locked_by(viewer, incident), request.POST or None, {})

    def do(_: dict[str, Any]) -> str:
        made = let_in(viewer, incident, form.letting(), at=now())
        return f"{made.person} may see it from now on."

    return _act(request, incident, form, "let", do)


@require_http_methods(["GET", "HEAD", "POST"])
def anew(request: HttpRequest, handle: str, number: int) -> HttpResponse:
    """Make the next version of a decision."""
    viewer, incident = _of(request, handle)
    decision = decision_for(viewer, incident, number)
    form = LetInForm(locked_by(viewer, incident), request.POST or None, as_it_was(decision))

    def do(_: dict[str, Any]) -> str:
        made = decide_anew(viewer, decision, form.letting(), at=now())
        return f"Version {made.version} counts from now on. The one before stays as it was."

    return _act(request, incident, form, "anew", do)


@require_http_methods(["GET", "HEAD", "POST"])
def no_more(request: HttpRequest, handle: str, number: int) -> HttpResponse:
    """Let somebody in no more."""
    viewer, incident = _of(request, handle)
    decision = decision_for(viewer, incident, number)

    def do(given: dict[str, Any]) -> str:
        end_access(viewer, decision, **given, at=now())
        return f"{decision.person} sees it no more."

    return _act(request, incident, WhyForm(request.POST or None), "no_more", do)


@require_http_methods(["GET", "HEAD", "POST"])
def referred(request: HttpRequest, handle: str) -> HttpResponse:
    """Note that it was referred to the IOPC."""
    viewer, incident = _of(request, handle)
    form = ReferForm(request.POST or None, initial={"referred_at": _minute()})

    def do(given: dict[str, Any]) -> str:
        refer(viewer, incident, **given, at=now())
        return "The referral is noted."

    return _act(request, incident, form, "refer", do)


@require_http_methods(["GET", "HEAD", "POST"])
def monitoring(request: HttpRequest, handle: str) -> HttpResponse:
    """Link a recording of the procedure itself."""
    viewer, incident = _of(request, handle)

    def do(given: dict[str, Any]) -> str:
        link_monitoring(viewer, incident, **given, at=now())
        return "It is held and locked with the incident."

    return _act(request, incident, MonitoringForm(request.POST or None), "monitoring", do)


@require_http_methods(["GET", "HEAD", "POST"])
def end(request: HttpRequest, handle: str) -> HttpResponse:
    """End the procedure and lift the locks."""
    viewer, incident = _of(request, handle)
    out = [sight for sight in sights_of(viewer, incident, now()) if sight.unrecovered]
    form = EndForm(out, request.POST or None)

    def do(_: dict[str, Any]) -> str:
        lifted = end_procedure(viewer, incident, **form.ending(), at=now())
        return f"The locks on {counted(lifted, 'recording')} were lifted. The hold stays."

    return _act(request, incident, form, "end", do)


def _of(
    request: HttpRequest, handle: str, permission: Permission = Permission.MANAGE_INCIDENT
) -> tuple[Viewer, Incident]:
    viewer = viewer_with(request, permission)
    return viewer, incident_for(viewer, handle)


def _act(
    request: HttpRequest, incident: Incident, form: forms.Form, act: str, do: _Do
) -> HttpResponse:
    if request.method == "POST" and form.is_valid():
        try:
            said = do(form.cleaned_data)
        except Refused as refused:
            # What is missing is said beside what was typed, which would be lost otherwise.
            form.add_error(None, refused.reason)
        else:
            messages.success(request, said)
            return redirect("incident", incident.handle)
    context = {"incident": incident, "form": form, "says": _SAYS[act]}
    status = 400 if form.errors else 200
    return render(request, "custodes/incident_act.html", context, status=status)


def _minute() -> Any:  # noqa: ANN401 - a moment, as a form's first value
    return localtime(now()).replace(second=0, microsecond=0)
