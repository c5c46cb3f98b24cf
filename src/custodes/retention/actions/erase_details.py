"""Ask for what is recorded of long ago to be erased, and agree to it: two people.

The details of old custody entries go, and with the entries of a deleted recording the rows
about it: footage and record each have a clock of their own (RET-13), and this is the
record's.
"""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction
from django.db.models import QuerySet

from custodes.custody import erasing
from custodes.custody.errors import ErasureRefused
from custodes.custody.models import Entry
from custodes.people.errors import NotAllowed
from custodes.people.rules import Permission, Viewer
from custodes.recordings.actions.forget_record import forget_records
from custodes.recordings.actions.read_log import reason_in
from custodes.recordings.models import Recording
from custodes.recordings.rules import State
from custodes.retention.models import LateDocking, LettingGo, Notice, Review


@transaction.atomic
def ask_for_erasure(viewer: Viewer, because: str, *, at: datetime) -> int:
    """Ask for every detail that may go by now to be erased; return of how many entries."""
    _may(viewer)
    reason = reason_in(because, "The erasure was not asked for.")
    years = settings.CUSTODES.details_kept_years
    return erasing.plan_erasure(years, by=viewer.actor, because=reason, at=at)


@transaction.atomic
def agree_to_erasure(viewer: Viewer, because: str, *, at: datetime) -> int:
    """Erase what somebody else asked to be erased; return the details of how many entries.

    It cannot be undone. Raises NotAllowed, NeedsAReason or ErasureRefused.
    """
    _may(viewer)
    reason = reason_in(because, "Nothing was erased.")
    return erasing.erase_details(by=viewer.actor, because=reason, at=at, forget=_forget)


def _forget(ended: QuerySet[Entry]) -> int:
    """Let go of the record of the recordings that ended so; return of how many."""
    gone = Recording.objects.filter(handle__in=ended.values("subject"), state=State.DISPOSED)
    letters = Notice.objects.filter(recipient__recording__in=gone)
    if owed := letters.filter(sent_at=None).count():
        raise ErasureRefused(
            f"{owed:,} of those who were given one of the deleted recordings have not been told "
            "yet. Send the letters first, or say that they are sent."
        )
    for rows in (
        letters,
        LateDocking.objects.filter(recording__in=gone),
        LettingGo.objects.filter(recording__in=gone),
        Review.objects.filter(recording__in=gone),
    ):
        rows.delete()
    number = gone.count()
    forget_records(gone)
    return number


def _may(viewer: Viewer) -> None:
    if not viewer.may(Permission.ERASE_DETAILS):
        raise NotAllowed("None of your roles erases details of the custody record.")
