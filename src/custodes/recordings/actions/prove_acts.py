"""Make a package of what one person did, or of all that was done: entries opened, with proofs.

The purpose (DPA 2018 s.62(4)) is on the record before any of it is read, and whom it is
for is before it leaves (s.62(3)).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Final

from custodes.custody.checkpoints import publish
from custodes.custody.queries import acts_of, index_at, told_between
from custodes.package.assembling import Contents, assemble, parcel
from custodes.package.sending import Parcel
from custodes.people.models import Person
from custodes.people.rules import Viewer
from custodes.recordings.actions.take_record import (
    Handed,
    take_persons_report,
    take_whole_record,
)
from custodes.recordings.errors import Unusable
from custodes.recordings.kept_apart import looks_of_watchdog, telling_of_withheld
from custodes.recordings.packaging import contents_of_acts
from custodes.recordings.reports import Stretch
from custodes.recordings.shown_of_log import ALL_FIELDS

#: More than this is no report anybody reads, and its proof would outgrow what a package holds.
LONGEST: Final = 5_000
_REMARKS = (
    (
        "It does not show that these are all the entries about what this person did. Who did"
        " something is private to an entry, so that only the force, or a court that has the"
        " whole log opened to it, can say so."
    ),
    "It holds no whole record of a recording. Ask for that recording's package.",
)
_LEAVES_OUT = "What was done with recordings under a lock is left out."
_CLOSED = (
    "Entries about recordings under a lock, and what the police watchdog looked at, are among"
    " them with every detail closed. They can be opened later, from the same entries."
)


def hand_out_acts(
    viewer: Viewer, person: Person, stretch: Stretch, handed: Handed, *, at: datetime
) -> Parcel:
    """Put on record that the package goes to somebody; return it ready to be sent.

    The caller has recorded the purpose (``read_log``). Raises NotAllowed, NeedsAReason,
    Unusable when there is nothing or too much, NotFound while no checkpoint has the entries.
    """
    return parcel(_contents(viewer, person, stretch, handed, at), f"acts-of-{person.handle}")


def write_acts(
    viewer: Viewer, person: Person, stretch: Stretch, handed: Handed, folder: Path, *, at: datetime
) -> int:
    """Write the package into a new folder; return how many entries it has. Raises as above."""
    if folder.exists():
        raise Unusable(f"{folder} is there already.", "Nothing was written. Choose another name.")
    contents = _contents(viewer, person, stretch, handed, at)
    assemble(folder, contents)
    return len(contents.statement.entries)


def write_everything(
    viewer: Viewer, stretch: Stretch, handed: Handed, folder: Path, *, at: datetime
) -> Iterator[tuple[int, int]]:
    """Write all that was done in a stretch, entry by entry, as packages below a new folder.

    For the Information Commissioner, who may ask for the log (DPA 2018 s.62(5)), or for a
    court. What tells of a recording under a lock stays closed: a lock lets the operator in no
    more than anybody, and a log without these entries would not be the log. Yields after each
    package how many entries are written, and of how many. That it is taken is on record
    before the first is. Raises as above.
    """
    if folder.exists():
        raise Unusable(f"{folder} is there already.", "Nothing was written. Choose another name.")
    first, end = index_at(stretch.since), index_at(stretch.until)
    if first == end:
        raise Unusable("Nothing was done then.", "Nothing was written. Choose other days.")
    take_whole_record(viewer, stretch, handed, at=at)
    publish(at)
    folder.mkdir(parents=True)
    for number, begin in enumerate(range(first, end, LONGEST), 1):
        acts = told_between(begin, min(begin + LONGEST, end))
        title = f"Everything that was done {stretch}, part {number}"
        closed = telling_of_withheld(viewer, acts) | looks_of_watchdog(viewer, acts)
        remarks = (*_REMARKS[1:], _CLOSED) if closed else _REMARKS[1:]
        contents = contents_of_acts(acts, title, remarks, {ALL_FIELDS}, at, closed=closed)
        assemble(folder / f"part-{number:04d}", contents)
        yield acts[-1].index + 1 - first, end - first


def _contents(
    viewer: Viewer, person: Person, stretch: Stretch, handed: Handed, at: datetime
) -> Contents:
    """Gather and check before anything is entered, so that a refusal leaves no entry."""
    acts = acts_of(person.handle, stretch.since, stretch.until, limit=LONGEST + 1)
    if not acts:
        raise Unusable("Nothing was done under this account then.", "Choose other days.")
    if len(acts) > LONGEST:
        raise Unusable(f"A package holds at most {LONGEST:,} entries.", "Choose a shorter period.")
    hidden = telling_of_withheld(viewer, acts) | looks_of_watchdog(viewer, acts)
    told = [each for each in acts if each.index not in hidden]
    if not told:
        raise Unusable("All of it was done with recordings under a lock.", "Choose other days.")
    form, left = "a package", bool(hidden)
    take_persons_report(viewer, person, stretch, handed, form=form, leaves_out=left, at=at)
    publish(at)
    title = f"What {person.name} did {stretch}"
    remarks = (*_REMARKS, _LEAVES_OUT) if left else _REMARKS
    return contents_of_acts(told, title, remarks, {ALL_FIELDS}, at)
