"""Make a package of clips and stills with the proof of each, and without their originals.

Whoever gets it sees no more of the recording than was cut for them, and can check, with a
program and a policy of their own, that it is the camera's; also when the recording has
long been deleted.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from pathlib import Path

from django.db import transaction

from custodes.custody.actions import record
from custodes.custody.checkpoints import publish
from custodes.custody.events import ClipsPackaged
from custodes.package.assembling import Contents, assemble, parcel
from custodes.package.sending import Parcel
from custodes.people.rules import Viewer
from custodes.recordings.actions.beside import ALONE, Beside
from custodes.recordings.actions.clip import make_sure_they_may_cut
from custodes.recordings.actions.recipients import Given, note_recipient
from custodes.recordings.actions.take_record import Handed
from custodes.recordings.carrying import Carried, carried, under_own_names
from custodes.recordings.errors import Unusable
from custodes.recordings.models import Copy, Recording
from custodes.recordings.packaging import Packaged, contents_of_made


def hand_out_clips(
    viewer: Viewer,
    recording: Recording,
    copies: Sequence[Copy],
    handed: Handed,
    *,
    at: datetime,
    beside: Beside = ALONE,
) -> Parcel:
    """Put on record that clips and stills of a recording go to somebody, with their proof.

    It takes what making them takes; no detail of the history is opened but the hash of a
    still. ``beside`` goes around the entry. Returns the package ready to be sent. Raises
    NotYours, NeedsAReason or Unusable.
    """
    contents = _contents(viewer, recording, copies, handed, at, beside)
    return parcel(contents, f"clips-{recording.handle}")


def write_clips(
    viewer: Viewer,
    recording: Recording,
    copies: Sequence[Copy],
    folder: Path,
    handed: Handed,
    *,
    at: datetime,
    beside: Beside = ALONE,
) -> Packaged:
    """Write the package into a new folder. Raises as :func:`hand_out_clips`."""
    if folder.exists():
        raise Unusable(f"{folder} is there already.", "Nothing was written. Choose another name.")
    contents = _contents(viewer, recording, copies, handed, at, beside)
    assemble(folder, contents)
    return Packaged(folder, contents.statement.head.size, len(contents.statement.entries))


def made_ready(
    viewer: Viewer, recording: Recording, copies: Sequence[Copy], handed: Handed
) -> list[Carried]:
    """Return clips and stills of a recording with their proof, before anything is entered.

    What cannot be read so leaves no entry that says it was handed out. Raises as
    :func:`hand_out_clips`, and as :func:`carried`.
    """
    _check(viewer, recording, copies, handed)
    return carried(under_own_names(copies))


@transaction.atomic
def note_packaged(
    viewer: Viewer, recording: Recording, copies: Sequence[Copy], handed: Handed, *, at: datetime
) -> None:
    """Record that clips and stills of a recording go into a package, for whom and why.

    Raises as :func:`hand_out_clips`.
    """
    handed = _check(viewer, recording, copies, handed)
    made = ", ".join(sorted(copy.handle for copy in copies))
    packaged = ClipsPackaged(recipient=handed.recipient, files=len(copies), made=made)
    record(packaged, subject=recording.handle, by=viewer.actor, at=at, because=handed.because)
    given = Given(handed.recipient, f"{len(copies)} clips and stills, with their proof")
    note_recipient(recording, given, at=at)


def _check(viewer: Viewer, recording: Recording, copies: Sequence[Copy], handed: Handed) -> Handed:
    handed = handed.checked()
    if not copies:
        raise Unusable("No clip and no still was chosen.", "No package was made.")
    for original in {copy.original for copy in copies}:
        if original.recording != recording:
            raise Unusable("A clip is of another recording.", "No package was made.")
        make_sure_they_may_cut(viewer, original, handed.because, "No package was made.")
    return handed


def _contents(
    viewer: Viewer,
    recording: Recording,
    copies: Sequence[Copy],
    handed: Handed,
    at: datetime,
    beside: Beside,
) -> Contents:
    made = made_ready(viewer, recording, copies, handed)
    with transaction.atomic(), beside:
        note_packaged(viewer, recording, copies, handed, at=at)
    publish(at)
    return contents_of_made(made, (), at, title=f"Clips and stills of recording {recording.handle}")
