"""What an agent read of a camera before it sends: ``POST /tus/sessions``, one JSON object.

Not tus, but said over the same connection with the same key. It promises nothing and
refuses no footage: it lets the server miss what does not come.
"""

from __future__ import annotations

import json
import re
from http import HTTPStatus
from typing import Any

from custodes.docks.http import Answer, Declined, in_words
from custodes.docks.tus.request import Request
from custodes.fleet.queries import camera_with_serial
from custodes.intake.rules import is_safe_name
from custodes.recordings.actions.deliver import Sender
from custodes.recordings.actions.gaps import Item, Reading, note_reading, number_told

PATH = "/tus/sessions"
_MOST_BYTES = 4 << 20
_MOST_ITEMS = 20_000
_DIGEST = re.compile(r"[0-9a-f]{64}\Z")
_MOST_MS = 100 * 365 * 86_400_000


def session(request: Request, sender: Sender) -> Answer:
    """Answer POST with how many of the recordings named are not held yet."""
    said = _said(request)
    camera = camera_with_serial(str(said.get("camera", ""))[:64])
    new = note_reading(camera, _reading(said), by=sender.by, at=request.at)
    return in_words(HTTPStatus.OK, json.dumps({"awaited": new}))


def _said(request: Request) -> dict[str, Any]:
    if request.body.demand_length() > _MOST_BYTES:
        raise Declined(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, "The list is too long.")
    try:
        said = json.loads(b"".join(request.body.blocks()))
    except (ValueError, RecursionError):
        said = None
    if not isinstance(said, dict):
        raise Declined(HTTPStatus.BAD_REQUEST, "The body is not one JSON object.")
    return said


def _reading(said: dict[str, Any]) -> Reading:
    items, offset, log = said.get("items"), said.get("offset_ms"), said.get("log", "")
    if not isinstance(items, list) or len(items) > _MOST_ITEMS:
        raise Declined(HTTPStatus.BAD_REQUEST, "`items` is not a list, or has too many.")
    if offset is not None and (type(offset) is not int or abs(offset) > _MOST_MS):
        raise Declined(HTTPStatus.BAD_REQUEST, "`offset_ms` is not a number of milliseconds.")
    if log and not (isinstance(log, str) and _DIGEST.match(log)):
        raise Declined(HTTPStatus.BAD_REQUEST, "`log` is not a SHA-256 in hexadecimal.")
    counter = said.get("counter")
    return Reading(tuple(map(_item, items)), number_told(counter), offset, str(log))


def _item(said: object) -> Item:
    name = said.get("name") if isinstance(said, dict) else None
    size = said.get("size") if isinstance(said, dict) else None
    if not isinstance(said, dict) or not isinstance(name, str) or not is_safe_name(name):
        raise Declined(HTTPStatus.BAD_REQUEST, "An item has no name that can be kept.")
    if type(size) is not int or not 0 <= size < 2**53:
        raise Declined(HTTPStatus.BAD_REQUEST, "The size of an item is not a number of bytes.")
    return Item(name, size, number_told(said.get("number")))
