"""From a clip to the prosecutor: which case it is for, and what it is, on one page."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from custodes.cases.actions.exhibit import NewExhibit
from custodes.cases.actions.prepare import make_exhibit_of
from custodes.cases.queries import case_for, cases_for, cases_with
from custodes.cases.rules.audiences import Audience
from custodes.cases.rules.exhibits import initials_of
from custodes.cases.rules.proceeding import OUTCOMES
from custodes.disclosure.checks import Chosen
from custodes.kernel.clock import now
from custodes.people.rules import Permission
from custodes.recordings.clips import described, made_for
from custodes.web.cases_drawn import choice_of
from custodes.web.facts import clips_shown
from custodes.web.flow import steps
from custodes.web.give_form import GiveForm
from custodes.web.mending import tried
from custodes.web.viewer import viewer_with
from custodes.web.viewings import make_sure_it_is_looked_at

if TYPE_CHECKING:
    from custodes.cases.models import Exhibit

_MOST = 200


@require_http_methods(["GET", "HEAD", "POST"])
def give(request: HttpRequest, handle: str, made: str) -> HttpResponse:
    """Make a clip an exhibit of a case, new or not, and go on to see whether it is ready."""
    viewer = viewer_with(request, Permission.WORK_ON_CASES)
    clip = made_for(viewer, handle, made)
    recording = clip.original.recording
    make_sure_it_is_looked_at(request, viewer, recording)
    going = cases_for(viewer, Permission.WORK_ON_CASES).exclude(state__in=OUTCOMES)
    there = [each for each in cases_with(viewer, recording) if going.filter(pk=each.pk).exists()]
    others = going.exclude(pk__in=[each.pk for each in there])[: _MOST - len(there)]
    choices = [choice_of(each) for each in (*there, *others)]
    first = {
        "case": there[0].handle if there else "",
        "item": clip.about.get("because", ""),
        "initials": initials_of(str(recording.wearer or "")),
    }
    form = GiveForm(request.POST or None, initial=first, cases=choices)
    done: list[Exhibit] = []
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        wanted = NewExhibit(given["item"], given["initials"])
        into = form.new_case() or case_for(viewer, given["case"])
        if tried(form, lambda: done.append(make_exhibit_of(viewer, clip, into, wanted, at=now()))):
            messages.success(request, f"It is exhibit {done[0]}, and held from now on.")
            return _on_to_the_gate(done[0], Chosen(clip.original.handle, clip.handle))
    [shown] = clips_shown([described(clip)])
    context = {
        "recording": recording,
        "clip": shown,
        "form": form,
        "flow": steps("Exhibit", Clip=f"{reverse('recording', args=[handle])}#clips"),
    }
    return render(request, "custodes/give.html", context, status=400 if form.errors else 200)


def _on_to_the_gate(exhibit: Exhibit, chosen: Chosen) -> HttpResponse:
    asked = {"audience": Audience.PROSECUTOR.value, "only": "1", "item": chosen.key}
    return redirect(f"{reverse('gate', args=[exhibit.case.handle])}?{urlencode(asked)}")
