"""Exhibits: numbered, shown, voided, and the draft of the statement that produces one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from custodes.cases.actions.exhibit import NewExhibit, number_exhibit, void_exhibit
from custodes.cases.actions.take import take_statement
from custodes.cases.clips import clip_of
from custodes.cases.papers import facts_for_statement
from custodes.cases.queries import case_for, case_to_work_on, exhibit_for, within_case
from custodes.cases.rules.audiences import Audience
from custodes.cases.rules.exhibits import initials_of
from custodes.cases.rules.papers import TYPE_NAMES, DocumentType
from custodes.cases.rules.statement import draft
from custodes.kernel.clock import now
from custodes.people.rules import Permission
from custodes.recordings.actions.take_record import Handed
from custodes.recordings.clips import described, made_of
from custodes.recordings.queries import recording_for
from custodes.recordings.reports import name_of
from custodes.web.case_forms import ExhibitForm, ReasonForm
from custodes.web.facts import clips_shown
from custodes.web.mending import tried
from custodes.web.sending import disposition, marked
from custodes.web.viewer import viewer_of
from custodes.web.viewings import make_sure_a_case_is_looked_at

if TYPE_CHECKING:
    from custodes.cases.models import Exhibit


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, handle: str, recording: str) -> HttpResponse:
    """Make a recording an exhibit of a case."""
    viewer = viewer_of(request)
    case = case_to_work_on(viewer, handle)
    filmed = recording_for(viewer, recording)
    clips = clips_shown(made_of(viewer, filmed))
    choices = [(one["handle"], f"{one['what']} of {one['when']}") for one in clips]
    asked = request.GET.get("clip", "")
    because = next((one["because"] for one in clips if one["handle"] == asked), "")
    first = {"initials": initials_of(str(filmed.wearer or "")), "clip": asked, "item": because}
    form = ExhibitForm(request.POST or None, initial=first, clips=choices)
    made: list[Exhibit] = []
    if request.method == "POST" and form.is_valid():
        wanted = NewExhibit(**form.cleaned_data)
        if tried(form, lambda: made.append(number_exhibit(viewer, case, filmed, wanted, at=now()))):
            messages.success(request, f"It is exhibit {made[0]}, and held from now on.")
            return redirect("exhibit", handle, made[0].handle)
    context = {"case": case, "recording": filmed, "what": name_of(filmed), "form": form}
    return render(request, "custodes/exhibit_new.html", context, status=400 if form.errors else 200)


@require_safe
def exhibit(request: HttpRequest, handle: str, exhibit: str) -> HttpResponse:
    """Show one exhibit."""
    viewer = viewer_of(request)
    case = case_for(viewer, handle)
    found = exhibit_for(viewer, case, exhibit)
    make_sure_a_case_is_looked_at(request, viewer, case)
    context = {
        "case": case,
        "exhibit": found,
        "type": TYPE_NAMES.get(DocumentType(found.document_type), "other"),
        "what": name_of(found.recording),
        "clip": _clip(found),
        "made_from_it": found.made_from_it.all(),
        "works": within_case(viewer, Permission.WORK_ON_CASES, case),
    }
    return render(request, "custodes/exhibit.html", context)


def _clip(exhibit: Exhibit) -> dict[str, Any] | None:
    copy = clip_of(exhibit)
    return None if copy is None else clips_shown([described(copy)])[0]


@require_http_methods(["GET", "HEAD", "POST"])
def void(request: HttpRequest, handle: str, exhibit: str) -> HttpResponse:
    """Ask why an exhibit is none any more, and void it."""
    viewer = viewer_of(request)
    case = case_to_work_on(viewer, handle)
    found = exhibit_for(viewer, case, exhibit)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        because = form.cleaned_data["because"]
        if tried(form, lambda: void_exhibit(viewer, found, because, at=now())):
            messages.success(request, f"{found} was voided. Its number is not given again.")
            return redirect("exhibit", handle, exhibit)
    context = {"case": case, "form": form, "title": f"Void exhibit {found}",
               "text": "It stays in the list as voided, with your reason. Its number is never "
                       "given again, and its recording stays held until people let it go.",
               "button": f"Void {found}", "back": request.path.removesuffix("/void")}  # fmt: skip
    return render(request, "custodes/case_why.html", context, status=400 if form.errors else 200)


@require_safe
def statement(request: HttpRequest, handle: str, exhibit: str) -> HttpResponse:
    """Show the draft of the statement that produces an exhibit, and what is missing from it."""
    viewer = viewer_of(request)
    case = case_for(viewer, handle)
    found = exhibit_for(viewer, case, exhibit)
    make_sure_a_case_is_looked_at(request, viewer, case)
    context = {
        "case": case,
        "exhibit": found,
        "sentences": draft(facts_for_statement(found)),
        "works": within_case(viewer, Permission.WORK_ON_CASES, case),
    }
    return render(request, "custodes/statement.html", context)


@require_POST
def take(request: HttpRequest, handle: str, exhibit: str) -> HttpResponse:
    """Hand out the draft as text; it goes to the prosecutor's side alone."""
    viewer = viewer_of(request)
    case = case_for(viewer, handle)
    found = exhibit_for(viewer, case, exhibit)
    handed = Handed(request.POST.get("recipient", ""), request.POST.get("because", ""))
    written = take_statement(viewer, found, Audience.PROSECUTOR, handed, at=now())
    answer = HttpResponse(written.content, content_type=written.media_type)
    answer["Content-Disposition"] = disposition("attachment", marked(written.name))
    return answer
