"""Cases: which there are, a new one, one with everything in it, and its steps."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from custodes.cases.actions.assign import assign, unassign
from custodes.cases.actions.material import add_recordings
from custodes.cases.actions.open import correct_party, enter_party, open_case
from custodes.cases.actions.proceed import (
    challenge_case,
    look_over,
    move_case,
    note_attention_in_case,
)
from custodes.cases.coverage import coverage_for
from custodes.cases.errors import CaseRefused
from custodes.cases.queries import (
    case_for,
    case_to_work_on,
    cases_for,
    exhibits_of,
    known_of,
    my_cases,
    officers_of,
    parties_of,
    party_for,
    people_of,
    to_search,
    waiting_in,
    within_case,
)
from custodes.cases.report import history_of_case
from custodes.cases.rules.proceeding import OUTCOMES, Part, PartyRole, State, may_follow
from custodes.cases.still_needed import look_due_on
from custodes.kernel.clock import now
from custodes.people.rules import Permission, Viewer
from custodes.recordings.queries import recording_for
from custodes.retention.actions.proceedings import Challenge
from custodes.retention.rules.proceedings import Attention, starts_anew
from custodes.web.case_forms import (
    AssignForm,
    AttentionForm,
    CaseForm,
    GivenCaseForm,
    PartyForm,
    ReasonForm,
    StepForm,
    TakeForm,
)
from custodes.web.cases_drawn import lines_of, url_of
from custodes.web.entries import entries_of
from custodes.web.mending import tried
from custodes.web.viewer import viewer_of, viewer_with
from custodes.web.viewings import make_sure_a_case_is_looked_at
from custodes.web.words import counted

if TYPE_CHECKING:
    from custodes.cases.models import Case

_A_PAGE = 50


@require_safe
def cases(request: HttpRequest) -> HttpResponse:
    """List the viewer's own cases with what waits in them, and the others they may see.

    ``?all`` lists those that have ended too, ``?search`` those whose cameras nobody sought.
    """
    viewer = viewer_with(request, Permission.SEE_CASES)
    everything, searching = "all" in request.GET, "search" in request.GET
    mine, seen = my_cases(viewer), cases_for(viewer)
    if searching:
        mine, seen = mine.none(), to_search(viewer)
    elif not everything:
        mine, seen = mine.exclude(state__in=OUTCOMES), seen.exclude(state__in=OUTCOMES)
    own = list(mine)
    page = Paginator(seen.exclude(pk__in=[case.pk for case in own]), _A_PAGE)
    others = page.get_page(request.GET.get("page"))
    context = {
        "mine": _listed(viewer, own),
        "others": _listed(viewer, list(others)),
        "page": others,
        "page_query": "all&" if everything else "search&" if searching else "",
        "everything": everything,
        "searching": searching,
        "opens": viewer.may(Permission.WORK_ON_CASES),
    }
    return render(request, "custodes/cases.html", context)


def _listed(viewer: Viewer, found: list[Case]) -> list[dict[str, Any]]:
    waiting, officers = waiting_in(viewer, found), officers_of(viewer, found)
    return [
        {"case": each, "waits": _waits(waiting.get(each.pk, 0)), "officer": officers.get(each.pk),
         "unsought": each.sought_at is None and each.state not in OUTCOMES}
        for each in found
    ]  # fmt: skip


def _waits(number: int) -> str:
    return f"{counted(number, 'recording')} to look at" if number else ""


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest) -> HttpResponse:
    """Open a case."""
    viewer = viewer_with(request, Permission.WORK_ON_CASES)
    kind = GivenCaseForm if viewer.may(Permission.ASSIGN_CASES) else CaseForm
    form = kind(request.POST or None, initial={"recording": request.GET.get("recording", "")})
    opened: list[Case] = []
    sent = request.method == "POST" and form.is_valid()
    if sent and tried(form, lambda: opened.append(open_case(viewer, form.wanted(), at=now()))):
        messages.success(request, f"Case {opened[0]} is open.")
        return _opened(request, viewer, opened[0], form.cleaned_data["recording"])
    status = 400 if form.errors else 200
    return render(request, "custodes/case_new.html", {"form": form}, status=status)


def _opened(request: HttpRequest, viewer: Viewer, case: Case, recording: str) -> HttpResponse:
    """Add what the case was opened from, and go on where it is seen."""
    if not within_case(viewer, Permission.WORK_ON_CASES, case):
        return redirect("cases")  # it was given to somebody else
    if not recording:
        return redirect("case", case.handle)
    add_recordings(viewer, case, [recording_for(viewer, recording)], "", at=now())
    messages.success(request, "The recording is in it, and held from now on.")
    return redirect("material", case.handle, recording)


@require_safe
def case(request: HttpRequest, handle: str) -> HttpResponse:
    """Show one case: what keeps it from release, exhibits, recordings, people, history."""
    viewer = viewer_of(request)
    found = case_for(viewer, handle)
    make_sure_a_case_is_looked_at(request, viewer, found)
    return _page(request, viewer, found)


@require_POST
def people(request: HttpRequest, handle: str) -> HttpResponse:
    """Put somebody on a case."""
    viewer = viewer_of(request)
    found = case_for(viewer, handle)
    form = AssignForm(request.POST)
    if form.is_valid():
        person, part = form.cleaned_data["person"], Part(form.cleaned_data["part"])
        if tried(form, lambda: assign(viewer, found, person, part, at=now())):
            messages.success(request, f"{person} is on this case and reaches its recordings.")
            return redirect(f"{url_of(found)}#people")
    return _page(request, viewer, found, assign_form=form)


@require_http_methods(["GET", "HEAD", "POST"])
def off(request: HttpRequest, handle: str, person: str) -> HttpResponse:
    """Ask why somebody is taken off a case, and take them off."""
    viewer = viewer_of(request)
    found = case_to_work_on(viewer, handle, Permission.ASSIGN_CASES)
    working = people_of(viewer, found).filter(person__handle=person).first()
    if working is None:
        return redirect("case", handle)
    who = working.person
    form = ReasonForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        because = form.cleaned_data["because"]
        if tried(form, lambda: unassign(viewer, found, who, because, at=now())):
            messages.success(request, f"{who} is off this case and reaches nothing because of it.")
            still = cases_for(viewer).filter(pk=found.pk).exists()
            return redirect(f"{url_of(found)}#people" if still else "cases")
    context = {"case": found, "form": form, "title": f"Take {who} off the case",
               "text": f"{who} loses what this case opens with the next page they ask for. "
                       "What they did stays on the record.",
               "button": "Take them off the case", "back": f"{url_of(found)}#people"}  # fmt: skip
    return render(request, "custodes/case_why.html", context, status=_status(form))


@require_POST
def parties(request: HttpRequest, handle: str) -> HttpResponse:
    """Enter somebody who is in a case."""
    viewer = viewer_of(request)
    found = case_for(viewer, handle)
    form = PartyForm(request.POST)
    if form.is_valid():
        role, name = PartyRole(form.cleaned_data["role"]), form.cleaned_data["name"]
        if tried(form, lambda: enter_party(viewer, found, role, name, at=now())):
            messages.success(request, f"{name} was entered.")
            return redirect(f"{url_of(found)}#parties")
    return _page(request, viewer, found, party_form=form)


@require_http_methods(["GET", "HEAD", "POST"])
def party(request: HttpRequest, handle: str, party: str) -> HttpResponse:
    """Say anew what somebody is in a case, or what they are called."""
    viewer = viewer_of(request)
    found = case_to_work_on(viewer, handle)
    known = party_for(viewer, found, party)
    form = PartyForm(request.POST or None, initial={"role": known.role, "name": known.name})
    if request.method == "POST" and form.is_valid():
        role, name = PartyRole(form.cleaned_data["role"]), form.cleaned_data["name"]
        if tried(form, lambda: correct_party(viewer, known, role, name, at=now())):
            messages.success(
                request, "It was corrected. What stood there before is in the history."
            )
            return redirect(f"{url_of(found)}#parties")
    context = {"case": found, "form": form, "party": known}
    return render(request, "custodes/case_party.html", context, status=_status(form))


@require_http_methods(["GET", "HEAD", "POST"])
def step(request: HttpRequest, handle: str) -> HttpResponse:
    """Take a case a step on."""
    viewer = viewer_of(request)
    found = case_to_work_on(viewer, handle)
    state = State(found.state)
    # The same outcome again corrects what is known of it.
    states = ((state,) if state in OUTCOMES else ()) + may_follow(state)
    known = known_of(viewer, found)
    first = {"on": localdate(now()), "group": (known and known.group) or ""}
    form = StepForm(request.POST or None, states=states, initial=first)
    sent = request.method == "POST" and form.is_valid()
    if sent and tried(form, lambda: move_case(viewer, found, form.move(), at=now())):
        messages.success(request, "The step was entered.")
        return redirect("case", handle)
    context = {
        "case": found,
        "form": form,
        "known": known,
        "convicted": state is State.CONVICTED,
        "attention": AttentionForm(auto_id="attention-%s", initial={"on": localdate(now())})
        if state in OUTCOMES
        else None,
    }
    return render(request, "custodes/case_step.html", context, status=_status(form))


@require_POST
def challenge(request: HttpRequest, handle: str) -> HttpResponse:
    """Enter that an appeal, or an application to the CCRC, is open or was decided today."""
    viewer = viewer_of(request)
    found = case_for(viewer, handle)
    asked = request.POST.get("which", "")
    which = Challenge(asked) if asked in set(Challenge) else Challenge.APPEAL
    decided = localdate(now()) if "decided" in request.POST else None
    challenge_case(viewer, found, which, decided, at=now())
    messages.success(request, "It was entered: decided." if decided else "It was entered: open.")
    return redirect("case-step", handle)


@require_POST
def looked_over(request: HttpRequest, handle: str) -> HttpResponse:
    """Enter that what is kept for an open case is still needed."""
    viewer = viewer_of(request)
    found = case_for(viewer, handle)
    look_over(viewer, found, request.POST.get("because", ""), at=now())
    messages.success(request, "It was entered. Somebody is asked again when the time has come.")
    return redirect("case", handle)


@require_POST
def attention(request: HttpRequest, handle: str) -> HttpResponse:
    """Enter that somebody of a case came to the attention of the police again."""
    viewer = viewer_of(request)
    found = case_for(viewer, handle)
    form = AttentionForm(request.POST)
    if not form.is_valid():
        raise CaseRefused("Choose what it was, and say on which day.")
    kind = Attention(form.cleaned_data["kind"])
    note_attention_in_case(viewer, found, kind, form.cleaned_data["on"], at=now())
    anew = "Its clear period begins anew." if starts_anew(kind) else "It begins nothing anew."
    messages.success(request, f"It was entered. {anew}")
    return redirect("case-step", handle)


def _page(
    request: HttpRequest,
    viewer: Viewer,
    found: Case,
    *,
    assign_form: AssignForm | None = None,
    party_form: PartyForm | None = None,
) -> HttpResponse:
    coverage = coverage_for(viewer, found)
    look_on = look_due_on(viewer, found, now())
    wrong = next((form for form in (assign_form, party_form) if form and form.errors), None)
    context = {
        "case": found,
        "coverage": coverage,
        "lines": [line for line in lines_of(viewer, coverage) if line.covered.material],
        "exhibits": exhibits_of(viewer, found),
        "people": people_of(viewer, found),
        "parties": parties_of(viewer, found),
        "works": within_case(viewer, Permission.WORK_ON_CASES, found),
        "shares": within_case(viewer, Permission.SHARE, found),
        "assigns": within_case(viewer, Permission.ASSIGN_CASES, found),
        "ended": found.state in OUTCOMES,
        "look_on": look_on,
        "look_is_due": look_on is not None and look_on <= localdate(now()),
        "assign_form": assign_form or AssignForm(auto_id="assign-%s"),
        "party_form": party_form or PartyForm(auto_id="party-%s"),
        "take_form": TakeForm(auto_id="take-%s"),
        "form": wrong,
        "entries": entries_of(history_of_case(viewer, found), lambda _: ""),
    }
    return render(request, "custodes/case.html", context, status=400 if wrong else 200)


def _status(form: Any) -> int:  # noqa: ANN401 - any form
    return 400 if form.errors else 200
