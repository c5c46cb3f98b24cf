"""Let custody records out of the system: as a report, or entry by entry with some fields open.

Who it is for and why is on the record before anything goes out (DPA 2018 s.62(3)).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from custodes.custody.actions import record
from custodes.custody.events import RecordTaken
from custodes.custody.log import subject_of_log
from custodes.custody.queries import history_of
from custodes.people.errors import NotAllowed
from custodes.people.models import Person
from custodes.people.rules import Permission, Viewer
from custodes.recordings.actions.read_log import reason_in
from custodes.recordings.errors import NotYours, Unusable
from custodes.recordings.kept_apart import looks_of_watchdog
from custodes.recordings.models import Recording
from custodes.recordings.opening import OpenedEntries, opened_entries
from custodes.recordings.queries import recording_for, within_reach
from custodes.recordings.reports import Stretch, make_sure_history_is_theirs, name_of

_LONGEST_RECIPIENT = 200


@dataclass(frozen=True, slots=True)
class Handed:
    """To whom a record is given, in whose words, and why."""

    recipient: str
    because: str

    def checked(self) -> Handed:
        """Return it as it is kept; raises NeedsAReason or Unusable."""
        recipient = reason_in(self.recipient, "Nothing was handed out: nobody said who it is for.")
        if len(recipient) > _LONGEST_RECIPIENT:
            raise Unusable(f"A recipient has at most {_LONGEST_RECIPIENT} characters.")
        return Handed(recipient, reason_in(self.because, "Nothing was handed out."))


@transaction.atomic
def take_persons_report(
    viewer: Viewer,
    person: Person,
    stretch: Stretch,
    handed: Handed,
    *,
    form: str = "a PDF",
    leaves_out: bool = False,
    at: datetime,
) -> None:
    """Record that the report of what a person did is taken out of the system.

    ``leaves_out``: it does not tell of recordings that a lock keeps from the one who takes it.
    """
    if not viewer.may(Permission.READ_LOG):
        raise NotAllowed("None of your roles reads the log of what somebody did.")
    about = f"what {person.name} did {stretch}"
    withheld = "what was done with recordings under a lock" if leaves_out else "nothing"
    _taken(viewer, person.handle, about, form, handed.checked(), at=at, withheld=withheld)


@transaction.atomic
def take_whole_record(viewer: Viewer, stretch: Stretch, handed: Handed, *, at: datetime) -> None:
    """Record that everything that was done in a stretch of time is taken out of the system."""
    if not viewer.may(Permission.READ_LOG):
        raise NotAllowed("None of your roles reads the log of what was done.")
    about = f"everything that was done {stretch}"
    withheld = "the details of what is under a lock, and of what the police watchdog looked at"
    handed = handed.checked()
    _taken(viewer, subject_of_log(), about, "packages", handed, at=at, withheld=withheld)


@transaction.atomic
def take_report(viewer: Viewer, recording: Recording, handed: Handed, *, at: datetime) -> None:
    """Record that the custody report of a recording is taken out of the system."""
    recording = recording_for(viewer, recording.handle)
    make_sure_history_is_theirs(viewer, recording)
    _taken(viewer, recording.handle, name_of(recording), "a PDF", handed.checked(), at=at)


@transaction.atomic
def open_entries(
    viewer: Viewer, recording: Recording, chosen: Collection[str], handed: Handed, *, at: datetime
) -> OpenedEntries:
    """Record that a recording's entries are given to somebody; return them, partly open.

    ``chosen`` names the fields that are opened, in every entry that has them; all
    others are withheld by their digests. The entry about this is not among them.
    """
    recording = recording_for(viewer, recording.handle)
    make_sure_history_is_theirs(viewer, recording)
    if not within_reach(viewer, Permission.OPEN_DETAILS, recording):
        raise NotYours("You may read this history, but not open it to others.")
    handed = handed.checked()
    acts = history_of(recording.handle)
    entries = opened_entries(acts, chosen, closed=looks_of_watchdog(viewer, acts), at=at)
    _taken(
        viewer,
        recording.handle,
        name_of(recording),
        "entries with proofs",
        handed,
        at=at,
        opened=", ".join(sorted(entries.opened)) or "nothing",
        withheld=", ".join(sorted(entries.withheld)) or "nothing",
    )
    return entries


def _taken(
    viewer: Viewer,
    subject: str,
    about: str,
    form: str,
    handed: Handed,
    *,
    at: datetime,
    opened: str = "all",
    withheld: str = "nothing",
) -> None:
    taken = RecordTaken(
        about=about, form=form, recipient=handed.recipient, opened=opened, withheld=withheld
    )
    record(taken, subject=subject, by=viewer.actor, at=at, because=handed.because)
