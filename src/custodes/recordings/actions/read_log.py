"""Put on the record who reads whose log, for which lawful purpose, before it is shown.

DPA 2018 s.62(4) allows logs to be used for four purposes only. Each reading names
one of them, and is itself an entry in the log.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from custodes.custody.actions import record
from custodes.custody.events import LogViewed
from custodes.custody.queries import number_of_acts
from custodes.custody.rules import LOG_PURPOSES, LogPurpose
from custodes.people.errors import NotAllowed
from custodes.people.models import Person
from custodes.people.rules import Permission, Viewer
from custodes.recordings.actions.watch import LONGEST_REASON
from custodes.recordings.errors import NeedsAReason, Unusable
from custodes.recordings.reports import Stretch


@transaction.atomic
def read_log(
    viewer: Viewer,
    person: Person,
    stretch: Stretch,
    purpose: str,
    because: str,
    *,
    at: datetime,
) -> int:
    """Record that somebody reads a person's log; return how many entries they will find.

    Raises NotAllowed, or NeedsAReason when the purpose is none of the four or no
    reason is given. Nothing may be shown before this has returned.
    """
    if not viewer.may(Permission.READ_LOG):
        raise NotAllowed("None of your roles reads the log of what somebody did.")
    if purpose not in LOG_PURPOSES:
        raise NeedsAReason(
            "The log was not opened: it may be read for one of four purposes only.",
            "Choose the purpose. DPA 2018 s.62(4) names the four.",
        )
    reason = reason_in(because, "The log was not opened.")
    found = number_of_acts(person.handle, stretch.since, stretch.until)
    viewed = LogViewed(
        person=person.name,
        period=str(stretch),
        purpose=LOG_PURPOSES[LogPurpose(purpose)],
        found=str(found),
    )
    record(viewed, subject=person.handle, by=viewer.actor, at=at, because=reason)
    return found


def reason_in(because: str, refused: str) -> str:
    """Return a reason as it is kept; raises NeedsAReason without one, Unusable when too long."""
    if not because.strip():
        raise NeedsAReason(refused, "Say why. Your reason is kept with the entry.")
    if len(because) > LONGEST_REASON:
        raise Unusable(f"A reason has at most {LONGEST_REASON:,} characters.")
    return because.strip()
