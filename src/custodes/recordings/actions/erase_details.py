"""Ask for the details of old custody entries to be erased, and agree to it: two people."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db import transaction

from custodes.custody import erasing
from custodes.people.errors import NotAllowed
from custodes.people.rules import Permission, Viewer
from custodes.recordings.actions.read_log import reason_in


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
    return erasing.erase_details(by=viewer.actor, because=reason, at=at)


def _may(viewer: Viewer) -> None:
    if not viewer.may(Permission.ERASE_DETAILS):
        raise NotAllowed("None of your roles erases details of the custody record.")
