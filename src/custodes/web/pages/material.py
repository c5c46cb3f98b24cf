"""Recordings in a case: added, assessed, taken out, and every camera beside them."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from custodes.cases.actions.material import Assessment, add_recordings, assess, take_out
from custodes.cases.actions.siblings import look_for_siblings
from custodes.cases.actions.take import take_paper
from custodes.cases.coverage import coverage_for
from custodes.cases.errors import CaseRefused
from custodes.cases.papers import unused_of
from custodes.cases.queries import (
    case_for,
    case_to_work_on,
    cases_for,
    cases_with,
    material_for,
    within_case,
)
from custodes.cases.rules.audiences import Audience, Paper
from custodes.cases.rules.proceeding import OUTCOMES, STAYS_AS_DECIDED
from custodes.kernel.clock import now
from custodes.kernel.errors import NotFound
from custodes.people.rules import Permission, Reach
from custodes.recordings.actions.take_record import Handed
from custodes.recordings.queries import recording_for
from custodes.web.case_forms import AddForm, AssessForm, ReasonForm, TakeForm
from custodes.web.cases_drawn import choice_of, lines_of, picture_of, url_of
from custodes.web.mending import tried
from custodes.web.sending import disposition, marked
from custodes.web.viewer import viewer_of, viewer_with
from custodes.web.viewings import make_sure_a_case_is_looked_at
from custodes.web.words import counted


@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, handle: str) -> HttpResponse:
    """Add a recording to a case of the viewer's."""
    viewer = viewer_with(request, Permission.WORK_ON_CASES)
    recording = recording_for(viewer, handle)
    open_cases = cases_for(viewer, Permission.WORK_ON_CASES).exclude(state__in=OUTCOMES)
    there = cases_with(viewer, recording)
    choices = [choice_of(each) for each in open_cases.exclude(pk__in=there.values("pk"))[:200]]
    form = AddForm(request.POST or None, cases=choices)
    if request.method == "POST" and form.is_valid():
        case = case_for(viewer, form.cleaned_data["case"])
        because = form.cleaned_data["because"]
        if tried(form, lambda: add_recordings(viewer, case, [recording], because, at=now())):
            messages.success(request, "The recording is in the case, and held from now on.")
            return redirect("material", case.handle, handle)
    context = {"recording": recording, "form": form, "choices": choices, "there": there}
    return render(request, "custodes/case_add.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def material(request: HttpRequest, handle: str, recording: str) -> HttpResponse:
    """Show a recording of a case, and take down what becomes of it."""
    viewer = viewer_of(request)
    case = case_for(viewer, handle)
    found = material_for(viewer, case, recording)
    make_sure_a_case_is_looked_at(request, viewer, case)
    known = {"status": found.status, "description": found.description, "reason": found.reason}
    form = AssessForm(request.POST or None, initial=known)
    if request.method == "POST" and form.is_valid():
        said = Assessment(*form.said())
        if tried(form, lambda: assess(viewer, case, found.recording, said, at=now())):
            messages.success(request, "It was entered.")
            return redirect(f"{url_of(case)}#recordings")
    coverage = coverage_for(viewer, case)
    [line] = [each for each in lines_of(viewer, coverage) if each.handle == recording]
    context = {
        "case": case,
        "line": line,
        "material": found,
        "form": form,
        "works": within_case(viewer, Permission.WORK_ON_CASES, case),
    }
    return render(request, "custodes/material.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def out(request: HttpRequest, handle: str, recording: str) -> HttpResponse:
    """Ask why a recording is taken out of a case, and take it out."""
    viewer = viewer_of(request)
    case = case_to_work_on(viewer, handle)
    found = material_for(viewer, case, recording)
    if case.state in OUTCOMES:
        raise CaseRefused(*STAYS_AS_DECIDED)
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        because = form.cleaned_data["because"]
        if tried(form, lambda: take_out(viewer, case, found.recording, because, at=now())):
            messages.success(request, "It was taken out. What holds it still holds it.")
            return redirect(f"{url_of(case)}#recordings")
    context = {"case": case, "form": form, "title": "Take a recording out of the case",
               "text": "Whoever reached it through this case does not any more. The case goes "
                       "on holding it until the case ends or somebody who releases holds lets it "
                       "go, and it stays at least 14 days after that. From then on it goes by its "
                       "own category, as if it had never been in the case.",
               "button": "Take it out", "back": f"{url_of(case)}#recordings"}  # fmt: skip
    return render(request, "custodes/case_why.html", context, status=400 if form.errors else 200)


@require_safe
def coverage(request: HttpRequest, handle: str) -> HttpResponse:
    """Draw what every camera filmed, on one line of time."""
    viewer = viewer_of(request)
    case = case_for(viewer, handle)
    make_sure_a_case_is_looked_at(request, viewer, case)
    found = coverage_for(viewer, case)
    context = {
        "case": case,
        "coverage": found,
        "lines": lines_of(viewer, found),
        "picture": picture_of(found),
        "works": within_case(viewer, Permission.WORK_ON_CASES, case),
        "settles": viewer.reach(Permission.SEARCH) is Reach.ALL,
    }
    return render(request, "custodes/coverage.html", context)


@require_POST
def look(request: HttpRequest, handle: str) -> HttpResponse:
    """Look for other cameras and bring them into the case."""
    viewer = viewer_of(request)
    case = case_for(viewer, handle)
    found = look_for_siblings(viewer, case, at=now())
    said = f"{counted(found, 'recording')} of other cameras came into the case, held from now on."
    messages.success(request, said if found else "No other recording was found.")
    return redirect("coverage", handle)


@require_safe
def unused(request: HttpRequest, handle: str) -> HttpResponse:
    """Show both schedules of unused material."""
    viewer = viewer_of(request)
    case = case_for(viewer, handle)
    make_sure_a_case_is_looked_at(request, viewer, case)
    context = {
        "case": case,
        "plain": unused_of(viewer, case, sensitive=False),
        "sensitive": unused_of(viewer, case, sensitive=True),
    }
    return render(request, "custodes/unused.html", context)


@require_POST
def take(request: HttpRequest, handle: str) -> HttpResponse:
    """Hand out a list or schedule of a case, with recipient and reason on the record."""
    viewer = viewer_of(request)
    case = case_for(viewer, handle)
    form = TakeForm(request.POST)
    if not form.is_valid():
        raise NotFound("There is no such paper.", "Nothing was handed out. Fill in every field.")
    given = form.cleaned_data
    paper, _, form_of = given["paper"].partition(":")
    written = take_paper(
        viewer,
        case,
        Paper(paper),
        Audience(given["audience"]),
        Handed(given["recipient"], given["because"]),
        as_json=form_of == "json",
        at=now(),
    )
    answer = HttpResponse(written.content, content_type=written.media_type)
    answer["Content-Disposition"] = disposition("attachment", marked(written.name))
    return answer
