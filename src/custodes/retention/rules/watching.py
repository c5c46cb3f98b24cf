"""Which reasons for looking at footage, cutting it or handing it out also keep it (RET-20).

Rules only. A reason is what somebody chose or typed; where it speaks of a complaint or of
somebody's conduct the footage is held, and where the words only sound like it, too.
"""

from __future__ import annotations

import re

from custodes.retention.rules.holds import HoldKind

_OF_COMPLAINTS = re.compile(
    r"\b(complain|misconduct|conduct (matter|investigation|inquiry)|professional standards"
    r"|psd\b|iopc\b|watchdog\b)",
    re.IGNORECASE,
)


def hold_for(reason: str) -> HoldKind | None:
    """Return the hold that looking for this reason places; None where it places none."""
    return HoldKind.COMPLAINT if _OF_COMPLAINTS.search(" ".join(reason.split())) else None


def hold_for_handing(reason: str, *to: str) -> HoldKind | None:
    """Return the hold that handing something out places: for the reason, or for who gets it."""
    return hold_for("; ".join((reason, *to)))
