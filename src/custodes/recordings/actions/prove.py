"""Make a package of a recording: its originals, its history, and the proof of both.

Whoever gets the package checks it with a program and a policy of their own. What of the
entries' private parts is opened is chosen here, field by field; what is not stays a
digest, and may be opened later from the same entries.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime
from pathlib import Path

from django.db import transaction

from custodes.custody.actions import record
from custodes.custody.checkpoints import publish
from custodes.custody.events import RecordingPackaged
from custodes.custody.queries import history_of
from custodes.package.assembling import Contents, assemble, parcel
from custodes.package.sending import Parcel
from custodes.people.rules import Permission, Viewer
from custodes.recordings.actions.beside import ALONE, Beside
from custodes.recordings.actions.prove_clips import made_ready, note_packaged
from custodes.recordings.actions.recipients import Given, note_recipient
from custodes.recordings.actions.take_record import Handed
from custodes.recordings.errors import NotYours, Unusable
from custodes.recordings.kept_apart import looks_of_watchdog
from custodes.recordings.models import Copy, Recording
from custodes.recordings.packaging import Packaged, contents_of
from custodes.recordings.queries import recording_for, within_reach
from custodes.recordings.reading import open_original


def prove_recording(
    viewer: Viewer,
    recording: Recording,
    folder: Path,
    *,
    opened: Collection[str],
    handed: Handed,
    at: datetime,
    copies: Sequence[Copy] = (),
    beside: Beside = ALONE,
) -> Packaged:
    """Write the package into a new folder, and put on record that it was made.

    ``opened`` names the fields of the entries' private parts that are shown; ALL_FIELDS
    shows all. ``copies`` are clips and stills of it that go with it; ``beside`` goes around
    the entry. Raises NotYours, NeedsAReason, or CannotPackage.
    """
    if folder.exists():
        raise Unusable(f"{folder} is there already.", "Nothing was written. Choose another name.")
    contents = _contents(viewer, recording, opened, handed, copies, at, beside)
    assemble(folder, contents)
    # One entry may be the census, which is not of the recording.
    return Packaged(folder, contents.statement.head.size, len(contents.statement.entries))


def hand_out_package(
    viewer: Viewer,
    recording: Recording,
    *,
    opened: Collection[str],
    handed: Handed,
    at: datetime,
    copies: Sequence[Copy] = (),
    beside: Beside = ALONE,
) -> Parcel:
    """Put on record that the package goes to somebody; return it ready to be sent.

    It takes more than ``prove_recording``: details are opened to somebody outside. Every byte
    has been read once when this returns. Raises NotFound, NotYours, NeedsAReason, Unusable
    or Damaged.
    """
    recording = recording_for(viewer, recording.handle)
    if not within_reach(viewer, Permission.OPEN_DETAILS, recording):
        raise NotYours("You may see this recording, but not open its history to others.")
    there = {name for told in history_of(recording.handle) for name in told.fields}
    opened = there & set(opened)
    contents = _contents(viewer, recording, opened, handed, copies, at, beside)
    return parcel(contents, f"recording-{recording.handle}")


def _contents(
    viewer: Viewer,
    recording: Recording,
    opened: Collection[str],
    handed: Handed,
    copies: Sequence[Copy],
    at: datetime,
    beside: Beside,
) -> Contents:
    made = made_ready(viewer, recording, copies, handed) if copies else []
    with transaction.atomic(), beside:
        _enter(viewer, recording, opened, handed, copies, at)
    publish(at)
    looks = looks_of_watchdog(viewer, history_of(recording.handle))
    return contents_of(recording, opened, at, made=made, closed=looks)


def _enter(
    viewer: Viewer,
    recording: Recording,
    opened: Collection[str],
    handed: Handed,
    copies: Sequence[Copy],
    at: datetime,
) -> None:
    recording = recording_for(viewer, recording.handle)
    if not within_reach(viewer, Permission.FETCH_ORIGINAL, recording):
        raise NotYours("No package was made: you may not take the films away.")
    if opened and not within_reach(viewer, Permission.SEE_CUSTODY, recording):
        raise NotYours("No package was made: you may not see who has handled this recording.")
    handed = handed.checked()
    originals = recording.originals.all()
    if not originals:
        raise Unusable("There is no file of this recording.", "Wait until one has arrived.")
    for original in originals:
        open_original(original).close()  # what is damaged at its head or lost stops it here
    made = RecordingPackaged(
        recipient=handed.recipient,
        files=len(originals),
        opened=", ".join(sorted(opened)) or "none",
    )
    record(made, subject=recording.handle, by=viewer.actor, at=at, because=handed.because)
    note_recipient(recording, Given(handed.recipient, "a package with its films"), at=at)
    if copies:
        note_packaged(viewer, recording, copies, handed, at=at)
