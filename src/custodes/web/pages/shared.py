"""The recipient's pages: no account, one link, one share. Every address is below that link."""

from __future__ import annotations

import functools
import json
from collections.abc import Callable
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, cast

import structlog
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from custodes.custody.errors import LogBehind
from custodes.disclosure.actions import letters, use
from custodes.disclosure.actions.enter import enter, leave, note_closed
from custodes.disclosure.errors import NoLonger, NotIn, ShareRefused
from custodes.disclosure.guests import (
    Guest,
    item_for,
    items_for,
    opened,
    share_behind,
    why_closed,
    wishes_of,
)
from custodes.disclosure.mailing import is_set_up
from custodes.disclosure.receipts import receipt_of
from custodes.disclosure.rules.serving import TO_TAKE_AWAY, Thing
from custodes.kernel.clock import now
from custodes.kernel.errors import Damaged, NotFound
from custodes.people.address import address_of
from custodes.web.guest import guest_at, guest_in, let_in, let_out
from custodes.web.sending import Sealed, send, send_away, send_receipt
from custodes.web.shared_player import player_of
from custodes.web.shares_drawn import Served, hidden, served_of

if TYPE_CHECKING:
    from custodes.disclosure.models import Item, Share

log = structlog.get_logger()

_P = ParamSpec("_P")
_View = Callable[Concatenate[HttpRequest, str, _P], HttpResponseBase]
_STATUS = {NotFound: 404, NoLonger: 410, NotIn: 403, ShareRefused: 400}
_ENDINGS = {"video/mp4": "mp4", "video/webm": "webm", "image/png": "png", "image/jpeg": "jpg"}


def _by_link(view: _View[_P]) -> _View[_P]:
    """Let whoever has a link ask; refusals are pages of this door, which says nothing more."""

    def answer(
        request: HttpRequest, token: str, *args: _P.args, **kwargs: _P.kwargs
    ) -> HttpResponseBase:
        try:
            return view(request, token, *args, **kwargs)
        except NotIn:
            if request.method == "GET" and "text/html" in request.headers.get("Accept", ""):
                return redirect("shared", token)
            return _refused(request, NotIn("Nobody has shown that this is for them."))
        except tuple(_STATUS) as refused:
            return _refused(request, refused)
        except (Damaged, LogBehind) as wrong:
            log.exception("shared.not_opened")
            status = 500 if isinstance(wrong, Damaged) else 503
            return _refused(request, NoLonger(_NOT_NOW, _TELL), status)

    return cast("_View[_P]", login_not_required(functools.update_wrapper(answer, view)))


@_by_link
@require_safe
def shared(request: HttpRequest, token: str) -> HttpResponseBase:
    """Say for whom this is and ask for the code; or show what was shared, once it was right."""
    share = share_behind(token)
    guest = guest_in(request, share)
    if guest is not None:
        return _inside(request, guest, token)
    if why := why_closed(share, now()):
        note_closed(share, address_of(request), at=now())
        raise NoLonger(why)
    return _door(request, share, token)


@_by_link
@require_POST
def code(request: HttpRequest, token: str) -> HttpResponseBase:
    """Take the code, and let the recipient in."""
    share = share_behind(token)
    came = enter(share, request.POST.get("code", ""), address_of(request), at=now())
    if not came.key:
        if why_closed(share, now()):
            raise NoLonger(came.why_not)
        return _door(request, share, token, came.why_not)
    answer = redirect("shared", token)
    let_in(answer, token, came.key)
    return answer


@_by_link
@require_POST
def send_code(request: HttpRequest, token: str) -> HttpResponseBase:
    """Have a code sent to the recipient's own address, whoever asks."""
    share = share_behind(token)
    if why := letters.send_code(share, address_of(request), at=now()):
        if closed := why_closed(share, now()):
            raise NoLonger(closed)
        return _door(request, share, token, why)
    return redirect(f"{reverse('shared', args=[token])}?sent")


@_by_link
@require_safe
def item(request: HttpRequest, token: str, number: int) -> HttpResponseBase:
    """Show one thing: its picture or its player, what it is, and the way to take it away."""
    guest = guest_at(request, token)
    found = item_for(guest, number, now())
    context = {
        **_context(guest, token),
        "one": served_of(found, ""),
        "player": player_of(request, token, found) if _is_film(found) else None,
        "takes": Thing(found.kind) in TO_TAKE_AWAY,
    }
    return render(request, "custodes/shared_item.html", context)


@_by_link
@require_safe
def media(request: HttpRequest, token: str, number: int) -> HttpResponseBase:
    """Send a thing to the page; every stretch of film asks anew whether it may be had.

    A still goes whole, as it may be taken away: half a picture shows nothing.
    """
    guest = guest_at(request, token)
    found = item_for(guest, number, now())
    if request.method == "GET":  # to ask how long it is, is not to look
        use.begin_looking(guest, found, at=now())
    return send(request, _sealed(found, found.media_type), piecemeal=_is_film(found))


@_by_link
@require_POST
def take(request: HttpRequest, token: str, number: int) -> HttpResponseBase:
    """Hand a clip or a still over as a file."""
    found = use.take_away(guest_at(request, token), number, at=now())
    return send_away(request, _sealed(found, found.media_type))


@_by_link
@require_POST
def seen(request: HttpRequest, token: str, number: int) -> HttpResponseBase:
    """Take down what the player says was watched."""
    try:
        said = json.loads(request.POST.get("stretches", ""))
    except (ValueError, RecursionError):
        said = None
    use.note_seen(guest_at(request, token), number, said, at=now())
    return HttpResponse(status=204)


@_by_link
@require_POST
def received(request: HttpRequest, token: str) -> HttpResponseBase:
    """Take down that the recipient says they have it."""
    use.acknowledge(guest_at(request, token), at=now())
    return redirect(f"{reverse('shared', args=[token])}#received")


@_by_link
@require_safe
def receipt(request: HttpRequest, token: str) -> HttpResponseBase:
    """Hand the recipient the signed receipt of what they acknowledged."""
    share = guest_at(request, token).share
    return send_receipt(receipt_of(share), share.handle)


@_by_link
@require_POST
def wish(request: HttpRequest, token: str) -> HttpResponseBase:
    """Keep what the recipient asks for; the officers of the case see it."""
    guest = guest_at(request, token)
    try:
        use.wish(guest, request.POST.get("text", ""), at=now())
    except ShareRefused as refused:
        return _inside(request, guest, token, refused.in_full())
    return redirect(f"{reverse('shared', args=[token])}#asked")


@_by_link
@require_POST
def out(request: HttpRequest, token: str) -> HttpResponseBase:
    """Close it in this browser."""
    leave(guest_at(request, token), at=now())
    answer = redirect("shared", token)
    let_out(answer, token)
    return answer


def _door(request: HttpRequest, share: Share, token: str, wrong: str = "") -> HttpResponse:
    context = {
        "share": share,
        "token": token,
        "mailbox": hidden(share.email) if is_set_up() else "",
        "sent": "sent" in request.GET,
        "errors": [{"text": wrong, "target": "code"}] if wrong else [],
    }
    return render(request, "custodes/shared_door.html", context, status=403 if wrong else 200)


def _inside(request: HttpRequest, guest: Guest, token: str, wrong: str = "") -> HttpResponse:
    items: list[Served] = [served_of(each, why) for each, why in items_for(guest)]
    context = {
        **_context(guest, token),
        "items": items,
        "wishes": wishes_of(guest),
        "errors": [{"text": wrong, "target": "wish"}] if wrong else [],
    }
    return render(request, "custodes/shared.html", context, status=400 if wrong else 200)


def _context(guest: Guest, token: str) -> dict[str, Any]:
    return {"share": guest.share, "token": token, "inside": True}


# What is wrong here is no business of theirs, and what to do about it even less.
_NOT_NOW = "This cannot be opened at the moment: something is wrong here, and not with your link."
_TELL = "Try again later. If it stays so, tell the officer who sent it to you."


def _refused(request: HttpRequest, refused: Exception, status: int = 0) -> HttpResponse:
    status = status or next(code for kind, code in _STATUS.items() if isinstance(refused, kind))
    return render(request, "custodes/shared_refused.html", {"refused": refused}, status=status)


def _is_film(found: Item) -> bool:
    return found.media_type.startswith("video/")


def _sealed(found: Item, media_type: str) -> Sealed:
    name = f"{found.number}-{found.kind}-{found.filmed_at:%Y%m%dT%H%M%SZ}"
    handle = found.copy or found.original
    return Sealed(opened(found), handle, media_type, f"{name}.{_ENDINGS.get(media_type, 'bin')}")
