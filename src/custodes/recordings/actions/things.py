"""Say what a recording is a copy of; give a seized thing back, or say why it must be kept.

The task to return a thing is there from the moment its first copy is: it is opened in the
transaction that takes the copy in. Nothing here touches a recording's footage, and nothing
that happens to the recordings closes the task: only a person does, by name.
"""

from __future__ import annotations

import hashlib
from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localtime

from custodes.custody.actions import record
from custodes.custody.events import OriginSaid, ThingNeeded, ThingReturned, ThingSeized
from custodes.custody.rules import Actor
from custodes.people.rules import Permission, Viewer
from custodes.recordings.errors import NotYours, Unusable
from custodes.recordings.models import CopiedFrom, Needed, Recording, Thing
from custodes.recordings.origins import (
    Origin,
    Source,
    origin_after,
    why_not_kept,
    why_not_returned,
)
from custodes.recordings.things import thing_for


@transaction.atomic
def say_origin(
    recording: Recording, source: Source, *, by_hand: bool, by: Actor, at: datetime
) -> None:
    """Note what a recording is a copy of; a seized thing is to be returned from then on.

    ``by_hand`` says that no dock brought the recording. Saying the same again is no harm.
    """
    if not source.is_a_thing:
        return
    key = _key_of(source)
    if CopiedFrom.objects.filter(recording=recording, thing__key=key).exists():
        return
    thing = Thing.objects.select_for_update().filter(key=key, returned_on=None).first()
    if thing is None:
        thing = _enter(source, key, recording, by=by, at=at)
    CopiedFrom.objects.create(thing=thing, recording=recording, since=at)
    recording.origin = origin_after(Origin(recording.origin), source.origin, by_hand=by_hand)
    recording.save(update_fields=["origin"])
    said = OriginSaid(
        origin=source.origin,
        what=source.what,
        taken_from=source.taken_from,
        thing=thing.handle,
    )
    record(said, subject=recording.handle, by=by, at=at)


@transaction.atomic
def return_thing(viewer: Viewer, handle: str, on: date, to: str, *, at: datetime) -> Thing:
    """Enter the day on which a seized thing went back, and to whom. The copies stay."""
    thing = _theirs(viewer, handle)
    if why_not := why_not_returned(on, to, localtime(at).date()):
        raise Unusable(why_not)
    thing.returned_on, thing.returned_to = on, " ".join(to.split())
    thing.returned_by_id = viewer.person
    thing.save(update_fields=["returned_on", "returned_to", "returned_by"])
    returned = ThingReturned(
        what=thing.what, returned_on=on.isoformat(), returned_to=thing.returned_to
    )
    record(returned, subject=thing.handle, by=viewer.actor, at=at)
    return thing


@transaction.atomic
def keep_thing(viewer: Viewer, handle: str, because: str, look_on: date, *, at: datetime) -> Thing:
    """Say why a seized thing itself must be kept, and when somebody looks again.

    PACE 1984 s.22(4): not where a copy would be enough. What was said before stays.
    """
    thing = _theirs(viewer, handle)
    if why_not := why_not_kept(because, look_on, localtime(at).date()):
        raise Unusable(why_not)
    because = " ".join(because.split())
    Needed.objects.create(thing=thing, by_id=viewer.person, because=because, look_on=look_on, at=at)
    thing.look_on = look_on
    thing.save(update_fields=["look_on"])
    needed = ThingNeeded(what=thing.what, look_on=look_on.isoformat())
    record(needed, subject=thing.handle, by=viewer.actor, at=at, because=because)
    return thing


def _enter(source: Source, key: str, recording: Recording, *, by: Actor, at: datetime) -> Thing:
    thing = Thing.objects.create(
        origin=source.origin,
        what=source.what,
        taken_from=source.taken_from,
        key=key,
        since=at,
        entered_by=by.name[:200],
    )
    if source.is_to_return:
        seized = ThingSeized(
            what=source.what, taken_from=source.taken_from, recording=recording.handle
        )
        record(seized, subject=thing.handle, by=by, at=at)
    return thing


def _key_of(source: Source) -> str:
    """Return what the same words about a thing come to, large letters or small."""
    words = [str(source.origin), source.what.casefold(), source.taken_from.casefold()]
    return hashlib.sha256("\n".join(words).encode()).hexdigest()


def _theirs(viewer: Viewer, handle: str) -> Thing:
    """Return a thing that is still here, locked, if this person may say what becomes of it."""
    thing = Thing.objects.select_for_update().get(pk=thing_for(viewer, handle).pk)
    if not viewer.may(Permission.RETURN_THINGS) or not viewer.handle:
        raise NotYours("You may see this thing, but not say what became of it.")
    if thing.returned_on is not None:
        raise Unusable(f"This went back on {thing.returned_on:%-d %B %Y}.")
    return thing
