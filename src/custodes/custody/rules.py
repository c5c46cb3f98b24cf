"""Who acts, which duty of the law an event answers to, and when the log is counted.

Rules only: no table, no clock, no files.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class Law(StrEnum):
    """The classes of processing that DPA 2018 s.62(1) wants logged, and one for the rest."""

    COLLECTION = "collection"
    ALTERATION = "alteration"
    CONSULTATION = "consultation"
    DISCLOSURE = "disclosure"
    COMBINATION = "combination"
    ERASURE = "erasure"
    SYSTEM = "system"


@dataclass(frozen=True, slots=True)
class Actor:
    """Who did it, by handle and by the name they had at that moment.

    ``door`` is how they came in: web, api, axis, tus, cli, worker.
    """

    handle: str
    name: str
    door: str = ""


SYSTEM = Actor(handle="", name="Custodes", door="system")


# When the night's census is taken, by the clock on the wall of the force.
CENSUS_HOUR = 2


def census_is_due(begun: datetime, last: datetime | None, now: datetime) -> bool:
    """Say whether the log should be counted now: once a night, or as soon after as may be.

    ``begun`` is when the log began, ``last`` when it was last counted; ``now`` is in
    the force's own time zone. A log is counted first in the night after it began.
    """
    night = now.replace(hour=CENSUS_HOUR, minute=0, second=0, microsecond=0)
    if now < night:
        night -= timedelta(days=1)
    return begun < night and (last is None or last < night)
