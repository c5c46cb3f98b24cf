"""Why a recording was docked late: the codes a force may be asked for (RET-03)."""

from __future__ import annotations

from enum import StrEnum


class LateReason(StrEnum):
    """Why footage was brought in after more than 24 days."""

    AWAY = "away"
    CAMERA = "camera"
    DOCK = "dock"
    EVIDENCE = "evidence"
    FORGOTTEN = "forgotten"
    OTHER = "other"


LATE_REASONS = {
    LateReason.AWAY: "the wearer was on leave or ill",
    LateReason.CAMERA: "the camera was lost, broken or with its maker",
    LateReason.DOCK: "the dock or its network was down",
    LateReason.EVIDENCE: "the camera was kept as evidence",
    LateReason.FORGOTTEN: "it was forgotten",
    LateReason.OTHER: "something else",
}
