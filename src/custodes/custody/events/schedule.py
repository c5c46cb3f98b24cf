"""The schedule: proposed, rehearsed, decided on by a second person, published."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from custodes.custody.events.kind import Event, event
from custodes.custody.rules import Law


@event
@dataclass(frozen=True, slots=True)
class SchedulePublished(Event):
    """A version of the schedule takes effect. ``rules`` are the lines that let go by themselves.

    ``document``, ``table`` and ``page`` are the SHA-256 of the schedule as JSON, CSV and HTML.
    """

    kind = "policy.publish"
    law = Law.SYSTEM
    sentence = "Version {version} of the schedule was published by {actor}: {because}"
    public = MappingProxyType(
        {"rules": "rules", "version": "ver", "document": "doc", "table": "csv", "page": "html"}
    )

    rules: Mapping[str, Any]
    version: int
    document: str
    table: str
    page: str
    proposed_by: str


@event
@dataclass(frozen=True, slots=True)
class ScheduleProposed(Event):
    """Somebody proposed another schedule; a second person decides. ``changes`` in sentences."""

    kind = "schedule.proposed"
    law = Law.SYSTEM
    sentence = "{actor} proposed a schedule: {changes} Reason: {because}"

    changes: str


@event
@dataclass(frozen=True, slots=True)
class ProposalRehearsed(Event):
    """What a proposed schedule would change was worked out, and shown to who decides."""

    kind = "schedule.rehearsed"
    law = Law.SYSTEM
    sentence = "The rehearsal: {sooner} recordings would go sooner, {later} later."

    sooner: int
    later: int


@event
@dataclass(frozen=True, slots=True)
class ProposalApproved(Event):
    """A second person approved a proposed schedule; it was published as a version."""

    kind = "schedule.approved"
    law = Law.SYSTEM
    sentence = "{actor} approved it as version {version}: {because}"

    version: int


@event
@dataclass(frozen=True, slots=True)
class ProposalWithdrawn(Event):
    """A proposed schedule was withdrawn; the one in force stays."""

    kind = "schedule.withdrawn"
    law = Law.SYSTEM
    sentence = "{actor} withdrew the proposal: {because}"
