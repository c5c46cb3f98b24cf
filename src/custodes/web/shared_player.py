"""What the player is told of something shared, in the words of frontend/src/player/contract.ts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.http import HttpRequest
from django.middleware.csrf import get_token
from django.urls import reverse

from custodes.disclosure.guests import frame_rate_of
from custodes.kernel.clock import rfc3339

if TYPE_CHECKING:
    from custodes.disclosure.models import Item


def player_of(request: HttpRequest, token: str, item: Item) -> dict[str, Any]:
    """Return what the player needs to show something, and where it tells what was seen."""
    here = [token, item.number]
    part = {
        "src": reverse("shared-media", args=here),
        "type": item.media_type,
        "start": 0.0,
        "duration": item.seconds,
        "label": item.title,
    }
    return {
        "id": f"{item.share.handle}-{item.number}",
        "title": item.title,
        "parts": [part],
        "duration": item.seconds,
        "frame_rate": frame_rate_of(item),
        "started_at": rfc3339(item.filmed_at),
        "received_at": rfc3339(item.share.made_at),
        "clock_offset_seconds": None,
        "time_zone": str(settings.TIME_ZONE),
        "pre_event_seconds": 0.0,
        "filmstrips": [],
        "waveforms": [],
        "bookmarks": [],
        "track": None,
        "urls": {"bookmark": None, "seen": reverse("shared-seen", args=here)},
        "csrf": get_token(request),
    }
