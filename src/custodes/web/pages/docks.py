"""The dock board, for the wall and for the desk, and what lies in quarantine."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.template.loader import render_to_string
from django.utils.timezone import localtime
from django.views.decorators.http import require_safe

from custodes.intake.board import Apart, Board, DockCard, Lane, board_for, quarantined_for
from custodes.intake.rules import State
from custodes.kernel.clock import now
from custodes.kernel.digest import b64u, sha256
from custodes.people.rules import Permission
from custodes.web.viewer import viewer_with
from custodes.web.words import counted, how_long, plainly, rate, size

#: So many docks are all shown on Today, whatever happens at them.
_A_FEW = 4


@require_safe
def docks(request: HttpRequest) -> HttpResponse:
    """Show the dock board; ``?wall`` leaves everything else off the screen."""
    viewer = viewer_with(request, Permission.SEE_DOCKS)
    wall = "wall" in request.GET
    board = drawn(board_for(viewer, at=now()), viewer.may(Permission.MANAGE_DEVICES))
    context = {"board": board, "wall": wall, "sees_gaps": viewer.may(Permission.SEE_GAPS)}
    return render(request, "custodes/docks.html", context)


@require_safe
def live(request: HttpRequest) -> HttpResponse:
    """Answer the board alone; 304 when nothing on it changed."""
    viewer = viewer_with(request, Permission.SEE_DOCKS)
    brief = "brief" in request.GET
    may_sort = viewer.may(Permission.MANAGE_DEVICES)
    board = drawn(board_for(viewer, at=now()), may_sort, brief=brief)
    context = {"board": board, "wall": "wall" in request.GET, "brief": brief}
    html = render_to_string("custodes/partials/board.html", context)
    etag = f'"{b64u(sha256(html.encode()))}"'
    if request.headers.get("If-None-Match") == etag:
        return HttpResponse(status=304, headers={"ETag": etag})
    return HttpResponse(html, headers={"ETag": etag})


@require_safe
def quarantined(request: HttpRequest, handle: str) -> HttpResponse:
    """Show one thing in quarantine: why, what was said of it, and what arrived."""
    viewer = viewer_with(request, Permission.SEE_DOCKS)
    upload = quarantined_for(viewer, handle)
    promised = "not said" if upload.promised_size is None else f"{upload.promised_size:,} bytes"
    facts = [
        {"label": "File", "value": upload.name},
        {"label": "From", "value": str(upload.dock or upload.person or upload.door)},
        {"label": "Camera", "value": str(upload.camera or "not known")},
        {"label": "Recording, by the sender's name", "value": upload.source_key},
        {"label": "Size promised", "value": promised},
        {"label": "Size that arrived", "value": f"{upload.received:,} bytes"},
        {"label": "SHA-256 promised", "value": upload.promised_sha256 or "not said"},
        {"label": "SHA-256 of what arrived", "value": upload.sha256 or "not known"},
    ]
    told = [{"label": str(key), "value": _plain(value)} for key, value in upload.told.items()]
    context = {"upload": upload, "facts": facts, "told": told}
    return render(request, "custodes/quarantined.html", context)


def _plain(value: object) -> str:
    return "not said" if value is None else str(value)


def drawn(board: Board, sorts_quarantine: bool, *, brief: bool = False) -> dict[str, Any]:
    """Return the board in words, as its template writes it.

    In ``brief`` the docks at which nothing happens are counted, where there are more than a few.
    """
    cards = [_card(card) for card in board.cards]
    quiet = [card for card in cards if not card["late"] and not card["lanes"]]
    hidden = quiet if brief and len(cards) > _A_FEW else []
    moving = sum(card["moving"] for card in cards)
    late = [card["name"] for card in cards if card["late"]]
    said = [f"{counted(moving, 'camera')} sending" if moving else "Nothing is arriving"]
    said += [f"{', '.join(late)} not heard from"] if late else []
    said += [f"{board.in_quarantine} in quarantine"] if board.in_quarantine else []
    return {
        "cards": [card for card in cards if card not in hidden],
        "quiet": _quiet(hidden, "other dock" if len(hidden) < len(cards) else "dock"),
        "quarantine": [_apart(apart) for apart in board.quarantine],
        "in_quarantine": board.in_quarantine,
        "sorts": sorts_quarantine,
        "announce": "; ".join(said) + ".",
    }


def _quiet(cards: list[dict[str, Any]], noun: str) -> str:
    if not cards:
        return ""
    never = sum(card["heard_at"] is None and card["id"] != "none" for card in cards)
    words = f"Nothing is arriving at {counted(len(cards), noun)}"
    return f"{words}; {never} of them never signed in." if never else f"{words}."


def _card(card: DockCard) -> dict[str, Any]:
    dock = card.dock
    lanes = [_lane(lane) for lane in card.lanes]
    moving = sum(lane.state is State.RECEIVING and not lane.stalled for lane in card.lanes)
    return {
        "name": dock.name if dock else "Without a dock",
        "kind": _kind(card, moving),
        "late": card.late,
        "moving": moving,
        "heard_at": dock.heard_at if dock else None,
        "silent": how_long(now() - dock.heard_at) if dock and card.late and dock.heard_at else "",
        "words": plainly(dock.last_words) if dock else "",
        "lanes": lanes,
        "id": dock.handle if dock else "none",
    }


def _kind(card: DockCard, moving: int) -> dict[str, str]:
    if card.late:
        return {"kind": "needs", "word": "Not heard from"}
    if moving:
        return {"kind": "active", "word": "Receiving"}
    if card.dock and card.dock.heard_at is None:
        return {"kind": "quiet", "word": "Never heard from"}
    return {"kind": "quiet", "word": "Idle"}


def _lane(lane: Lane) -> dict[str, Any]:
    receiving = lane.state is State.RECEIVING
    style = "waiting" if lane.stalled else "active" if receiving else "done"
    return {
        "style": style,
        "who": lane.who or "Not issued to anybody",
        "camera": lane.camera,
        "percent": lane.percent,
        "rate": rate(lane.rate) if lane.rate else "",
        "left": lane.left,
        "words": _lane_words(lane),
        "status": {
            "waiting": {"kind": "needs", "word": "Waiting for the rest"},
            "active": {"kind": "active", "word": "Receiving"},
            "done": {"kind": "proven", "word": "Sealed"},
        }[style],
    }


def _lane_words(lane: Lane) -> str:
    at = f"{localtime(lane.heard_at):%H:%M:%S}"
    if lane.state is not State.RECEIVING:
        return f"{counted(lane.done, 'file')} in the last 15 minutes, the last at {at}"
    of = f" of {size(lane.promised)}" if lane.promised else ""
    verb = ", last heard" if lane.stalled else " at"
    return f"{size(lane.received)}{of}{verb} {at}"


def _apart(apart: Apart) -> dict[str, Any]:
    upload = apart.files[0]
    return {
        "handle": upload.handle,
        "files": apart.files,
        "camera": f"Camera {upload.camera}" if upload.camera else "Camera not known",
        "dock": str(upload.dock or "without a dock"),
        "at": upload.heard_at,
        "reasons": apart.reasons,
    }
