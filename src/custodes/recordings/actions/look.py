"""Have the sandbox look at originals, keep what it found, and make copies for viewing.

Everything here may be done again: what is there already is left as it is, and
what a killed run left half written is thrown away first. The original is only
ever read.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.conf import settings
from django.db import transaction

from custodes.custody.actions import record
from custodes.custody.events import RecordingDescribed
from custodes.custody.rules import Actor
from custodes.intake.rules import Kind
from custodes.kernel.clock import now, rfc3339
from custodes.media.axis_encryption import CannotDecrypt
from custodes.media.sandbox import Limits, SandboxFailed, run
from custodes.recordings.actions.describe import describe, keep_copy
from custodes.recordings.actions.drafts import Drafts
from custodes.recordings.actions.in_the_clear import NoKeyYet, opened_by, readable
from custodes.recordings.models import Original, Recording
from custodes.recordings.rules import Purpose, State
from custodes.recordings.words import media_type, summary

_TASK_FOR = {Kind.VIDEO: "describe", Kind.OTHER: "describe", Kind.TRACK: "track"}
_PICTURES = {"thumbnail.jpg": Purpose.THUMBNAIL, "filmstrip.jpg": Purpose.FILMSTRIP}
_VIEWING_COPY = {"viewing_copy.mp4": Purpose.VIEWING}


@dataclass(frozen=True, slots=True)
class Terms:
    """On whose behalf, and how: what the caller brings to every look.

    ``keep_going`` is called often and may raise to have the look broken off.
    ``handle_for`` gives the handle of a copy by the original's handle and the
    purpose, the same again after a crash. With ``last_try`` a file the sandbox
    gives up on is described as such instead of being refused.
    """

    by: Actor
    keep_going: Callable[[], None]
    handle_for: Callable[[str, str], str]
    last_try: bool = False


def look_at(original: str, terms: Terms) -> None:
    """Describe an original, and every file that can be opened now that this one is here."""
    for each in _concerned(original):
        _look_at(each, terms)


def look_at_the_rest(recording: str, terms: Terms) -> None:
    """Describe whatever of a complete recording is not described yet."""
    for each in Original.objects.filter(recording__handle=recording, described=None):
        _look_at(each, terms)


def copy_for_viewing(original: str, terms: Terms) -> None:
    """Make a viewing copy of what was described and does not play in a browser."""
    for each in _concerned(original):
        _copy_for_viewing(each, terms)


def what_is_kept(original: Original, found: dict[str, Any]) -> dict[str, Any]:
    """Return what is kept in the database: facts about the file, but not where anybody was.

    ``found`` is what the ``describe`` task says of it, or as much of that as was asked.
    """
    probe = found.get("probe")
    track = found if original.kind == Kind.TRACK else found.get("track") or {}
    return {
        "probe": probe,
        "media_type": media_type(probe, encrypted=bool(found.get("encrypted"))),
        "seconds": (probe or {}).get("seconds"),
        "sound": (found.get("waveform") or {}).get("sound"),
        "encrypted": bool(found.get("encrypted")),
        "faults": (probe or {}).get("faults") or found.get("faults") or [],
        "summary": found.get("summary") or summary(probe, track),
        "track": {"points": _points(track)[:1]},
    }


def _concerned(handle: str) -> list[Original]:
    original = Original.objects.select_related("recording").get(handle=handle)
    return opened_by(original) if original.kind == Kind.KEY else [original]


def _look_at(original: Original, terms: Terms) -> None:
    task = _TASK_FOR.get(Kind(original.kind))
    if task is None or original.described is not None:
        return
    drafts = Drafts(original, _PICTURES, terms.handle_for, terms.keep_going)
    try:
        found = _in_sandbox(task, original, drafts, _limits(original), terms)
        _keep_all(drafts, task, found, terms)
    except NoKeyYet:
        if original.recording.state != State.COMPLETE:
            return  # it comes with its key, and is looked at then
        found = _not_opened("It is encrypted, and its key did not come with it.")
    except (SandboxFailed, CannotDecrypt) as failed:
        found = _not_opened(_final(failed, terms))
    finally:
        drafts.drop_the_rest()
    describe(original, what_is_kept(original, found), by=terms.by, at=now())


def _copy_for_viewing(original: Original, terms: Terms) -> None:
    if not _needs_a_copy(original):
        return
    drafts = Drafts(original, _VIEWING_COPY, terms.handle_for, terms.keep_going)
    try:
        found = _in_sandbox("viewing_copy", original, drafts, _patient_limits(original), terms)
        about = {k: found[k] for k in ("width", "height", "pictures", "video", "sound")}
        _keep(drafts, "viewing_copy.mp4", "viewing_copy", about, found, terms)
    except (SandboxFailed, CannotDecrypt) as failed:
        _note_that_there_is_no_copy(original, _final(failed, terms), terms)
    finally:
        drafts.drop_the_rest()


def _final(failed: SandboxFailed | CannotDecrypt, terms: Terms) -> str:
    """Return why a file cannot be opened; raises it again while another try may help."""
    is_refused = isinstance(failed, SandboxFailed) and failed.kind == "refused"
    if not is_refused and not terms.last_try:
        raise failed
    return failed.reason


def _needs_a_copy(original: Original) -> bool:
    described = original.described or {}
    probe = described.get("probe")
    if probe is None or "no_viewing_copy" in described:
        return False
    if probe["browser"]["plays"] and not described.get("encrypted"):
        return False
    has_any = probe["pictures_decoded"] or described.get("sound") in {"heard", "silent"}
    return bool(has_any) and not original.copies.filter(purpose=Purpose.VIEWING).exists()


def _in_sandbox(
    task: str, original: Original, drafts: Drafts, limits: Limits, terms: Terms
) -> dict[str, Any]:
    params = {"started_at": rfc3339(original.recording.started_at)} if task == "track" else {}
    with readable(original) as reader:
        found = run(
            task,
            reader.watched(terms.keep_going),
            params,
            limits=limits,
            sink=drafts,
            progress=lambda _: terms.keep_going(),
        )
        return found | {"encrypted": reader.encrypted}


def _keep_all(drafts: Drafts, task: str, found: dict[str, Any], terms: Terms) -> None:
    for name in _PICTURES:
        if about := found.get(name.removesuffix(".jpg")):
            _keep(drafts, name, task, _renamed(about), found, terms)
    track = found if task == "track" else found.get("track") or {}
    waveform = found.get("waveform") or {}
    if waveform.get("peaks"):
        _keep_json(drafts, Purpose.WAVEFORM, waveform, task, found, terms)
    if track.get("points"):
        _keep_json(drafts, Purpose.TRACK, {"points": _points(track)}, task, found, terms)


def _keep_json(
    drafts: Drafts,
    purpose: Purpose,
    value: dict[str, Any],
    task: str,
    found: dict[str, Any],
    terms: Terms,
) -> None:
    drafts.write_as(purpose, json.dumps(value).encode())
    _keep(drafts, purpose, task, {}, found, terms)


def _keep(
    drafts: Drafts,
    name: str,
    task: str,
    about: dict[str, Any],
    found: dict[str, Any],
    terms: Terms,
) -> None:
    terms.keep_going()
    draft = drafts.take(name)
    if draft is not None:
        recipe = {"task": task, "walls": found.get("layers", {}), "by": drafts.made_by}
        keep_copy(draft, about=about, recipe=recipe, by=terms.by, at=now())


def _not_opened(reason: str) -> dict[str, Any]:
    return {"faults": [reason], "summary": reason}


def _points(track: dict[str, Any]) -> list[list[float]]:
    points = track.get("points") or []
    return [[point["seconds"], point["longitude"], point["latitude"]] for point in points]


def _renamed(about: dict[str, Any]) -> dict[str, Any]:
    return {"count" if key == "tiles" else key: value for key, value in about.items()}


@transaction.atomic
def _note_that_there_is_no_copy(original: Original, reason: str, terms: Terms) -> None:
    original = Original.objects.select_for_update().get(pk=original.pk)
    original.described = {**(original.described or {}), "no_viewing_copy": reason}
    original.save(update_fields=["described"])
    said = RecordingDescribed(
        original=original.handle,
        name=original.name,
        found=f"no viewing copy could be made: {reason}"[:1000],
    )
    recording = Recording.objects.get(pk=original.recording_id)
    record(said, subject=recording.handle, by=terms.by, at=now())


def _limits(original: Original) -> Limits:
    return _within(120 + original.size / 4e6)  # a slow disk reads faster than 4 MB a second


def _patient_limits(original: Original) -> Limits:
    # One slow core makes a copy in a few times the length of the recording.
    return _within(900 + 6 * (original.seconds or 0.0))


def _within(seconds: float) -> Limits:
    memory = settings.CUSTODES.sandbox_memory_mb << 20
    return Limits(seconds=seconds, cpu_seconds=int(2 * seconds), memory_bytes=memory)
