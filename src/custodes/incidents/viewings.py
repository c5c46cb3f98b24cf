"""Who looked at the footage of an incident, who tried, and which looks came too early (PIP-04).

The force reads of the police watchdog only that it looked and how often (PIP-10).
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from custodes.custody.events import AccessWithheld
from custodes.custody.queries import Told, history_of
from custodes.custody.report import sentence
from custodes.incidents.models import Incident
from custodes.incidents.queries import locked_by, sees_all
from custodes.incidents.rules import Stages, was_too_early
from custodes.incidents.stages import stages_of
from custodes.people.rules import Role, Viewer
from custodes.recordings.kept_apart import LOOKS, watchdogs
from custodes.recordings.models import Recording


@dataclass(frozen=True, slots=True)
class Look:
    """One look at one recording, or an attempt that was ``withheld``.

    ``too_early``: by a key witness who had not given their personal initial account.
    """

    at: datetime
    who: str
    handle: str
    recording: Recording
    sentence: str
    withheld: bool
    too_early: bool


@dataclass(frozen=True, slots=True)
class Looks:
    """All looks in their order; those of the watchdog only as a number, unless it asks itself."""

    looks: tuple[Look, ...]
    by_watchdog: int

    def of(self, person: str) -> tuple[Look, ...]:
        """Return the looks of somebody, by handle, without what was withheld from them."""
        return tuple(look for look in self.looks if look.handle == person and not look.withheld)

    @property
    def too_early(self) -> tuple[Look, ...]:
        """Return those that came too early."""
        return tuple(look for look in self.looks if look.too_early)


def looks_at(viewer: Viewer, incident: Incident) -> Looks:
    """Return who looked at the footage of an incident, for those who may know all of it."""
    if not sees_all(viewer, incident):
        return Looks((), 0)
    witnesses = incident.witnesses.select_related("person").prefetch_related("times")
    stages = {each.person.handle: stages_of(each) for each in witnesses}
    apart = frozenset() if Role.WATCHDOG in viewer.roles else watchdogs()
    found, by_watchdog = [], 0
    for recording in locked_by(viewer, incident):
        for told in _of_interest(recording):
            if told.fields.get("actor_handle") in apart:
                by_watchdog += 1
            else:
                found.append(_look(recording, told, stages))
    return Looks(tuple(sorted(found, key=lambda look: look.at)), by_watchdog)


def _of_interest(recording: Recording) -> Iterator[Told]:
    for told in history_of(recording.handle):
        if told.kind in LOOKS or told.kind == AccessWithheld.kind:
            yield told


def _look(recording: Recording, told: Told, stages: dict[str, Stages]) -> Look:
    who = told.fields.get("actor_handle", "")
    withheld = told.kind == AccessWithheld.kind
    return Look(
        at=told.at,
        who=told.fields.get("actor", "somebody whose name was erased"),
        handle=who,
        recording=recording,
        sentence=sentence(told),
        withheld=withheld,
        too_early=not withheld and who in stages and was_too_early(told.at, stages[who]),
    )
