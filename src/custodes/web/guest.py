"""Who is at the door of a share: whoever has the link, or the recipient once they showed a code.

The browser keeps a key in a cookie of its own that is sent to this one link alone. Who is
signed in to this installation is signed in all the same, and a guest here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.conf import settings
from django.http import HttpRequest, HttpResponseBase
from django.urls import reverse

from custodes.disclosure.errors import NotIn
from custodes.disclosure.guests import Guest, guest_with, share_behind
from custodes.kernel.clock import now

if TYPE_CHECKING:
    from custodes.disclosure.models import Share

_COOKIE = "custodes_shared"


def guest_at(request: HttpRequest, token: str) -> Guest:
    """Return the recipient who asks; raises NotFound for no link of ours, NotIn for anybody."""
    share = share_behind(token)
    guest = guest_in(request, share)
    if guest is None:
        raise NotIn("Nobody has shown that this is for them, or it was too long ago.")
    return guest


def guest_in(request: HttpRequest, share: Share) -> Guest | None:
    """Return the recipient, if it is they who ask."""
    return guest_with(share, request.COOKIES.get(_COOKIE, ""), now())


def let_in(answer: HttpResponseBase, token: str, key: str) -> None:
    """Have the browser keep the key, for this link alone and no longer than a session lasts."""
    answer.set_cookie(
        _COOKIE,
        key,
        max_age=settings.CUSTODES.session_hours * 3600,
        path=reverse("shared", args=[token]),
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def let_out(answer: HttpResponseBase, token: str) -> None:
    """Have the browser forget the key."""
    answer.delete_cookie(_COOKIE, path=reverse("shared", args=[token]))
