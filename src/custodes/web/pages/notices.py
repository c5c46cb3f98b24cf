"""Letters to those who were given a recording that was deleted, restricted or corrected."""

from __future__ import annotations

from django import forms
from django.conf import settings
from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_safe

from custodes.kernel.clock import now
from custodes.people.rules import Permission
from custodes.retention.actions.notices import note_sent
from custodes.retention.notices import letter_of, notice_for, notices_for, number_to_send
from custodes.retention.rules.notices import CHANGE_NAMES, Change
from custodes.web.viewer import viewer_with

_A_PAGE = 50


class SentForm(forms.Form):
    """How a letter was sent."""

    how = forms.CharField(
        max_length=200,
        label="How was it sent?",
        help_text="For example: by secure e-mail to the case inbox.",
        error_messages={"required": "Say how it was sent."},
    )


@require_safe
def notices(request: HttpRequest) -> HttpResponse:
    """List the notices: what is still to be sent, or what was."""
    viewer = viewer_with(request, Permission.SEND_NOTICES)
    sent = "sent" in request.GET
    found = notices_for(viewer).filter(sent_at__isnull=not sent)
    found = found if sent else found.order_by("pk")
    context = {
        "page": Paginator(found, _A_PAGE).get_page(request.GET.get("page")),
        "page_query": "sent&" if sent else "",
        "sent": sent,
        "waiting": number_to_send(viewer),
        "names": CHANGE_NAMES,
    }
    return render(request, "custodes/notices.html", context)


@require_http_methods(["GET", "HEAD", "POST"])
def notice(request: HttpRequest, handle: str) -> HttpResponse:
    """Show one letter to copy or print, and take down that it was sent."""
    viewer = viewer_with(request, Permission.SEND_NOTICES)
    found = notice_for(viewer, handle)
    form = SentForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        note_sent(viewer, found, form.cleaned_data["how"], at=now())
        messages.success(request, f"It is noted that {found.recipient} was told.")
        return redirect("notices")
    force = settings.CUSTODES.force_name or settings.CUSTODES.force_domain
    context = {
        "notice": found,
        "letter": letter_of(viewer, found, force),
        "change": CHANGE_NAMES[Change(found.change)],
        "form": form,
    }
    return render(request, "custodes/notice.html", context)
