"""Put on record which release runs, and the fingerprint of the verifier it hands out."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

import custodes
from custodes.custody.actions import record
from custodes.custody.appending import lock_end
from custodes.custody.events import ReleaseInstalled
from custodes.custody.log import subject_of_log
from custodes.custody.models import Entry
from custodes.custody.queries import newest
from custodes.custody.rules import Actor
from custodes.verifier.in_browser import NotBuilt, fingerprint


@transaction.atomic
def note_release(*, by: Actor, at: datetime) -> Entry | None:
    """Enter the release that runs, unless the last one entered is the same.

    Without the built pages there is no verifier to vouch for, and nothing is entered.
    """
    try:
        here = ReleaseInstalled(version=custodes.__version__, verifier=fingerprint())
    except NotBuilt:
        return None
    lock_end()  # two that start at once enter it once
    last = next(newest(ReleaseInstalled.kind), None)
    if last is not None and last.facts == here.facts():
        return None
    return record(here, subject=subject_of_log(), by=by, at=at)
