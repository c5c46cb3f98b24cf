"""What has become of a share: it waits, it is open, it was called back, or its time is over.

Rules only. If in doubt it is not open.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from custodes.cases.rules.audiences import Audience
from custodes.disclosure.rules.having import NEEDS_RELEASE


class Standing(StrEnum):
    """What a share is now."""

    CALLED_BACK = "called-back"
    OVER = "over"
    WAITS = "waits"
    OPEN = "open"


STANDING_NAMES = {
    Standing.CALLED_BACK: "called back",
    Standing.OVER: "over",
    Standing.WAITS: "waits for a second person",
    Standing.OPEN: "open",
}


@dataclass(frozen=True, slots=True)
class Terms:
    """What decides whether a share is open."""

    audience: Audience
    until: datetime
    released: bool
    called_back: bool

    def standing(self, at: datetime) -> Standing:
        """Return what the share is at this moment."""
        if self.called_back:
            return Standing.CALLED_BACK
        if at >= self.until:
            return Standing.OVER
        if self.audience in NEEDS_RELEASE and not self.released:
            return Standing.WAITS
        return Standing.OPEN
