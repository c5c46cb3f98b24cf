"""Film for a player that was let in a moment ago.

A player asks for film a stretch at a time, and finding out for each who asks and what
they may costs more than opening the stretch. So the page that let a session play a file
leaves word here, and while nothing in the database has changed since (unchanged.py), the
same session gets the next stretch of the same file without the same questions. Whatever
was changed anywhere, a role taken away, a sign-out or a new hold, all of it is asked again.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, cast

from django.conf import settings
from django.core.handlers.wsgi import WSGIRequest
from django.http import HttpRequest, HttpResponseBase
from django.middleware.clickjacking import XFrameOptionsMiddleware
from django.middleware.security import SecurityMiddleware

from custodes.kernel.errors import Refused
from custodes.web.middleware import Answer, PageHeaders
from custodes.web.sending import Sealed, send
from custodes.web.unchanged import mark

Application = Callable[[dict[str, Any], Any], Iterable[bytes]]

# What the clock alone changes (a session that ends, an hour of watching that is over)
# shows no later than this.
_SECONDS = 2.0
_AT_MOST = 256
_MARK = "custodes.mark"


@dataclass(frozen=True, slots=True)
class _Admission:
    """That a session may play a file, as the database stood at the mark."""

    mark: str
    until: float
    opened: Callable[[], Sealed]


_admissions: dict[tuple[str, str], _Admission] = {}


def admit(request: HttpRequest, opened: Callable[[], Sealed]) -> None:
    """Let this session play on at this address; ``opened`` opens what is played.

    Call it last, when everything was asked that is to be asked.
    """
    at = request.META.get(_MARK)
    if at is None:
        return
    if len(_admissions) >= _AT_MOST:
        _admissions.clear()  # they last for seconds: whoever still plays is asked once more
    _admissions[_who_and_what(request)] = _Admission(at, time.monotonic() + _SECONDS, opened)


class Admitted:
    """The pages, with film for the admitted answered before them."""

    def __init__(self, pages: Application) -> None:
        self._pages = pages
        framed = cast("Answer", XFrameOptionsMiddleware(_send))
        self._send = cast("Answer", SecurityMiddleware(PageHeaders(framed)))

    def __call__(self, environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:  # noqa: ANN401
        """Answer one request."""
        if not _is_film(environ):
            return self._pages(environ, start_response)
        at = mark()  # before anything is read that it will vouch for
        request = WSGIRequest(environ)
        admission = _admissions.get(_who_and_what(request))
        if admission and at == admission.mark and time.monotonic() < admission.until:
            try:
                answer = self._answer(request, admission)
            except Refused:
                pass  # the pages know how to say so
            else:
                start_response(f"{answer.status_code} {answer.reason_phrase}", [*answer.items()])
                return cast("Iterable[bytes]", answer)
        environ[_MARK] = at
        return self._pages(environ, start_response)

    def _answer(self, request: HttpRequest, admission: _Admission) -> HttpResponseBase:
        request.custodes_sealed = admission.opened()  # type: ignore[attr-defined]
        return self._send(request)


def _send(request: HttpRequest) -> HttpResponseBase:
    return send(request, request.custodes_sealed)  # type: ignore[attr-defined]


def _is_film(environ: dict[str, Any]) -> bool:
    path = environ.get("PATH_INFO", "")
    return (
        environ["REQUEST_METHOD"] in {"GET", "HEAD"}
        and path.startswith("/recordings/")
        and path.endswith("/media")
    )


def _who_and_what(request: HttpRequest) -> tuple[str, str]:
    return request.COOKIES.get(settings.SESSION_COOKIE_NAME, ""), request.path_info
