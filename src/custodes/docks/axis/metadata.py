"""What the headers of a request say: ``X-Container-Meta-*`` and ``X-Object-Meta-*``.

Names lose their capitals on the way, so the ones in the specification get them
back here; unknown ones are kept in the specification's own spelling rule, first
letters only. Values are URL-encoded UTF-8.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping
from urllib.parse import quote, unquote_to_bytes

from custodes.docks.http import Environ

Told = dict[str, str]

_SPELLING = {
    name.lower(): name
    for name in (
        "ContainerName",
        "BWCSerialNumber",
        "SCUSerialNumber",
        "FirmwareVersion",
        "UserID",
        "TriggerOn",
        "TriggerOff",
        "TriggerOnTime",
        "TriggerOnTimeISO",
        "TriggerOnLocation",
        "TriggerOffTime",
        "TriggerOffTimeISO",
        "TriggerOffLocation",
        "StartTime",
        "StartTimeISO",
        "StopTime",
        "StopTimeISO",
        "TimeZone",
        "BWCModel",
        "Status",
        "ContainerType",
        "StartLocation",
        "StopLocation",
        "FileType",
        "CategoryID",
        "CategoryName",
        "Tags",
        "EndTime",
        "RejectedContentOriginalContainer",
        "RejectedContentTime",
        "RejectedContentReason",
        "ConnectionId",
        "SystemName",
        "Active",
        "Name",
        "Model",
    )
}


def container_metadata(environ: Environ) -> Told:
    """Return what a request says of its container."""
    return dict(_told(environ, "HTTP_X_CONTAINER_META_"))


def object_metadata(environ: Environ) -> Told:
    """Return what a request says of its object."""
    return dict(_told(environ, "HTTP_X_OBJECT_META_"))


def as_headers(kind: str, told: Mapping[str, str]) -> list[tuple[str, str]]:
    """Return metadata as response headers; ``kind`` is Object or Container."""
    return [(f"X-{kind}-Meta-{_title(key)}", quote(value)) for key, value in told.items()]


def _told(environ: Environ, prefix: str) -> Iterator[tuple[str, str]]:
    for header, value in environ.items():
        if header.startswith(prefix) and len(header) > len(prefix):
            yield _spelled(header[len(prefix) :]), decoded(value)


def decoded(value: str) -> str:
    """Return a URL-encoded value as text, or as it came when it is no proper text.

    Control characters have no place in a name, and a database may refuse them.
    """
    try:
        text = unquote_to_bytes(value.encode("latin-1")).decode("utf-8")
    except UnicodeError:
        return quote(value, safe="%:/ ;,@+=")
    if any(unicodedata.category(char) == "Cc" for char in text):
        return value if value.isprintable() else quote(value, safe="%")
    return text


def _spelled(header: str) -> str:
    plain = header.lower()
    return _SPELLING.get(plain) or _title(plain.replace("_", "-"))


def _title(name: str) -> str:
    return "-".join(part.capitalize() for part in name.split("-"))
