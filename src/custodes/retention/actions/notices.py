"""Queue a letter to everybody who was given a recording that changes, and note that it was sent."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from custodes.custody.actions import record, record_all
from custodes.custody.appending import Happening
from custodes.custody.events import NoticeQueued, NoticeSent
from custodes.custody.rules import Actor
from custodes.people.rules import Permission, Viewer
from custodes.recordings.many import among
from custodes.recordings.models import Recipient
from custodes.retention.errors import NoticeRefused
from custodes.retention.models import Notice
from custodes.retention.rules.notices import CHANGE_NAMES, Change


@transaction.atomic
def queue_notices(
    recordings: Sequence[int], change: Change, about: str = "", *, by: Actor, at: datetime
) -> int:
    """Owe a letter to each who was given these recordings; return how many (RET-15).

    In the transaction of what happens to them. Who was given one more than once gets
    one letter, about what they were given first.
    """
    given = Recipient.objects.filter(recording__in=among(recordings)).select_related("recording")
    first: dict[tuple[int, str], Recipient] = {}
    for each in given.order_by("pk"):
        first.setdefault((each.recording_id, each.name.casefold()), each)
    Notice.objects.bulk_create(
        [
            Notice(recipient=each, change=change, about=about, queued_at=at)
            for each in first.values()
        ]
    )
    happenings = [
        Happening(NoticeQueued(CHANGE_NAMES[change], each.name), each.recording.handle, about)
        for each in first.values()
    ]
    record_all(happenings, by=by, at=at)
    return len(first)


@transaction.atomic
def note_sent(viewer: Viewer, notice: Notice, how: str, *, at: datetime) -> None:
    """Enter that a letter was sent, and by which way; raises NoticeRefused."""
    if not viewer.may(Permission.SEND_NOTICES):
        raise NoticeRefused("None of your roles sends notices.")
    if not how.strip():
        raise NoticeRefused("Say how it was sent.")
    notice = Notice.objects.select_for_update().get(pk=notice.pk)
    if notice.sent_at is not None:
        raise NoticeRefused("This notice was sent already.")
    notice.sent_at, notice.sent_by, notice.sent_how = at, viewer.name, how.strip()
    notice.save(update_fields=["sent_at", "sent_by", "sent_how"])
    recipient = notice.recipient
    sent = NoticeSent(CHANGE_NAMES[Change(notice.change)], recipient.name, how.strip())
    record(sent, subject=recipient.recording.handle, by=viewer.actor, at=at)
