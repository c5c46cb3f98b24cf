"""Letters that are owed and letters that were sent, for those who send them."""

from __future__ import annotations

from django.db.models import QuerySet
from django.utils.timezone import localdate

from custodes.kernel.errors import NotFound
from custodes.people.rules import Permission, Viewer
from custodes.retention.models import Notice
from custodes.retention.rules.notices import Change, Letter


def notices_for(viewer: Viewer) -> QuerySet[Notice]:
    """Return the notices, the newest first."""
    found = Notice.objects.select_related("recipient__recording", "recipient__person")
    return found if viewer.may(Permission.SEND_NOTICES) else found.none()


def notice_for(viewer: Viewer, handle: str) -> Notice:
    """Return one notice, if this person may know of it."""
    notice = notices_for(viewer).filter(handle=handle).first()
    if notice is None:
        raise NotFound("There is no such notice.")
    return notice


def number_to_send(viewer: Viewer) -> int:
    """Return how many notices wait to be sent."""
    return notices_for(viewer).filter(sent_at=None).count()


def letter_of(viewer: Viewer, notice: Notice, force: str) -> str:
    """Return what the letter says; it names the recording by number and not what is filmed."""
    if not viewer.may(Permission.SEND_NOTICES):
        raise NotFound("There is no such notice.")
    given = notice.recipient
    letter = Letter(
        force=force,
        recipient=given.name,
        recording=given.recording.handle,
        what=given.what,
        given_on=localdate(given.given_at),
        change=Change(notice.change),
        changed_on=localdate(notice.queued_at),
        about=notice.about,
    )
    return letter.text()
