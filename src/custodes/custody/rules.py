"""Who acts, which duty of the law an event answers to, when the log is counted and forgets.

Rules only: no table, no clock, no files.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from types import MappingProxyType


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


class LogPurpose(StrEnum):
    """The only purposes for which the log of what somebody did may be read."""

    LAWFULNESS = "lawfulness"
    SELF_MONITORING = "self-monitoring"
    SECURITY = "security"
    CRIMINAL_PROCEEDINGS = "criminal-proceedings"


# DPA 2018 s.62(4)(a) to (d), in that order, each as the end of "to read the log ...".
LOG_PURPOSES: Mapping[LogPurpose, str] = MappingProxyType(
    {
        LogPurpose.LAWFULNESS: "to verify that processing was lawful",
        LogPurpose.SELF_MONITORING: (
            "to help the force monitor itself, internal disciplinary proceedings included"
        ),
        LogPurpose.SECURITY: "to ensure the integrity and security of personal data",
        LogPurpose.CRIMINAL_PROCEEDINGS: "for the purposes of criminal proceedings",
    }
)

#: Names the rule below in the entry of an erasure, so that a reader in thirty years knows it.
FORGETTING_RULE = "custodes-forgetting/v1"
#: Acts that belong to no thing that lives on: who came in, looked around, or was refused.
PASSING_KINDS = frozenset(
    {"person.signed_in", "recordings.searched", "access.denied", "log.viewed"}
)
#: The kind of entry with which a recording's life ends.
ENDING_KIND = "recording.deleted"


def kept_until(at: datetime, years: int) -> datetime:
    """Return the moment some years later; 29 February ends on 28 February."""
    try:
        return at.replace(year=at.year + years)
    except ValueError:
        return at.replace(year=at.year + years, day=28)


def years_before(at: datetime, years: int) -> datetime:
    """Return the moment some years earlier, or a day before it in a leap year's February."""
    try:
        return at.replace(year=at.year - years)
    except ValueError:
        return at.replace(year=at.year - years, day=28)


def may_be_forgotten(
    kind: str, happened_at: datetime, ended_at: datetime | None, years: int, at: datetime
) -> bool:
    """Say whether the details of an entry may be erased at this moment.

    Kept for the life of what they are about and some years more. ``ended_at`` is
    when the entry was written that says this life ended; None if there is no such
    entry, and then only the details of passing acts may ever go.
    """
    if kind in PASSING_KINDS:
        return kept_until(happened_at, years) <= at
    if ended_at is None:
        return False
    return kept_until(max(happened_at, ended_at), years) <= at


@dataclass(frozen=True, slots=True)
class PlannedErasure:
    """That somebody asked for details to be erased: who, why, when, and of what."""

    subject: str
    asked_by: Actor
    because: str
    asked_at: datetime
    before: int
    entries: int


#: An erasure nobody agreed to within this time has to be asked for again.
A_PLAN_STANDS = timedelta(days=30)


def why_not_erase(plan: PlannedErasure, by: Actor, at: datetime) -> str:
    """Return why this person may not carry an erasure out now; empty when they may."""
    if at - plan.asked_at > A_PLAN_STANDS:
        return "The erasure was asked for more than 30 days ago."
    if not by.handle or by.handle == plan.asked_by.handle:
        return "Whoever asks for an erasure cannot also agree to it."
    return ""


class Audience(StrEnum):
    """To whom entries are given, as far as it decides what is open to begin with."""

    COURT = "court"
    OUTSIDE = "outside"


#: What is open to the defence and the public unless somebody decides otherwise. Whatever is
#: not named here (names, handles, reasons, notes, places, serials, names of files) is withheld.
OPEN_TO_OUTSIDE = frozenset({"door", "sha256", "recipe", "found", "after"})


def is_open_to(audience: Audience, field: str) -> bool:
    """Say whether a field is open to somebody unless a person decides otherwise."""
    return audience is Audience.COURT or field in OPEN_TO_OUTSIDE
