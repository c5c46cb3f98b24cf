"""Let somebody reach recordings because of a matter they work on, and take that away again.

Called by the stage that owns the matter, in the transaction in which it says in
history who was assigned to what: that is the entry for what is written here.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime

from django.db import connection

from custodes.custody.errors import NotInATransaction
from custodes.recordings.models import Grant


def open_to(
    people: Iterable[int],
    recordings: Collection[int],
    matter: str,
    because: str,
    *,
    at: datetime,
    until: datetime | None = None,
) -> None:
    """Let these people reach these recordings from now on; whom they are open to stays.

    ``matter`` is the handle of what they work on, ``because`` what a person calls it. It
    ends by itself at ``until``; None: when it is taken away.
    """
    _in_a_transaction()
    found = Grant.objects.filter(matter=matter, until=until, recording__in=list(recordings))
    there = set(found.values_list("person", "recording"))
    Grant.objects.bulk_create(
        Grant(
            person_id=person,
            recording_id=recording,
            matter=matter,
            because=because[:200],
            since=at,
            until=until,
        )
        for person in people
        for recording in recordings
        if (person, recording) not in there
    )


def close_to_person(person: int, matter: str, *, at: datetime) -> None:
    """Take away what this matter lets one person reach; it counts from their next request."""
    _in_a_transaction()
    Grant.objects.filter(person=person, matter=matter, until=None).update(until=at)


def close_recording(recording: int, matter: str, *, at: datetime) -> None:
    """Take a recording away from everybody who reaches it because of this matter."""
    _in_a_transaction()
    Grant.objects.filter(recording=recording, matter=matter, until=None).update(until=at)


def _in_a_transaction() -> None:
    if not connection.in_atomic_block:
        raise NotInATransaction("a grant")
