"""The player that goes into a package: one page, with what it plays written into it."""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import cache
from importlib.resources import files
from typing import Final

from django.conf import settings

from custodes.cases.rules.audiences import AUDIENCE_NAMES
from custodes.disclosure.films import Film
from custodes.disclosure.plan import Plan
from custodes.kernel.errors import Refused

_NAME: Final = "offline.html"
_HERE: Final = b"<!--EXHIBITS-->"


class NoPlayer(Refused):
    """This installation came without the built pages."""

    advice = "Install Custodes from its wheel, or build the pages: python frontend/npm.py run build"


@cache
def template() -> bytes:
    """Return the page without exhibits; raises NoPlayer where the pages were not built."""
    found = files("custodes") / "web" / "static" / "built" / _NAME
    if not found.is_file():
        raise NoPlayer("The player for packages is not part of this installation.")
    return found.read_bytes()


def player(plan: Plan, playable_path: Callable[[Film], str]) -> bytes:
    """Return the page that plays what is in a plan, from the folder ``data``."""
    told = {
        "case": str(plan.case),
        "audience": AUDIENCE_NAMES[plan.asked.audience],
        "marking": settings.CUSTODES.marking,
        "zone": settings.CUSTODES.time_zone,
        "exhibits": [
            _exhibit(film, playable_path(film) if film.playable else film.path)
            for film in plan.films
        ],
    }
    # The end of a script is wherever its letters stand, in a string too.
    text = json.dumps(told, ensure_ascii=True).replace("<", "\\u003c")
    tag = f'<script type="application/json" id="exhibits">{text}</script>'
    return template().replace(_HERE, tag.encode(), 1)


def _exhibit(film: Film, path: str) -> dict[str, object]:
    return {
        "reference": str(film.exhibit or film.recording.camera.serial),
        "item": film.exhibit.item if film.exhibit and film.kind == "clips" else film.title,
        "producer": film.exhibit.producer_name if film.exhibit else "nobody yet",
        "path": path.removeprefix("data/"),
        "kind": "picture" if film.is_picture else "film",
        "began": round(film.began.timestamp() * 1000),
        "ahead": film.recording.clock_offset_ms,
        "seconds": film.seconds,
        "frame_rate": film.frame_rate,
    }
