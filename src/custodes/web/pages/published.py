"""The public part of the custody log, for everybody: no sign-in, no session, only files.

C2SP tlog-tiles below ``/custody/``; the setting ``publish_level`` says how much of it.
"""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.views.decorators.http import require_safe

from custodes.custody.outside import own_policy
from custodes.custody.publishing import NothingPublished, published, published_file
from custodes.kernel.errors import NotFound

# A published tile never changes, a partial one neither: its width is in its name.
_FOR_EVER = "public, max-age=31536000, immutable"
_FOR_SECONDS = "public, max-age=5"


@login_not_required
@require_safe
def checkpoint(_request: HttpRequest) -> HttpResponse:
    """Give the newest checkpoint with everybody's signatures."""
    try:
        return _file(published().note.encode(), "text/plain; charset=utf-8", _FOR_SECONDS)
    except NothingPublished as refused:
        return _nothing(refused.in_full())


@login_not_required
@require_safe
def policy(_request: HttpRequest) -> HttpResponse:
    """Give the trust policy: who signs the log, who witnesses it, how many of them are needed.

    A C2SP tlog-policy. Whoever checks the force compares it with one from somebody else.
    """
    return _file(str(own_policy()).encode(), "text/plain; charset=utf-8", _FOR_SECONDS)


@login_not_required
@require_safe
def tile(_request: HttpRequest, rest: str) -> HttpResponse:
    """Give one tile or bundle; anything else, and anything not published, is not there."""
    try:
        found = published_file(f"tile/{rest}", settings.CUSTODES.publish_level)
    except NotFound as refused:
        return _nothing(refused.reason)
    return _file(found, "application/octet-stream", _FOR_EVER)


def _file(content: bytes, kind: str, cache: str) -> HttpResponse:
    answer = HttpResponse(content, content_type=kind)
    answer["Cache-Control"] = cache
    # Public bytes: a verifier that runs on another site's page may read them.
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Cross-Origin-Resource-Policy"] = "cross-origin"
    return answer


def _nothing(why: str) -> HttpResponse:
    return HttpResponse(f"{why}\n", status=404, content_type="text/plain; charset=utf-8")
