"""What a camera is, how it is worn, and when a dock is overdue.

Rules only: no table, no clock.
"""

from __future__ import annotations

import re
from datetime import datetime, timedelta
from enum import StrEnum

MOST_OF_A_SOURCE_TYPE = 10
#: How an ordinary body-worn camera is called where nothing can be left empty.
ORDINARY = "none"
_SOURCE_TYPE = re.compile(r"[a-z][a-z0-9-]{0,9}\Z")


class Mount(StrEnum):
    """Where on the wearer, or on what, a camera sits."""

    CHEST = "chest"
    SHOULDER = "shoulder"
    HEAD = "head"
    HELMET_LEFT = "helmet-left"
    HELMET_RIGHT = "helmet-right"
    CAP = "cap"
    GLASSES = "glasses"
    VEHICLE = "vehicle"
    UNKNOWN = "unknown"


MOUNT_NAMES = {mount: mount.value.replace("-", " ") for mount in Mount} | {
    Mount.UNKNOWN: "not recorded"
}


class Grade(StrEnum):
    """How well a camera's own counter can show that nothing is missing (custody format, s5)."""

    SIGNED_COUNTER = "S4"
    DEVICE_COUNTER = "S3"
    COUNTER_OVER_USB = "S2"
    VENDOR_LISTS = "S1"
    NONE = "S0"


class DockKind(StrEnum):
    """What speaks to us on behalf of cameras."""

    AXIS = "axis"
    AGENT = "agent"


class Container(StrEnum):
    """The file format the cameras of a dock are to deliver."""

    MKV = "mkv"
    MP4 = "mp4"


def is_late(heard_at: datetime | None, now: datetime, allowed: timedelta) -> bool:
    """Say whether a dock that was heard of before has been silent for too long."""
    return heard_at is not None and now - heard_at > allowed


def read_source_type(text: str) -> str:
    """Return the source type somebody wrote; empty is an ordinary body-worn camera.

    Raises ValueError for what is no short code.
    """
    code = text.strip().lower()
    if code in ("", ORDINARY):
        return ""
    if not _SOURCE_TYPE.match(code):
        raise ValueError(
            f"“{code[:40]}” is no source type: it is a letter, then up to "
            f"{MOST_OF_A_SOURCE_TYPE - 1} letters, figures or hyphens, such as egt."
        )
    return code
