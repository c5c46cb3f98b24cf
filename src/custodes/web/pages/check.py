"""Checking a package: what that is, and the page that does it, for anybody who asks.

Open to strangers, because those who check us have no account here. What is handed out
is the same for everybody, and says of this installation where its public keys are.
"""

from __future__ import annotations

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from custodes.verifier.in_browser import NAME, fingerprint, page


@login_not_required
@require_safe
def check_a_package(request: HttpRequest) -> HttpResponse:
    """Explain what a package shows and hand out the page that checks it."""
    size = len(page()) // 1000
    context = {
        "sha256": fingerprint(),
        "kilobytes": size,
        "policy_url": request.build_absolute_uri(reverse("log-policy")),
        "log_url": request.build_absolute_uri(reverse("log-checkpoint")).removesuffix("checkpoint"),
    }
    return render(request, "custodes/check.html", context)


@login_not_required
@require_safe
def verifier(_request: HttpRequest) -> HttpResponse:
    """Hand out the page as a file to keep; it is not run from here."""
    answer = HttpResponse(page(), content_type="text/html; charset=utf-8")
    answer["Content-Disposition"] = f'attachment; filename="{NAME}"'
    answer["X-Content-Type-Options"] = "nosniff"
    return answer
