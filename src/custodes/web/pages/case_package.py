"""The package of a case: see what goes in for whom and what stays out, make it, hand it over."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from custodes.cases.queries import case_for, case_to_work_on
from custodes.cases.rules.audiences import AUDIENCE_NAMES, Audience
from custodes.disclosure.actions.build import build
from custodes.disclosure.actions.hand_over import fetch_package, release_package
from custodes.disclosure.packages import package_for, packages_of
from custodes.disclosure.plan import Plan, faults_of_names, plan_for
from custodes.disclosure.queries import may_release_of, may_share_of
from custodes.disclosure.rules.content import CONTENT_NAMES, Content, Goes, goes
from custodes.disclosure.rules.having import NEEDS_RELEASE
from custodes.kernel.clock import now
from custodes.package.encrypting import in_words, recipient_with
from custodes.people.rules import Permission
from custodes.web.gate_drawn import lines_drawn
from custodes.web.mending import tried
from custodes.web.package_forms import PackageForm, asked_in
from custodes.web.sending import send_parcel_encrypted, send_parcel_in_parts
from custodes.web.viewer import viewer_of
from custodes.web.viewings import make_sure_a_case_is_looked_at, say_what_is_held
from custodes.web.words import size

if TYPE_CHECKING:
    from custodes.disclosure.models import Package


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, handle: str) -> HttpResponse:
    """Ask for whom, show exactly what goes in and what does not, and make it."""
    viewer = viewer_of(request)
    case = case_for(viewer, handle)
    make_sure_a_case_is_looked_at(request, viewer, case)
    asked_for = request.GET.get("for", "")
    if asked_for not in set(Audience) or not may_share_of(viewer, case):
        context = {
            "case": case,
            "audiences": [(each.value, AUDIENCE_NAMES[each]) for each in Audience],
            "packages": [(each, each.is_over(now())) for each in packages_of(viewer, case)],
            "makes": may_share_of(viewer, case),
        }
        return render(request, "custodes/case_packages.html", context)
    sent = request.POST if request.method == "POST" else request.GET
    asked = asked_in(sent, Audience(asked_for))
    form = PackageForm(request.POST or None)
    made: list[Package] = []
    if form.is_valid() and tried(
        form, lambda: made.append(build(viewer, case, form.wanted(asked), at=now()))
    ):
        messages.success(request, _what_happened(made[0]))
        say_what_is_held(request, form.wanted(asked).keeps, made[0].holds.count())
        return redirect("case-package", case.handle, made[0].handle)
    plan = plan_for(viewer, case, asked)
    context = {"case": case, "form": form, **_drawn(plan)}
    status = 400 if form.errors else 200
    return render(request, "custodes/case_package_new.html", context, status=status)


def _drawn(plan: Plan) -> dict[str, Any]:
    audience = plan.asked.audience
    optional = [each for each in Content if goes(each, audience) is Goes.ASKED]
    never = [each for each in Content if goes(each, audience) is Goes.NEVER]
    lines = lines_drawn(plan.case, plan.lines, audience)
    return {
        "who": AUDIENCE_NAMES[audience],
        "audience": audience,
        "holds": [CONTENT_NAMES[each] for each in plan.contents],
        "optional": [(each, CONTENT_NAMES[each], plan.has(each)) for each in optional],
        "never": [CONTENT_NAMES[each] for each in never],
        "films": [(each, size(each.size)) for each in plan.films],
        "left_out": plan.left_out,
        "chosen_out": [each for each in plan.left_out if each.key in plan.asked.without],
        "gone": plan.gone,
        "faults": faults_of_names(plan),
        "lines": lines,
        "asks_why": any(line.overridable for line in plan.lines),
        "blocked": bool(faults_of_names(plan)) or any(not x.overridable for x in plan.lines),
        "size": size(plan.size),
        "waits": audience in NEEDS_RELEASE,
    }


@require_safe
def one(request: HttpRequest, handle: str, package: str) -> HttpResponse:
    """Show one package: for whom, what is in it, and how it is handed over."""
    viewer = viewer_of(request)
    case = case_for(viewer, handle)
    make_sure_a_case_is_looked_at(request, viewer, case)
    found = package_for(viewer, case, package)
    shares = may_share_of(viewer, case)
    is_over = found.is_over(now())
    may_release = may_release_of(viewer, case) and viewer.person != found.maker_id
    context = {
        "case": case,
        "package": found,
        "who": AUDIENCE_NAMES[Audience(found.audience)],
        "files": [(path.partition("/")[2], size(count)) for path, count, *_ in found.lists],
        "size": size(found.size),
        "is_over": is_over,
        "releases": found.waits and may_release and not is_over,
        "hands_over": shares and not found.waits and not is_over,
    }
    return render(request, "custodes/case_package.html", context)


@require_POST
def release(request: HttpRequest, handle: str, package: str) -> HttpResponse:
    """Let a package go that somebody else prepared."""
    viewer = viewer_of(request)
    case = case_to_work_on(viewer, handle, Permission.RELEASE)
    released = release_package(viewer, package_for(viewer, case, package), at=now())
    messages.success(request, f"It was released. It may be handed over to {released}.")
    return redirect("case-package", handle, package)


@require_safe
def download(request: HttpRequest, handle: str, package: str) -> HttpResponseBase:
    """Send a package, or what is still missing of it; that it is taken away is on record."""
    viewer = viewer_of(request)
    case = case_to_work_on(viewer, handle, Permission.SHARE)
    found = package_for(viewer, case, package)
    ready = fetch_package(viewer, found, "as a ZIP file", at=now())
    return send_parcel_in_parts(request, ready, f"{found.name}.zip", found.fingerprint)


@require_POST
def encrypted(request: HttpRequest, handle: str, package: str) -> HttpResponseBase:
    """Send a package that only the holder of a key can open; each time is on record."""
    viewer = viewer_of(request)
    case = case_to_work_on(viewer, handle, Permission.SHARE)
    found = package_for(viewer, case, package)
    key = request.POST.get("key", "")
    recipient = recipient_with(key)
    ready = fetch_package(viewer, found, in_words([key]), at=now(), anew=True)
    return send_parcel_encrypted(ready, [recipient], f"{found.name}.zip.age")


def _what_happened(made: Package) -> str:
    if made.waits:
        return "It is prepared. It is handed over when a second person has released it."
    return f"It is made for {made.recipient}."
