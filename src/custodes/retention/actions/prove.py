"""Make a package of what is left of a deleted recording: its history, and the proof of its end.

There is no film in it. It shows that the recording went when its time was over, under
which schedule, and that its keys are gone (docs/reference/formats/deletion.md).
"""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime
from pathlib import Path

from django.db import transaction

from custodes.custody.actions import record
from custodes.custody.checkpoints import publish
from custodes.custody.events import RecordTaken
from custodes.custody.queries import Told, history_of
from custodes.package.assembling import Contents, assemble, parcel
from custodes.package.sending import Parcel
from custodes.people.rules import Permission, Viewer
from custodes.recordings.actions.take_record import Handed
from custodes.recordings.errors import NotYours, Unusable
from custodes.recordings.kept_apart import looks_of_watchdog
from custodes.recordings.models import Recording
from custodes.recordings.packaging import Packaged, contents_of
from custodes.recordings.queries import recording_for, within_reach
from custodes.recordings.reports import make_sure_history_is_theirs, name_of
from custodes.retention.packaging import shown_of_deletion


def prove_deletion(
    viewer: Viewer,
    recording: Recording,
    folder: Path,
    *,
    opened: Collection[str],
    handed: Handed,
    at: datetime,
) -> Packaged:
    """Write the package into a new folder, and put on record that it was made.

    ``opened`` is as for a package with films. Raises NotFound, NotYours, NeedsAReason, or
    Unusable when it was not deleted.
    """
    if folder.exists():
        raise Unusable(f"{folder} is there already.", "Nothing was written. Choose another name.")
    contents = _made(viewer, recording, opened, handed, at)
    assemble(folder, contents)
    return Packaged(folder, contents.statement.head.size, len(contents.statement.entries))


def hand_out_deletion(
    viewer: Viewer,
    recording: Recording,
    *,
    opened: Collection[str],
    handed: Handed,
    at: datetime,
) -> Parcel:
    """Put on record that the package goes to somebody; return it ready to be sent.

    Raises as ``prove_deletion`` does, also for whoever may not open details to others.
    """
    recording = recording_for(viewer, recording.handle)
    if not within_reach(viewer, Permission.OPEN_DETAILS, recording):
        raise NotYours("You may read this history, but not open it to others.")
    contents = _made(viewer, recording, opened, handed, at)
    return parcel(contents, f"deleted-{recording.handle}")


def _made(
    viewer: Viewer, recording: Recording, opened: Collection[str], handed: Handed, at: datetime
) -> Contents:
    recording = recording_for(viewer, recording.handle)
    make_sure_history_is_theirs(viewer, recording)
    history = history_of(recording.handle)
    if not any(told.kind == "recording.deleted" for told in history):
        raise Unusable("This recording was not deleted.", "Make a package with its films.")
    _enter(viewer, recording, _names(history, opened), handed.checked(), at)
    publish(at)
    looks = looks_of_watchdog(viewer, history)
    return contents_of(recording, opened, at, shown_of_deletion(history), closed=looks)


@transaction.atomic
def _enter(viewer: Viewer, recording: Recording, opened: str, handed: Handed, at: datetime) -> None:
    taken = RecordTaken(
        about=name_of(recording),
        form="a package of what is left",
        recipient=handed.recipient,
        opened=opened or "nothing",
        withheld="all else" if opened != "all" else "nothing",
    )
    record(taken, subject=recording.handle, by=viewer.actor, at=at, because=handed.because)


def _names(history: list[Told], opened: Collection[str]) -> str:
    there = {name for told in history for name in told.fields} | {"all"}
    return ", ".join(sorted(there & set(opened)))
