"""What of a case may be given to whom, and for how long.

Rules only. The safe answer comes first: what nobody has said anything of, or what is
sensitive unused material (MG6D), never reaches the defence or the court (DIS-14).
"""

from __future__ import annotations

from datetime import datetime, timedelta
from enum import StrEnum

from custodes.cases.rules.audiences import AUDIENCE_NAMES, Audience, sees_sensitive
from custodes.cases.rules.material import Status

#: To whom a link is given. The person in the footage gets theirs from information rights.
AUDIENCES = (Audience.PROSECUTOR, Audience.DEFENCE, Audience.COURT, Audience.WATCHDOG)
#: Who may be given what nobody has said anything of yet: those who see all there is.
_MAY_LOOK_FIRST = frozenset({Audience.PROSECUTOR, Audience.WATCHDOG})


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

    ``status`` is what was said of the recording in the case. That it is an exhibit, too,
    does not make sensitive material any less so.
    """
    if audience not in AUDIENCES:
        return f"Nothing is shared by a link with {AUDIENCE_NAMES[audience]}."
    who = AUDIENCE_NAMES[audience]
    if status is Status.SENSITIVE and not sees_sensitive(audience):
        return f"It is sensitive unused material (MG6D), which never goes to {who}."
    if status is Status.NOT_LOOKED_AT and not exhibited and audience not in _MAY_LOOK_FIRST:
        return f"Nobody has said yet what becomes of it, and until then it does not go to {who}."
    return ""


def why_not_until(until: datetime, at: datetime, days_at_most: int) -> str:
    """Return why a link may not be open until then; empty when it may."""
    if until <= at:
        return "The last day lies in the past."
    if until > at + timedelta(days=days_at_most):
        return f"A link is open for {days_at_most} days at most."
    return ""
