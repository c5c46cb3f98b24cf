"""What of a case may be given to whom, and for how long.

Rules only; that it is sensitive, or not looked at, is asked of ``rules.having``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from custodes.cases.rules.audiences import AUDIENCE_NAMES, Audience
from custodes.cases.rules.material import Status
from custodes.disclosure.rules.having import why_not_have

#: To whom a link is given. The person in the footage gets theirs from information rights.
AUDIENCES = (Audience.PROSECUTOR, Audience.DEFENCE, Audience.COURT, Audience.WATCHDOG)


class Thing(StrEnum):
    """What a share holds: what was cut for it, or an exhibit's recording as browsers play it."""

    CLIP = "clip"
    STILL = "still"
    RECORDING = "recording"


THING_NAMES = {
    Thing.CLIP: "clip",
    Thing.STILL: "still picture",
    Thing.RECORDING: "whole recording, to be watched",
}
#: What may be taken away and not only watched. A whole recording leaves as clips or a package.
TO_TAKE_AWAY = frozenset({Thing.CLIP, Thing.STILL})
MOST_ITEMS = 200


def why_not_to(audience: Audience, status: Status, *, exhibited: bool) -> str:
    """Return why something of a recording may not go to somebody; empty when it may.

    ``status`` is what was said of the recording in the case.
    """
    if audience not in AUDIENCES:
        return f"Nothing is shared by a link with {AUDIENCE_NAMES[audience]}."
    return why_not_have(audience, status, exhibited=exhibited)


@dataclass(frozen=True, slots=True)
class Stands:
    """What a recording is to a case now. ``status`` None: it was taken out of the case.

    ``exhibits`` are the clips of it that are exhibits, by handle; empty: all of it is one.
    """

    status: Status | None
    exhibits: frozenset[str] = frozenset()


def why_not_any_more(audience: Audience, stands: Stands, thing: Thing, clip: str) -> str:
    """Return why something that was shared has to stop since; empty when it may go on.

    For officers to read. Its recipient is told that it is held back and never why: that
    it became sensitive would say what it is.
    """
    whole = "" in stands.exhibits
    if thing is Thing.RECORDING and stands.status is not None and not whole:
        return "It is no exhibit of the case any more."
    return why_not_handed_over(audience, stands, exhibited=whole or clip in stands.exhibits)


def why_not_handed_over(audience: Audience, stands: Stands, *, exhibited: bool) -> str:
    """Return why what was prepared of a recording may not be handed over now; empty when it may."""
    if stands.status is None:
        return "Its recording was taken out of the case."
    return why_not_have(audience, stands.status, exhibited=exhibited)


def why_not_until(until: datetime, at: datetime, days_at_most: int) -> str:
    """Return why a link may not be open until then; empty when it may."""
    if until <= at:
        return "The last day lies in the past."
    if until > at + timedelta(days=days_at_most):
        return f"A link is open for {days_at_most} days at most."
    return ""
