"""What somebody is told whose form did not come with the cookie of this site.

Who has a link to something shared has no account and no Today to go to: they get words of
their own, and their link.
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.views.csrf import csrf_failure

_OF_THE_PORTAL = "custodes.web.pages.shared"


def not_sent(request: HttpRequest, reason: str = "") -> HttpResponseBase:
    """Refuse a form that another site may have sent; nothing of it was looked at."""
    asked = request.resolver_match
    if asked is None or asked.func.__module__ != _OF_THE_PORTAL:
        return csrf_failure(request, reason)
    link = reverse("shared", args=[asked.kwargs["token"]])
    return render(request, "custodes/shared_not_sent.html", {"link": link}, status=403)
