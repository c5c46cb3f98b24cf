"""Sharing: give somebody something of a case, see what was given, call it back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import localdate
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from custodes.cases.queries import case_for, case_to_work_on
from custodes.cases.rules.audiences import AUDIENCE_NAMES, Audience
from custodes.disclosure.actions.enter import make_code
from custodes.disclosure.actions.revoke import revoke
from custodes.disclosure.actions.share import release, send_link_again, share
from custodes.disclosure.actions.use import answer
from custodes.disclosure.keeping_back import kept_from
from custodes.disclosure.links import link_of
from custodes.disclosure.mailing import is_set_up
from custodes.disclosure.offers import on_offer
from custodes.disclosure.queries import (
    items_of,
    letters_of,
    may_release_of,
    may_share_of,
    share_for,
    shares_for,
    shares_of,
    wish_for,
    wishes_of,
)
from custodes.disclosure.receipts import receipt_of
from custodes.disclosure.rules.having import NEEDS_RELEASE
from custodes.disclosure.rules.serving import AUDIENCES
from custodes.disclosure.rules.standing import Standing
from custodes.disclosure.served import lines_of, not_served_yet, totals_of
from custodes.disclosure.speed import may_see_speed
from custodes.disclosure.waiting import waiting_to_be_served
from custodes.kernel.clock import now
from custodes.people.rules import Permission
from custodes.web.flow import steps
from custodes.web.mending import tried
from custodes.web.months import month_of
from custodes.web.sending import send_receipt
from custodes.web.share_forms import AnswerForm, CallBackForm, ShareForm
from custodes.web.shares_drawn import letter_of, row_of, rows_of, served_of, things_of
from custodes.web.viewer import viewer_of, viewer_with
from custodes.web.viewings import make_sure_a_case_is_looked_at, say_what_is_held
from custodes.web.words import clock_length

if TYPE_CHECKING:
    from custodes.disclosure.models import Share

_A_PAGE = 50


@require_safe
def everything(request: HttpRequest) -> HttpResponse:
    """Show the disclosure ledger of every case the viewer may know of, month by month.

    ``?open`` leaves out what nobody waits for any more.
    """
    viewer = viewer_with(request, Permission.SEE_CASES)
    only_open = "open" in request.GET
    month = month_of(request.GET.get("month", ""), localdate(now()))
    shares = shares_for(viewer)
    within = shares.filter(made_at__gte=month.begins, made_at__lt=month.ends)
    lines = lines_of(within, now())
    rows = [row for row in rows_of(lines, now()) if row.outstanding or not only_open]
    context = {
        "page": Paginator(rows, _A_PAGE).get_page(request.GET.get("page")),
        "totals": totals_of(lines),
        "watched": clock_length(totals_of(lines).watched),
        "month": month,
        "only_open": only_open,
        "speed": may_see_speed(viewer),
        "page_query": f"month={month.key}&{'open&' if only_open else ''}",
    }
    return render(request, "custodes/shares.html", context)


@require_safe
def waiting(request: HttpRequest) -> HttpResponse:
    """List the clips that are exhibits and that the prosecutor has not been given yet."""
    viewer = viewer_with(request, Permission.SEE_CASES)
    page = Paginator(waiting_to_be_served(viewer), _A_PAGE).get_page(request.GET.get("page"))
    return render(request, "custodes/waiting.html", {"page": page})


@require_safe
def of_case(request: HttpRequest, handle: str) -> HttpResponse:
    """Show the disclosure ledger of one case, and what is new in it since."""
    viewer = viewer_of(request)
    case = case_for(viewer, handle)
    make_sure_a_case_is_looked_at(request, viewer, case)
    news = [
        (each.value, AUDIENCE_NAMES[each], not_served_yet(viewer, case, each)) for each in AUDIENCES
    ]
    context = {
        "case": case,
        "rows": rows_of(lines_of(shares_of(viewer, case), now()), now()),
        "news": [one for one in news if one[2]],
        "shares": may_share_of(viewer, case),
    }
    return render(request, "custodes/case_shares.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def new(request: HttpRequest, handle: str) -> HttpResponse:
    """Ask for whom, then what and until when, and share it."""
    viewer = viewer_of(request)
    case = case_to_work_on(viewer, handle, Permission.SHARE)
    make_sure_a_case_is_looked_at(request, viewer, case)
    asked = request.GET.get("for", "")
    if asked not in {each.value for each in AUDIENCES}:
        audiences = [(each.value, AUDIENCE_NAMES[each]) for each in AUDIENCES]
        return render(request, "custodes/share_for.html", {"case": case, "audiences": audiences})
    audience = Audience(asked)
    offers = on_offer(viewer, case)
    form = ShareForm([(each.key, each.title) for each in offers], request.POST or None)
    made: list[Share] = []
    sent = request.method == "POST" and form.is_valid()
    if sent and tried(
        form, lambda: made.append(share(viewer, case, form.wanted(audience), at=now()))
    ):
        messages.success(request, _what_happened(made[0]))
        held = {each.recording_id for each in made[0].items.all()}
        say_what_is_held(request, form.wanted(audience).keeps, len(held))
        return redirect("share", made[0].handle)
    chosen = set((request.POST or request.GET).getlist("things"))
    if request.method != "POST":
        ticked = set(request.GET.getlist("item"))
        chosen |= {each.key for each in offers if each.asked.key in ticked}
    context = {
        "case": case,
        "audience": audience.value,
        "flow": steps("Share", Check=f"{reverse('gate', args=[handle])}?audience={audience}"),
        "who": AUDIENCE_NAMES[audience],
        "form": form,
        "things": things_of(offers, audience, chosen),
        "waits": audience in NEEDS_RELEASE,
        "mails": is_set_up(),
    }
    return render(request, "custodes/share_new.html", context, status=400 if form.errors else 200)


@require_safe
def one(request: HttpRequest, handle: str) -> HttpResponse:
    """Show one share: for whom, what, whether it is open, and the link to it."""
    viewer = viewer_of(request)
    found = share_for(viewer, handle)
    make_sure_a_case_is_looked_at(request, viewer, found.case)
    standing = found.as_rule().standing(now())
    shares = may_share_of(viewer, found.case)
    waits = standing is Standing.WAITS
    items = list(items_of(viewer, found))
    kept = kept_from(found, items)
    context = {
        "share": found,
        "row": row_of(found, now()),
        "items": [served_of(each, kept.get(each.pk, "")) for each in items],
        "wishes": wishes_of(viewer, found),
        "shares": shares,
        "link": link_of(found) if shares and standing is Standing.OPEN else "",
        "mails": is_set_up(),
        "letters": [letter_of(each) for each in letters_of(viewer, found)],
        "waits": waits,
        "releases": waits
        and may_release_of(viewer, found.case)
        and viewer.person != found.maker_id,
        "calls_back": shares and standing in {Standing.OPEN, Standing.WAITS},
    }
    return render(request, "custodes/share.html", context)


@require_POST
def let_go(request: HttpRequest, handle: str) -> HttpResponse:
    """Release to the defence what somebody else prepared."""
    viewer = viewer_of(request)
    released = release(viewer, share_for(viewer, handle), at=now())
    messages.success(request, f"It was released. The link of {released.recipient} opens now.")
    return redirect("share", handle)


@require_safe
def receipt(request: HttpRequest, handle: str) -> HttpResponse:
    """Hand out the signed receipt of what the recipient acknowledged."""
    return send_receipt(receipt_of(share_for(viewer_of(request), handle)), handle)


@require_POST
def send_again(request: HttpRequest, handle: str) -> HttpResponse:
    """Have the link sent once more."""
    viewer = viewer_of(request)
    found = share_for(viewer, handle)
    send_link_again(viewer, found, at=now())
    messages.success(request, f"The link is on its way to {found.email} again.")
    return redirect("share", handle)


@require_POST
def code(request: HttpRequest, handle: str) -> HttpResponse:
    """Make a code that the officer tells the recipient, and show it this once."""
    viewer = viewer_of(request)
    found = share_for(viewer, handle)
    figures = make_code(viewer, found, at=now())
    context = {"share": found, "figures": f"{figures[:4]} {figures[4:]}"}
    return render(request, "custodes/share_code.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def answer_wish(request: HttpRequest, handle: str, wish: str) -> HttpResponse:
    """Show what the recipient asked for, and answer it."""
    viewer = viewer_of(request)
    found = share_for(viewer, handle)
    case_to_work_on(viewer, found.case.handle, Permission.SHARE)
    asked = wish_for(viewer, found, wish)
    form = AnswerForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        text = form.cleaned_data["text"]
        if tried(form, lambda: answer(viewer, asked, text, at=now())):
            messages.success(request, f"{found.recipient} reads your answer behind their link.")
            return redirect("share", handle)
    context = {"share": found, "wish": asked, "form": form}
    return render(request, "custodes/share_wish.html", context, status=400 if form.errors else 200)


@require_http_methods(["GET", "HEAD", "POST"])
def call_back(request: HttpRequest, handle: str) -> HttpResponse:
    """Ask why something is called back, and call it back."""
    viewer = viewer_of(request)
    found = share_for(viewer, handle)
    case_to_work_on(viewer, found.case.handle, Permission.SHARE)
    form = CallBackForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        because = form.cleaned_data["because"]
        if tried(form, lambda: revoke(viewer, found, because, at=now())):
            messages.success(request, "It was called back. The link opens nothing any more.")
            return redirect("share", handle)
    context = {"share": found, "form": form}
    return render(request, "custodes/share_back.html", context, status=400 if form.errors else 200)


def _what_happened(made: Share) -> str:
    if Audience(made.audience) in NEEDS_RELEASE:
        return "It is prepared. The link opens when a second person has released it."
    if made.email and is_set_up():
        return f"It is shared. The link is on its way to {made.email}."
    return f"It is shared. Hand the link below to {made.recipient}, and tell them a code."
