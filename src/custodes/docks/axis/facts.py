"""Times, places and moments, as a controller writes them in its metadata."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from http import HTTPStatus

from custodes.docks.http import Declined
from custodes.kernel.clock import parse_rfc3339
from custodes.recordings.rules import CameraTimes

# Eleven digits reach past the year 5000; a longer number is no time.
_EPOCH = re.compile(r"\d{1,11}(\.\d{1,9})?\Z")
# "<lat><long><accuracy><epoch>": numbers run together by their signs, or set apart.
_PLACE = re.compile(
    r"(?P<latitude>[+-]?\d{1,2}(\.\d{1,12})?)"
    r"((?=[+-])|[ ,;]+)(?P<longitude>[+-]?\d{1,3}(\.\d{1,12})?)(?![\d.])"
)


def time_told(told: Mapping[str, str], key: str) -> datetime | None:
    """Return a time from its ISO form or its seconds since 1970; None when neither is said.

    Declines, as never storable, what is no time.
    """
    text = told.get(f"{key}ISO") or told.get(key, "")
    if not text:
        return None
    try:
        return datetime.fromtimestamp(float(text), UTC) if _EPOCH.match(text) else _iso(text)
    except ValueError:
        raise Declined(HTTPStatus.BAD_REQUEST, f"{key} is not a time: {text[:60]!r}.") from None


def times_told(told: Mapping[str, str], named: datetime | None = None) -> CameraTimes | None:
    """Return when a recording was filmed; None when nothing says when it began.

    ``named`` is the trigger time in the container's name, for a sender that says no other.
    """
    trigger = time_told(told, "TriggerOnTime") or named
    started = time_told(told, "StartTime") or trigger
    if started is None:
        return None
    return CameraTimes(
        started_at=started,
        ended_at=time_told(told, "StopTime"),
        trigger_on=trigger,
        trigger_off=time_told(told, "TriggerOffTime"),
        time_zone=told.get("TimeZone", "")[:64],
    )


def place_told(told: Mapping[str, str], key: str) -> tuple[float, float] | None:
    """Return latitude and longitude in degrees, or None when nothing readable is said.

    A place that cannot be read is no reason to refuse footage; the text is kept.
    """
    match = _PLACE.match(told.get(key, ""))
    if match is None:
        return None
    latitude, longitude = float(match["latitude"]), float(match["longitude"])
    if abs(latitude) > 90 or abs(longitude) > 180:
        return None
    return latitude, longitude


def _iso(text: str) -> datetime:
    try:
        return parse_rfc3339(text)
    except OverflowError as beyond:  # the first or last hours a datetime can hold
        raise ValueError(text) from beyond
