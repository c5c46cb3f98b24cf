"""Made-up facts for the pages in this folder. Nobody here exists."""

from __future__ import annotations

import copy
import json
from datetime import UTC, datetime
from typing import Any

DEVICE = datetime(2026, 11, 14, 21, 15, 40, tzinfo=UTC)
RECEIVED = datetime(2026, 11, 14, 21, 58, 3, tzinfo=UTC)
NAV = (
    "Today", "Recordings", "Incidents", "Cases", "Keeping and disposing", "Sharing", "Oversight",
    "Docks and cameras", "Settings",
)  # fmt: skip


def frame() -> dict[str, Any]:
    """What every page is told."""
    return {
        "force_name": "Northmoor Police", "search_url": "/list", "needs_you_url": "/list",
        "needs_you_count": 7, "person_name": "Sgt R. Imran", "sign_out_url": "/sign-out",
        "person_menu": [{"label": "Your account", "url": "/sign-in"}], "demo": True,
        "official_marking": "OFFICIAL-SENSITIVE", "version": "0.1",
        "nav_items": [{"label": n, "url": "/list", "current": n == "Recordings"} for n in NAV],
        "footer_items": [{"label": "How Custodes can be checked", "url": "/list"}],
    }  # fmt: skip


def custody() -> list[dict[str, Any]]:
    """Three sentences of history."""
    sentences = (
        "Camera ACC8E1 gave this recording to dock Lambeth 2; it was sealed as it arrived.",
        "The viewing copy was made from the sealed original.",
        "Sgt R. Imran watched 0:00 to 0:46 because of complaint 12/2026.",
    )
    body = json.dumps({"event": "recording.accepted", "sha256": "8f3c" * 16}, indent=2)
    return [
        {"sentence": s, "at": RECEIVED, "number": 4100 + i, "json": body, "proof_url": "/list"}
        for i, s in enumerate(sentences)
    ]


def filters() -> dict[str, Any]:
    """The questions above the list."""
    state = [
        {"value": "u", "label": "Uncategorised", "checked": True, "count": 7},
        {"value": "k", "label": "Kept", "checked": False, "count": 190},
        {"value": "h", "label": "Held", "checked": False, "count": 15},
    ]
    dates = [
        {"name": "from", "label": "From", "type": "date", "value": "2026-11-01"},
        {"name": "to", "label": "To", "type": "date"},
    ]
    groups: list[dict[str, Any]] = [
        {"label": "When", "chosen": "since 1 Nov", "fields": dates},
        {"label": "Who", "fields": [{"name": "who", "label": "Wearer or camera"}]},
        {"label": "Where", "fields": [{"name": "where", "label": "Place"}]},
        {"label": "Category", "name": "category", "choices": state},
        {"label": "State", "name": "state", "chosen": "1", "choices": state},
    ]
    return {
        "action": "/list", "query_label": "Search in recordings", "groups": groups,
        "result": "212 recordings, 31 h", "clear_url": "/list",
        "views": [{"label": "Rows", "url": "/list", "current": True},
                  {"label": "Pictures", "url": "/tiles", "current": False}],
    }  # fmt: skip


def recordings(strip: dict[str, Any]) -> list[dict[str, Any]]:
    """Rows of the list."""
    sheet = json.dumps({key: strip[key] for key in strip if key not in ("part", "interval")})
    states = (
        ("needs", "Uncategorised", "deleted 15 December 2026"),
        ("held", "Held", "exhibit ABC/1 in 01MP/44/26"),
        ("proven", "Proven", "checked today at 02:10"),
        ("refused", "Quarantined", "the camera's signature does not fit the file"),
        ("quiet", "Kept", "until 14 March 2027"),
    )
    return [
        {"number": i, "kind": k, "word": w, "why": why, "sheet": sheet if i != 4 else ""}
        for i, (k, w, why) in enumerate(states)
    ]


def context(recording: dict[str, Any], at: float) -> dict[str, Any]:
    """Everything any of the pages may want."""
    done = int(at / 2) * 3 % 101
    quiet = copy.deepcopy(recording)
    quiet.update(parts=[], waveforms=[], filmstrips=[], track=None)
    broken = copy.deepcopy(recording)
    broken["parts"][0]["src"] = "/media/nothing.mp4"
    broken.update(waveforms=[], pre_event_seconds=0, clock_offset_seconds=None, bookmarks=[])
    return {
        **frame(), "recording": recording, "quiet": quiet, "broken": broken,
        "recording_json": json.dumps(recording), "quiet_json": json.dumps(quiet),
        "broken_json": json.dumps(broken), "device": DEVICE, "received": RECEIVED,
        "entries": custody(), "filters": filters(), "done": done, "left": (100 - done) // 12,
        "recordings": recordings(recording["filmstrips"][0]),
        "refusals": [{"text": "Choose a category before keeping this", "target": "c-filter-query"}],
        "go_on": {"label": "Show all recordings", "url": "/list"},
    }  # fmt: skip
