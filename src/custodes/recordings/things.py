"""Find the things that recordings are copies of, and those that are to be returned.

Whoever may know of none of its copies does not learn of a thing either: its words would
tell of what a lock keeps from them.
"""

from __future__ import annotations

from datetime import date

from django.db.models import Exists, OuterRef, Q, QuerySet

from custodes.kernel.errors import NotFound
from custodes.people.rules import Permission, Viewer
from custodes.recordings.models import CopiedFrom, Recording, Thing
from custodes.recordings.origins import Origin
from custodes.recordings.queries import of_known, recordings_for, within_reach


def things_for(viewer: Viewer) -> QuerySet[Thing]:
    """Return what was seized, as far as this viewer may know of it, the newest first."""
    if not viewer.may(Permission.SEE_THINGS):
        return Thing.objects.none()
    known = CopiedFrom.objects.filter(of_known(viewer), thing=OuterRef("pk"))
    seized = Thing.objects.filter(Exists(known), origin=Origin.SEIZED)
    return seized.select_related("returned_by").order_by("-since", "-pk")


def to_return(viewer: Viewer, today: date) -> QuerySet[Thing]:
    """Return what has to go back, or be looked at again, by today; the oldest first."""
    # The same as the rule is_asked_for says of one.
    come = Q(look_on=None) | Q(look_on__lte=today)
    return things_for(viewer).filter(come, returned_on=None).order_by("since", "pk")


def not_returned(viewer: Viewer) -> QuerySet[Thing]:
    """Return what was seized and has not gone back, the oldest first."""
    return things_for(viewer).filter(returned_on=None).order_by("since", "pk")


def thing_for(viewer: Viewer, handle: str) -> Thing:
    """Return one seized thing, if this viewer may know of it."""
    thing = things_for(viewer).filter(handle=handle).first()
    if thing is None:
        raise NotFound("There is no such thing.")
    return thing


def copies_of(viewer: Viewer, thing: Thing) -> QuerySet[Recording]:
    """Return the recordings that are copies of a thing, as far as this viewer may know of them."""
    copied = CopiedFrom.objects.filter(thing=thing)
    found = recordings_for(viewer).filter(pk__in=copied.values("recording"))
    return found.select_related("camera").order_by("started_at", "pk")


def copied_from(viewer: Viewer, recording: Recording) -> list[Thing]:
    """Return what a recording is a copy of, the first said first; police-generated, of nothing."""
    if not within_reach(viewer, Permission.SEARCH, recording):
        return []
    found = Thing.objects.filter(copied__recording=recording)
    return list(found.order_by("copied__since", "copied__pk"))
