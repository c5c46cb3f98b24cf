"""What of a share is still outstanding, and when somebody should ask after it.

Rules only.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from custodes.disclosure.rules.standing import Standing

#: After so long somebody asks whether it came. A proposal: no source sets a number.
ASK_AFTER = timedelta(days=3)


@dataclass(frozen=True, slots=True)
class Facts:
    """What has become of a share so far; ``given_at`` is since when it could be opened."""

    standing: Standing
    given_at: datetime
    opened_at: datetime | None
    acknowledged_at: datetime | None
    wishes: int

    def outstanding(self, at: datetime) -> tuple[str, ...]:
        """Return what is still to come, as the ends of "it is"; nothing when all is done."""
        found = []
        if self.standing is Standing.WAITS:
            found.append("not released")
        elif self.standing is Standing.OPEN and self.opened_at is None:
            days = (at - self.given_at) // timedelta(days=1)
            found.append(f"not opened for {days} days" if days > 1 else "not opened yet")
        elif self.standing is Standing.OVER and self.opened_at is None:
            found.append("over, and was never opened")
        elif self.standing is Standing.OPEN and self.acknowledged_at is None:
            found.append("not acknowledged")
        if self.wishes and self.standing is not Standing.CALLED_BACK:
            found.append("asked about, and not answered")
        return tuple(found)

    def is_late(self, at: datetime) -> bool:
        """Say whether somebody should ask the recipient whether it came."""
        not_opened = self.standing is Standing.OPEN and self.opened_at is None
        return not_opened and at - self.given_at >= ASK_AFTER
