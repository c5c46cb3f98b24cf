"""What a camera is, how it is worn, and when a dock is overdue.

Rules only: no table, no clock.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum


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
