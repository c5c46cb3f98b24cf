"""The two objects we publish: what we can do, and the categories cameras offer.

Their ETag is the MD5 of the very bytes sent; without it the controller logs
"object corrupt" and takes it that we can do nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable

from custodes.docks.http import Answer
from custodes.recordings.queries import categories_on_offer

# A capability once declared must be kept for ever (specification, "Capability API").
_CAPABILITIES = {
    "Read": {"ReadCategories": True},
    "Store": {
        "StoreUserIDKey": True,
        "StoreBookmarks": True,
        "StoreSignedVideo": True,
        "StoreGNSSTrackRecording": True,
        "StoreRejectedContent": True,
    },
    "StoreAndRead": {"StoreReadSystemID": True},
}


def _capabilities() -> object:
    return _CAPABILITIES


def _categories() -> object:
    return [{"Name": each.name, "Id": each.code} for each in categories_on_offer()]


PUBLISHED: dict[str, Callable[[], object]] = {
    "Capabilities.json": _capabilities,
    "Categories.json": _categories,
}


def published(name: str) -> Answer:
    """Return one of the published objects as it is now."""
    body = json.dumps(PUBLISHED[name](), ensure_ascii=False, indent=1).encode()
    return Answer(200, body, (("Content-Type", "application/json"), ("ETag", etag_of(body))))


def etag_of(body: bytes) -> str:
    """Return the ETag Swift wants: the MD5, without quotes."""
    return hashlib.md5(body, usedforsecurity=False).hexdigest()
