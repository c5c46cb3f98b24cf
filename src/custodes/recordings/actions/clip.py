"""Cut clips and take stills out of recordings, and hand them out; always on the record.

They are sealed under a key of the original's and go when it goes. The original is only
read. The sandbox works before the transaction; what came of it is entered, or is nothing.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction

from custodes.custody import strongroom
from custodes.custody.actions import record
from custodes.custody.events import ClipFetched, ClipMade, StillMade
from custodes.kernel.clock import rfc3339
from custodes.media.sandbox import Limits, SandboxFailed, run
from custodes.people.rules import Permission, Viewer
from custodes.recordings.actions.beside import ALONE, Beside
from custodes.recordings.actions.describe import CopyDraft, copy_key
from custodes.recordings.actions.drafts import Drafts
from custodes.recordings.actions.in_the_clear import readable
from custodes.recordings.actions.recipients import note_recipient, to_themselves
from custodes.recordings.actions.watch import LONGEST_REASON
from custodes.recordings.errors import NeedsAReason, NotYours, Unusable
from custodes.recordings.models import Copy, Original
from custodes.recordings.moments import by_our_clock, filmed_from
from custodes.recordings.queries import recording_for, within_reach
from custodes.recordings.rules import Purpose

_SECONDS = 120
# Every picture is encoded: one slow core makes some minutes of film in this.
_SECONDS_ANEW = 900
# What is encoded finer than its original may come out larger.
_ROOM = 512 << 20


@dataclass(frozen=True, slots=True)
class Stretch:
    """What of a file is wanted, in seconds from its begin.

    ``exact``: begin and end at these very pictures, of which some at the edges are then
    made anew; otherwise begin at a whole picture before, and encode nothing. ``anew``:
    encode all of it in the playable profile, whatever the file is.
    """

    start: float
    end: float
    exact: bool = True
    anew: bool = False

    @property
    def task(self) -> str:
        """Return what the sandbox is asked to do."""
        return "playable" if self.anew else "clip"


def make_clip(
    viewer: Viewer,
    original: Original,
    wanted: Stretch,
    because: str,
    *,
    at: datetime,
    beside: Beside = ALONE,
) -> Copy:
    """Cut a clip of a file and keep it with the recording.

    ``beside`` goes around its entry. Raises NotYours, NeedsAReason, or SandboxFailed with a
    sentence why it cannot be cut.
    """
    make_sure_they_may_cut(viewer, original, because, "No clip was made.")
    params = {
        "start": wanted.start,
        "end": wanted.end,
        "how": "exact" if wanted.exact else "whole",
    }
    draft = CopyDraft(original, Purpose.CLIP, "video/mp4")
    found = _in_sandbox(wanted.task, original, draft, params)
    size, sha256 = draft.seal()
    began = filmed_from(original)
    moments = [rfc3339(began + timedelta(seconds=found[end])) for end in ("begins", "ends")]
    packets, new = (sum(track[of] for track in found["tracks"]) for of in ("packets", "new"))
    recipe = _recipe(wanted.task, original, params, found)
    made = ClipMade(
        original=original.handle,
        copy=draft.handle,
        size=size,
        name=original.name,
        sha256=sha256,
        moments=" to ".join(moments),
        begins=f"{found['begins']:.3f}",
        ends=f"{found['ends']:.3f}",
        packets=packets,
        new=new,
        recipe=str(recipe),
    )
    about = {name: found[name] for name in ("begins", "ends", "how", "pictures", "tracks")}
    about |= {"packets": packets, "new": new, "left_out": found["left_out"]}
    about["profile"] = _profile_of(draft)
    with transaction.atomic(), beside:
        return _keep(viewer, draft, made, about, recipe, because, at)


def make_still(
    viewer: Viewer,
    original: Original,
    moment: float,
    because: str,
    *,
    at: datetime,
    beside: Beside = ALONE,
) -> Copy:
    """Take the picture that is on the screen so many seconds into a file, and keep it.

    Raises as :func:`make_clip` does.
    """
    make_sure_they_may_cut(viewer, original, because, "No picture was taken.")
    recording = original.recording
    began = filmed_from(original)
    params = {
        "at": moment,
        "started_at": rfc3339(began),
        "ahead": recording.clock_offset_ms,
    }
    draft = CopyDraft(original, Purpose.STILL, "image/png")
    found = _in_sandbox("still", original, draft, params)
    size, sha256 = draft.seal()
    filmed = began + timedelta(seconds=found["at"])
    ours = by_our_clock(recording, filmed)
    recipe = _recipe("still", original, params, found)
    made = StillMade(
        original=original.handle,
        copy=draft.handle,
        size=size,
        name=original.name,
        sha256=sha256,
        moment=rfc3339(filmed),
        utc=rfc3339(ours) if ours else "",
        recipe=str(recipe),
    )
    about = {
        "begins": found["at"],
        "ends": found["at"],
        "width": found["width"],
        "height": found["height"],
    }
    with transaction.atomic(), beside:
        return _keep(viewer, draft, made, about, recipe, because, at)


@transaction.atomic
def fetch_clip(viewer: Viewer, copy: Copy, because: str, *, at: datetime) -> Copy:
    """Record that somebody takes a clip or a still away, and why; returns it to be read."""
    make_sure_they_may_cut(viewer, copy.original, because, "The file was not handed out.")
    fetched = ClipFetched(what=copy.purpose, made=copy.handle, name=copy.original.name)
    recording = copy.original.recording
    record(fetched, subject=recording.handle, by=viewer.actor, at=at, because=because.strip())
    note_recipient(recording, to_themselves(viewer, f"a {copy.purpose}"), at=at)
    return copy


def make_sure_they_may_cut(viewer: Viewer, original: Original, because: str, refused: str) -> None:
    """Raise NotYours or NeedsAReason unless clips of this file are theirs to make and take."""
    recording = recording_for(viewer, original.recording.handle)
    for permission in (Permission.PLAY, Permission.MAKE_CLIPS):
        if not within_reach(viewer, permission, recording):
            raise NotYours(refused)
    if not because.strip():
        raise NeedsAReason(refused, "Say what it shows and what that matters for.")
    if len(because) > LONGEST_REASON:
        raise Unusable(f"A reason has at most {LONGEST_REASON:,} characters.")


@dataclass(frozen=True, slots=True)
class _Into:
    """The sandbox's sink: everything goes into one draft."""

    draft: CopyDraft

    def write(self, _name: str, data: bytes) -> None:
        self.draft.write(data)

    def patch(self, _name: str, offset: int, data: bytes) -> None:
        self.draft.patch(offset, data)


def _in_sandbox(
    task: str, original: Original, draft: CopyDraft, params: dict[str, Any]
) -> dict[str, Any]:
    memory = settings.CUSTODES.sandbox_memory_mb << 20
    seconds = _SECONDS_ANEW if task == "playable" else _SECONDS
    limits = Limits(seconds, 2 * seconds, memory, output_bytes=original.size + _ROOM)
    try:
        with readable(original) as reader:
            return run(task, reader.reader, params, limits=limits, sink=_Into(draft))
    except BaseException:
        draft.drop()
        raise


def _profile_of(draft: CopyDraft) -> dict[str, Any] | None:
    """Return what a player is up against, found in the sealed bytes; None: nobody can say."""
    limits = Limits(_SECONDS, 2 * _SECONDS, settings.CUSTODES.sandbox_memory_mb << 20)
    key = copy_key(draft.original, draft.purpose)
    try:
        with strongroom.vault().open(draft.handle, draft.purpose, key) as reader:
            found = run("profile", reader, {}, limits=limits)
    except SandboxFailed:
        return None  # unknown counts as not playable wherever it is asked
    found.pop("layers", None)
    return found


def _recipe(
    task: str, original: Original, params: dict[str, Any], found: dict[str, Any]
) -> dict[str, Any]:
    """Return what it takes to make the same again, and from what."""
    return {
        "task": task,
        "of": original.sha256,
        "params": params,
        "tools": found["tools"],
        "walls": found["layers"],
        "by": Drafts.made_by,
    }


def _keep(
    viewer: Viewer,
    draft: CopyDraft,
    made: ClipMade | StillMade,
    about: dict[str, Any],
    recipe: dict[str, Any],
    because: str,
    at: datetime,
) -> Copy:
    original = Original.objects.select_for_update().get(pk=draft.original.pk)
    subject = original.recording.handle
    record(made, subject=subject, by=viewer.actor, at=at, because=because.strip())
    return Copy.objects.create(
        handle=draft.handle,
        original=original,
        purpose=draft.purpose,
        size=made.size,
        sha256=made.sha256,
        media_type=draft.media_type,
        about={**about, "by": viewer.name, "because": because.strip()},
        recipe=recipe,
        made_at=at,
    )
