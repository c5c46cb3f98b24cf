"""Keep the list of who was given a recording, for the day when they have to be told of a change.

DPA 2018 s.38(5)(c) and s.48(9): recipients are told when something they were given was
wrong, corrected, erased or restricted. Whatever hands something out says so here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from custodes.people.rules import Viewer
from custodes.recordings.models import Recipient, Recording


@dataclass(frozen=True, slots=True)
class Given:
    """What was given to whom. ``contact`` is how they are reached, if anybody knows."""

    name: str
    what: str
    contact: str = ""
    person: int | None = None


def to_themselves(viewer: Viewer, what: str) -> Given:
    """Return that somebody with an account took something for themselves."""
    return Given(viewer.name, what, person=viewer.person or None)


def note_recipient(recording: Recording, given: Given, *, at: datetime) -> Recipient:
    """Put somebody on the list, in the transaction whose entry says that it was given."""
    return Recipient.objects.create(
        recording=recording,
        name=given.name,
        contact=given.contact,
        person_id=given.person,
        what=given.what,
        given_at=at,
    )
