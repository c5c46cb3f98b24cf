"""Whether a case is ready for whoever gets something of it, line by line, and what to mend."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from custodes.cases.actions.exhibit import Why, explain_exhibit
from custodes.cases.queries import case_for, case_to_work_on, exhibit_for, within_case
from custodes.cases.rules.audiences import AUDIENCE_NAMES, Audience
from custodes.disclosure.checks import Chosen, exhibits_to_give, gate, items_of
from custodes.disclosure.rules.lines import Item
from custodes.disclosure.rules.serving import AUDIENCES
from custodes.kernel.clock import now
from custodes.kernel.errors import NotFound
from custodes.people.rules import Permission, Viewer
from custodes.web.flow import Step, steps
from custodes.web.gate_drawn import Drawn, lines_drawn
from custodes.web.viewer import viewer_of
from custodes.web.viewings import make_sure_a_case_is_looked_at

if TYPE_CHECKING:
    from custodes.cases.models import Case


@require_safe
def check(request: HttpRequest, handle: str) -> HttpResponse:
    """Show the gate's lines for one audience: of all exhibits, or of those that are ticked.

    ``?only`` says that what is not ticked is left out.
    """
    viewer = viewer_of(request)
    case = case_for(viewer, handle)
    make_sure_a_case_is_looked_at(request, viewer, case)
    audience = _audience(request.GET.get("audience", ""))
    offered = exhibits_to_give(viewer, case)
    keys = set(request.GET.getlist("item")) if "only" in request.GET else None
    chosen = [each for each in offered if keys is None or each.key in keys]
    works = within_case(viewer, Permission.WORK_ON_CASES, case)
    lines = lines_drawn(case, gate(viewer, case, chosen, audience), audience)
    ticked = {each.key for each in chosen}
    items = items_of(viewer, case, offered)
    context = {
        "case": case,
        "audience": audience,
        "who": AUDIENCE_NAMES[audience],
        "audiences": [(each.value, name, each is audience) for each, name in _WHO.items()],
        "items": [(item, item.key in ticked) for item in items],
        "lines": lines,
        "open": sum(line.is_open for line in lines),
        "asked": request.GET.urlencode(),
        "works": works,
        "next": _share(viewer, case, audience, chosen, lines),
        "flow": _flow(case, [item for item in items if item.key in ticked]),
    }
    return render(request, "custodes/gate.html", context)


@require_POST
def explain(request: HttpRequest, handle: str, exhibit: str) -> HttpResponse:
    """Take down why an exhibit is given whole, or with nothing hidden; then ask the gate again."""
    viewer = viewer_of(request)
    case = case_to_work_on(viewer, handle)
    found = exhibit_for(viewer, case, exhibit)
    why = request.POST.get("why", "")
    if why not in set(Why):
        raise NotFound("There is no such thing to explain.", "Nothing was changed.")
    explain_exhibit(viewer, found, Why(why), request.POST.get("because", ""), at=now())
    messages.success(request, f"Your reason was entered for {found}.")
    asked = QueryDict(request.POST.get("asked", "")).urlencode()
    return redirect(f"{reverse('gate', args=[handle])}?{asked}")


def _share(
    viewer: Viewer, case: Case, audience: Audience, chosen: list[Chosen], lines: list[Drawn]
) -> str:
    """Return where to share what was ticked; nothing while something keeps it, or for who may not.

    What can be passed over with a reason is asked for there.
    """
    keeps = any(line.is_open and not line.note for line in lines)
    if keeps or audience not in AUDIENCES or not within_case(viewer, Permission.SHARE, case):
        return ""
    asked = {"for": audience.value, "item": [each.key for each in chosen]}
    return f"{reverse('share-new', args=[case.handle])}?{urlencode(asked, doseq=True)}"


def _flow(case: Case, chosen: list[Item]) -> list[Step]:
    """Return the steps to the prosecutor, where it is one clip that is on its way."""
    if len(chosen) != 1 or not chosen[0].exhibit:
        return []
    clip = f"{reverse('recording', args=[chosen[0].recording])}#clips"
    return steps(
        "Check", Clip=clip, Exhibit=reverse("exhibit", args=[case.handle, chosen[0].exhibit])
    )


_WHO = {each: AUDIENCE_NAMES[each].removeprefix("the ").capitalize() for each in Audience}


def _audience(asked: str) -> Audience:
    return Audience(asked) if asked in set(Audience) else Audience.PROSECUTOR
