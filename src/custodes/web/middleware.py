"""What holds for every page: safe headers, a second factor where asked for, designed refusals."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme

from custodes.custody.errors import LogBehind
from custodes.kernel.clock import now
from custodes.kernel.errors import Damaged, NotFound, Refused
from custodes.people.errors import NotAllowed
from custodes.people.refused import is_on_record, is_refused_deletion, put_on_record
from custodes.recordings.actions.lock import note_withheld
from custodes.recordings.actions.watch import deny
from custodes.recordings.errors import NeedsAReason, NotYours, Withheld
from custodes.web.sign_in import has_second_factor
from custodes.web.viewer import viewer_of

Answer = Callable[[HttpRequest], HttpResponseBase]

# Pictures may be data: URIs, as the QR code of an authenticator app is.
POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; media-src 'self' blob:; object-src 'none'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": POLICY,
    "X-Content-Type-Options": "nosniff",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
    "Cross-Origin-Resource-Policy": "same-origin",
    # A shared computer keeps nothing of what was seen on it.
    "Cache-Control": "no-store",
}
STATUS: dict[type[Refused], int] = {
    NotFound: 404,
    NotAllowed: 403,
    NotYours: 403,
    NeedsAReason: 403,
    Damaged: 500,
    LogBehind: 503,
}
TITLES = {
    400: "Nothing was changed",
    403: "You may not do this",
    404: "Not found",
    500: "Damaged",
    503: "Nothing can be recorded",
}


class PageHeaders:
    """Put the safe headers on every answer that has not set its own."""

    def __init__(self, get_response: Answer) -> None:
        self._answer = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer, and add what the answer does not say itself."""
        response = self._answer(request)
        for name, value in HEADERS.items():
            response.headers.setdefault(name, value)
        if getattr(request, "custodes_signed_out", False):
            response.headers["Clear-Site-Data"] = '"cache"'
        return response


class SecondFactorFirst:
    """Where a second factor is required, nobody gets past setting one up."""

    def __init__(self, get_response: Answer) -> None:
        self._answer = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer; what is held back is held back before the page."""
        return self._answer(request)

    def process_view(
        self,
        request: HttpRequest,
        view: Callable[..., Any],
        _args: object,
        _kwargs: object,
    ) -> HttpResponseBase | None:
        """Send somebody without a second factor to where they can set one up."""
        if not settings.CUSTODES.second_factor_required or not request.user.is_authenticated:
            return None
        if view.__module__.startswith("allauth.") or not getattr(view, "login_required", True):
            return None
        return None if has_second_factor(request) else HttpResponseRedirect(reverse("mfa_index"))


class Refusals:
    """Turn a refusal into a page that says what was refused and what to do next.

    Who is signed in and asks for something to be deleted is found in the record, too.
    """

    def __init__(self, get_response: Answer) -> None:
        self._answer = get_response

    def __call__(self, request: HttpRequest) -> HttpResponseBase:
        """Answer; refusals come up through process_exception."""
        answer = self._answer(request)
        denied = is_refused_deletion(str(request.method), request.path, answer.status_code)
        if denied and request.user.is_authenticated and not is_on_record(request):
            asked = f"{request.method} {_address(request)}: nothing is deleted on demand"
            deny(viewer_of(request), asked[:300], at=now())
        return answer

    def process_exception(self, request: HttpRequest, error: Exception) -> HttpResponse | None:
        """Answer a refusal; anything else is none of our business."""
        if not isinstance(error, Refused):
            return None
        status = status_of(error)
        if isinstance(error, NotYours | NotAllowed):
            asked = f"{request.method} {request.path}: {error.reason}"
            deny(viewer_of(request), asked[:300], at=now())
            put_on_record(request)
        if isinstance(error, Withheld):
            asked = f"{request.method} {request.path}"
            note_withheld(viewer_of(request), error.recording, asked, at=now())
        refused = {
            "title": TITLES[status],
            "reason": error.reason,
            "advice": error.advice,
            "back": _came_from(request),
        }
        return render(request, "custodes/refused.html", {"refused": refused}, status=status)


def _address(request: HttpRequest) -> str:
    """Return what was asked for; of a link that lets somebody in, only that it was one."""
    found = request.resolver_match
    is_link = found is not None and "token" in found.kwargs
    return f"/{found.route}" if found is not None and is_link else request.path


def _came_from(request: HttpRequest) -> str:
    """Return the page of ours that the browser says was left for this one; empty if none was."""
    told = request.headers.get("Referer", "")
    if not url_has_allowed_host_and_scheme(told, {request.get_host()}):
        return ""
    page = urlsplit(told)
    return "" if page.path == request.path else page._replace(scheme="", netloc="").geturl()


def status_of(error: Refused) -> int:
    """Return the HTTP status of a refusal; 400 for what has no better one."""
    return next((code for kind, code in STATUS.items() if isinstance(error, kind)), 400)
