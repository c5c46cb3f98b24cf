"""Keeping and disposing: schedules, holds, reviews, sweeps, and what is gone."""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType

from custodes.custody.events.kind import Event, event
from custodes.custody.rules import Law


@event
@dataclass(frozen=True, slots=True)
class HoldOpened(Event):
    """A hold was placed; an entry for each recording it keeps follows."""

    kind = "hold.opened"
    law = Law.SYSTEM
    sentence = "{actor} placed a hold for {what}: {because} It keeps {number} recordings so far."

    what: str
    number: int
    reach: str


@event
@dataclass(frozen=True, slots=True)
class HoldPlaced(Event):
    """A recording must be kept. ``until`` is when the hold ends by itself, if it does."""

    kind = "hold.placed"
    law = Law.SYSTEM
    sentence = "It must be kept: {what}. Placed by {actor}: {because}"
    public = MappingProxyType({"hold": "h", "until": "u"})

    hold: str
    until: str
    what: str


@event
@dataclass(frozen=True, slots=True)
class HoldRenewed(Event):
    """Somebody looked at a hold, found that it is still needed, and said when to look again."""

    kind = "hold.renewed"
    law = Law.SYSTEM
    sentence = (
        "{actor} looked whether the hold for {what} is still needed; it is looked at again on "
        "{review_on} and not on {before}: {because}"
    )

    what: str
    before: str
    review_on: str


@event
@dataclass(frozen=True, slots=True)
class ReleaseAgreed(Event):
    """Somebody agreed to let a hold go; it may need another person too."""

    kind = "hold.release_agreed"
    law = Law.SYSTEM
    sentence = "{actor} agreed that the hold for {what} may go: {because}"

    what: str
    reference: str


@event
@dataclass(frozen=True, slots=True)
class AgreementsVoided(Event):
    """The hold is still needed: who agreed before that it may go has agreed to nothing now."""

    kind = "hold.agreements_voided"
    law = Law.SYSTEM
    sentence = (
        "What was agreed about letting the hold for {what} go counts no more, "
        "{number} in all: {because}"
    )

    what: str
    number: int


@event
@dataclass(frozen=True, slots=True)
class HoldClosed(Event):
    """A hold was released; an entry for each recording it kept follows."""

    kind = "hold.closed"
    law = Law.SYSTEM
    sentence = "The hold for {what} was released by {actor}: {because} It kept {number} recordings."

    what: str
    number: int


@event
@dataclass(frozen=True, slots=True)
class HoldReleased(Event):
    """A hold does not keep this recording any more."""

    kind = "hold.released"
    law = Law.SYSTEM
    sentence = "The hold for {what} was released by {actor}: {because}"
    public = MappingProxyType({"hold": "h"})

    hold: str
    what: str


@event
@dataclass(frozen=True, slots=True)
class RecordingReviewed(Event):
    """Somebody looked whether the recording is still needed.

    ``looked_at`` is the SHA-256 over the digests of its files.
    """

    kind = "recording.reviewed"
    law = Law.CONSULTATION
    sentence = "{actor} looked whether it is still needed: {outcome} Reason: {because}"

    outcome: str
    looked_at: str


@event
@dataclass(frozen=True, slots=True)
class LettingGoAgreed(Event):
    """Somebody who looked at a recording agreed that it may go; it takes two people."""

    kind = "recording.letting_go"
    law = Law.CONSULTATION
    sentence = "{actor} looked at it and agreed that it may go: {because}"

    looked_at: str


@event
@dataclass(frozen=True, slots=True)
class SweepRehearsed(Event):
    """What a sweep would delete was worked out; nothing was deleted."""

    kind = "sweep.rehearsed"
    law = Law.SYSTEM
    sentence = "A rehearsal found {due} recordings to delete. {stopped}"
    public = MappingProxyType({"due": "due"})

    due: int
    stopped: str


@event
@dataclass(frozen=True, slots=True)
class SweepAgreed(Event):
    """Somebody agreed that a sweep that stopped may begin."""

    kind = "sweep.agreed"
    law = Law.SYSTEM
    sentence = "{actor} agreed to the deletion of {due} recordings: {because}"

    due: int


@event
@dataclass(frozen=True, slots=True)
class RecordingDeleted(Event):
    """The key of a recording was destroyed because its time was over.

    ``policy`` is the handle of the schedule's version, ``rule`` the code of the line,
    ``due`` when it might go; ``keys`` are the names of the data keys that are gone.
    ``mode`` is ``scheduled`` where the clock alone decided, else ``manual``; then
    ``approvals`` are the leaf hashes of the entries in which two people let it go.
    """

    kind = "recording.deleted"
    law = Law.ERASURE
    sentence = "It was deleted under {rule} of the schedule; it might go from {due}."
    public = MappingProxyType(
        {
            "policy": "pol",
            "rule": "rule",
            "due": "due",
            "mode": "mode",
            "keys": "kids",
            "epoch": "ep",
            "approvals": "ap",
        }
    )

    policy: str
    rule: str
    due: str
    mode: str
    keys: list[str]
    epoch: int
    approvals: list[str] | None = None


@event
@dataclass(frozen=True, slots=True)
class SweepDone(Event):
    """A sweep ended; one that was cut off and cannot go on says in ``interrupted`` why."""

    kind = "sweep.done"
    law = Law.ERASURE
    sentence = (
        "{disposed} recordings were deleted; {kept} that had been due were kept after all. "
        "{interrupted}"
    )
    public = MappingProxyType({"disposed": "gone", "kept": "kept"})

    disposed: int
    kept: int
    interrupted: str = ""


@event
@dataclass(frozen=True, slots=True)
class KeysRolled(Event):
    """Every live key was wrapped under a new epoch, or the epochs before it were destroyed.

    ``root`` is the tree over the names of all live keys, sorted: one that is gone is
    provably not among them. ``destroyed`` counts the epoch keys that were destroyed.
    """

    kind = "key.epoch"
    law = Law.SYSTEM
    sentence = "Epoch {epoch} holds {keys} keys; {destroyed} older epoch keys were destroyed."
    public = MappingProxyType(
        {"epoch": "ep", "keys": "c", "root": "r", "destroyed": "gone", "rewrapped": "again"}
    )

    epoch: int
    keys: int
    root: str
    destroyed: int
    rewrapped: int


@event
@dataclass(frozen=True, slots=True)
class BackupsAgedOut(Event):
    """The last backup of what was destroyed with an epoch has expired, as the force declares.

    ``days`` is how long it declares to keep backups; ``gone`` counts the recordings.
    """

    kind = "backup.aged_out"
    law = Law.ERASURE
    sentence = "Backups are kept {days} days: those of {gone} deleted recordings have expired."
    public = MappingProxyType({"epoch": "ep", "gone": "c", "days": "d"})

    epoch: int
    gone: int
    days: int


@event
@dataclass(frozen=True, slots=True)
class RehearsalAsked(Event):
    """Somebody asked for a rehearsal outside the nightly one."""

    kind = "sweep.asked"
    law = Law.SYSTEM
    sentence = "{actor} asked what a sweep would delete now."
