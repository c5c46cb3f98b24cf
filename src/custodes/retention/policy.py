"""A schedule together with the name the record knows it by."""

from __future__ import annotations

from dataclasses import dataclass

from custodes.retention.rules.schedule import Schedule


@dataclass(frozen=True, slots=True)
class Policy:
    """The schedule in force, and the handle under which the record knows it."""

    handle: str
    schedule: Schedule
