"""What makes a death or serious injury a police matter, and who may look at its footage when.

Rules only: no table, no clock. The safe answer is that nobody looks. Police Reform Act
2002 s.12(2A)-(2D) and Schedule 3; College of Policing, Authorised Professional Practice,
post-incident procedures; IOPC letter to Cleveland of December 2020 (who outside may see
it); what is a proposal of ours says so.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta, tzinfo
from enum import IntEnum, StrEnum
from types import MappingProxyType

from custodes.kernel.spans import Span
from custodes.recordings.rules import OpenFor

#: What is looked for around the moment, unless somebody says otherwise (a proposal).
BEFORE, AFTER = timedelta(hours=2), timedelta(hours=6)
_LONGEST_WINDOW = timedelta(days=7)
#: A camera that has not been docked for this long after the declaration is somebody's business.
RECOVERED_WITHIN = timedelta(hours=12)


class Harm(StrEnum):
    """What happened to a person."""

    DEATH = "death"
    SERIOUS_INJURY = "serious-injury"


class Link(StrEnum):
    """What the police had to do with it: the two limbs of s.12(2A)."""

    CUSTODY = "custody"
    CONTACT = "contact"


HARM_NAMES = {Harm.DEATH: "Somebody has died", Harm.SERIOUS_INJURY: "Somebody is seriously injured"}
LINK_NAMES = {
    Link.CUSTODY: "They had been arrested, or were detained",
    Link.CONTACT: "They had contact with police that may have caused or contributed to it",
}


class Stage(IntEnum):
    """The four accounts of a key police witness, in their order."""

    SITUATION_REPORT = 1
    BASIC_FACTS = 2
    PERSONAL_ACCOUNT = 3
    DETAILED_ACCOUNT = 4


STAGE_NAMES = {
    Stage.SITUATION_REPORT: "Situation report",
    Stage.BASIC_FACTS: "Basic facts",
    Stage.PERSONAL_ACCOUNT: "Personal initial account",
    Stage.DETAILED_ACCOUNT: "Detailed account",
}

Stages = Mapping[Stage, datetime]


def window_around(
    happened_at: datetime, before: timedelta = BEFORE, after: timedelta = AFTER
) -> Span:
    """Return the stretch of filming time that is held and locked."""
    return Span(happened_at - before, happened_at + after)


def faults_of_declaration(
    happened_at: datetime,
    place: str,
    window: Span,
    reached: Collection[str],
    at: datetime,
    clear_at: datetime | None = None,
) -> tuple[str, ...]:
    """Return what is wrong with a declaration; nothing when it may be made.

    ``clear_at`` is when it became clear that it must be referred, if not at this moment.
    ``reached`` are the officers, cameras and areas it names, in words. Anybody who may may
    declare on suspicion: what is missing can be added later, what was seen cannot be unseen.
    """
    faults = []
    if happened_at > at:
        faults.append("It cannot have happened in the future.")
    if clear_at is not None and clear_at > at:
        faults.append("It cannot have become clear in the future.")
    if clear_at is not None and clear_at < happened_at:
        faults.append("It cannot have become clear before it happened.")
    if not place.strip():
        faults.append("Say where it happened, as well as you can.")
    if not reached:
        faults.append("Name at least one officer or camera that was there, or give a position.")
    if not window.contains(happened_at):
        faults.append("The time looked at must contain the moment it happened.")
    if window.length > _LONGEST_WINDOW:
        faults.append("Not more than seven days are locked at once.")
    return tuple(faults)


def refer_by(clear_at: datetime, zone: tzinfo) -> datetime:
    """Return the moment by which the matter has to be with the IOPC.

    Not later than the end of the day after the day on which it became clear that it must
    be referred (Police (Complaints and Misconduct) Regulations 2020): the midnight with
    which that day ends on the wall of the force, whatever the clocks did in between.
    """
    day = clear_at.astimezone(zone).date()
    return datetime.combine(day + timedelta(days=2), time(), zone)


def is_unrecovered(docked_at: datetime | None, happened_at: datetime) -> bool:
    """Say whether a camera has not been read at a dock since it happened."""
    return docked_at is None or docked_at < happened_at


def needs_recovery(declared_at: datetime, at: datetime) -> bool:
    """Say whether a camera that is still out must be somebody's business by now."""
    return at - declared_at >= RECOVERED_WITHIN


def was_too_early(seen_at: datetime, stages: Stages) -> bool:
    """Say whether a key witness saw footage before they had given their initial account."""
    given = stages.get(Stage.PERSONAL_ACCOUNT)
    return given is None or seen_at < given


def faults_of_stage(
    stage: Stage, reached_at: datetime, stages: Stages, happened_at: datetime, at: datetime
) -> tuple[str, ...]:
    """Return what is wrong with the time of a stage; later stages cannot come before earlier."""
    faults = []
    if reached_at > at:
        faults.append("A stage is noted when it is over, not before.")
    if reached_at < happened_at:
        faults.append("No account can be older than what it is about.")
    for other, when in stages.items():
        if other < stage and reached_at < when:
            faults.append(f"It lies before the {STAGE_NAMES[other].lower()}.")
        if other > stage and reached_at > when:
            faults.append(f"It lies after the {STAGE_NAMES[other].lower()}.")
    return tuple(faults)


_OF_WITNESSES = frozenset({OpenFor.OWN_FOOTAGE, OpenFor.OTHER_KPW_FOOTAGE})


@dataclass(frozen=True, slots=True)
class Asked:
    """Somebody is to be let in: the decision as the post-incident manager writes it down.

    ``stages`` are the person's own where they are a key witness, else None; ``is_own``
    says that they filmed the one recording it is about, if it is about one.
    """

    purpose: OpenFor
    rationale: str
    stages: Stages | None = None
    one_recording: bool = False
    is_own: bool = False
    until: datetime | None = None
    authority: str = ""
    standards: str = ""
    reference: str = ""
    before_account: bool = False
    all_stages: Collection[Stages] = field(default=())


def faults_of_access(asked: Asked, at: datetime) -> tuple[str, ...]:
    """Return why somebody may not be let in like this; nothing when they may (PIP-03 to 06)."""
    faults = []
    if not asked.rationale.strip():
        faults.append("Say why. The reason is kept and cannot be changed.")
    if not asked.authority.strip():
        faults.append("Say whom you consulted at the independent authority (IOPC).")
    if not asked.reference.strip():
        faults.append("The reference of the independent authority (IOPC) is missing.")
    if asked.until is not None and asked.until <= at:
        faults.append("It would be over before it began.")
    if asked.stages is not None:
        faults += _faults_for_witness(asked, asked.stages)
    elif asked.purpose in _OF_WITNESSES:
        faults.append("Only a key witness is let in for an account of their own.")
    if asked.purpose is OpenFor.DEBRIEF and not _all_detailed(asked.all_stages):
        faults.append("Nobody debriefs before every key witness has given the detailed account.")
    return tuple(faults)


def _faults_for_witness(asked: Asked, stages: Stages) -> list[str]:
    """Return what is missing for a key witness, for whom the answer is no unless all is there."""
    faults = []
    if not asked.standards.strip():
        faults.append("Say whom you consulted of the investigators or professional standards.")
    if not asked.one_recording:
        faults.append("A key witness is let in to one recording at a time.")
    if asked.until is None:
        faults.append("Say until when. No key witness is let in without an end.")
    if asked.purpose is OpenFor.DEBRIEF:
        return faults
    if asked.purpose not in _OF_WITNESSES:
        faults.append("A key witness does not look into or look after their own incident.")
    elif asked.one_recording and asked.is_own != (asked.purpose is OpenFor.OWN_FOOTAGE):
        faults.append(
            "This is their own footage."
            if asked.is_own
            else "This is not their own footage: choose the footage of another key witness."
        )
    if Stage.PERSONAL_ACCOUNT not in stages and not asked.before_account:
        faults.append(
            "They have not given their personal initial account. To let them look before it, "
            "say so expressly."
        )
    return faults


def _all_detailed(all_stages: Collection[Stages]) -> bool:
    return bool(all_stages) and all(Stage.DETAILED_ACCOUNT in each for each in all_stages)


def faults_of_end(
    reference: str,
    because: str,
    all_stages: Collection[Stages],
    out: Mapping[str, str] = MappingProxyType({}),
) -> tuple[str, ...]:
    """Return why the locks of an incident may not be lifted yet (a proposal: see PIP-06).

    ``out`` are the cameras that were there and are not docked yet, each with why the
    procedure ends all the same; a camera may be lost for good, but not in silence (PIP-07).
    """
    faults = []
    if not because.strip():
        faults.append("Say why the locks may be lifted.")
    if not reference.strip():
        faults.append("Say under which reference the independent authority (IOPC) agreed.")
    if all_stages and not _all_detailed(all_stages):
        faults.append("Not every key witness has given the detailed account.")
    faults += [
        f"{camera} has not been docked since. Have it docked, or say why the procedure ends "
        "without it."
        for camera, why in out.items()
        if not why.strip()
    ]
    return tuple(faults)
