"""Let go of the record of recordings deleted long ago: who filmed, who had a copy, who changed it.

Footage goes first, by its own clock (:mod:`dispose`); what is written about it stays for
another, as long as the details of its entries do (RET-13), and goes with them. What is left
then is that there was a recording, of which camera and when, as the public entries say.
"""

from __future__ import annotations

from django.db.models import F, OuterRef, QuerySet, Subquery

from custodes.intake.models import Upload
from custodes.recordings.models import CategoryChange, Grant, NamedInLock, Recipient, Recording


def forget_records(recordings: QuerySet[Recording]) -> None:
    """Forget who had to do with recordings that are deleted.

    The caller enters it, and has let go of what hangs on their recipients. ``recordings``
    is asked again by every statement, and so may not depend on what is changed here.
    """
    for rows in (
        Recipient.objects.filter(recording__in=recordings),
        Grant.objects.filter(recording__in=recordings),
        NamedInLock.objects.filter(recording__in=recordings),
        CategoryChange.objects.filter(recording__in=recordings),
    ):
        rows.delete()
    _call_uploads_by_number(recordings)
    recordings.update(
        wearer=None, announced=None, team=None, trigger_on=None, trigger_off=None,
        source_key=F("handle"),
    )  # fmt: skip


def _call_uploads_by_number(recordings: QuerySet[Recording]) -> None:
    """Forget the sender's name for a recording, which may be a person's; the inventory needs one.

    An upload knows its recording by camera and name alone, and so gets the name it will have.
    """
    same = recordings.filter(camera=OuterRef("camera"), source_key=OuterRef("source_key"))
    named = Upload.objects.alias(becomes=Subquery(same.values("handle")[:1]))
    named.exclude(becomes=None).update(source_key=F("becomes"), person=None)
