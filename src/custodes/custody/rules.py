"""Who acts, and which duty of the law an event answers to.

Rules only: no table, no clock, no files.
"""

from __future__ import annotations

from dataclasses import dataclass
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
