"""Which reasons for looking at footage, or taking it away, also keep it (RET-20).

Rules only. A reason is what somebody chose or typed; where it speaks of a complaint or of
somebody's conduct the footage is held, and where the words only sound like it, too.
"""

from __future__ import annotations

import re

from custodes.retention.rules.holds import HoldKind

_OF_COMPLAINTS = re.compile(
    r"\b(complain|misconduct|conduct (matter|investigation|inquiry)|professional standards"
    r"|psd\b|iopc\b)",
    re.IGNORECASE,
)


def hold_for(reason: str) -> HoldKind | None:
    """Return the hold that looking for this reason places; None where it places none."""
    return HoldKind.COMPLAINT if _OF_COMPLAINTS.search(" ".join(reason.split())) else None
