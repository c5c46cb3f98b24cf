"""Notice that a recording was docked late, and take down why (RET-03).

It would have gone before anybody could look: it stays a week from when it came, and its
supervisor is told.
"""

from __future__ import annotations

from datetime import datetime

from django.db import transaction

from custodes.custody.actions import record
from custodes.custody.events import DockedLate, LatenessExplained
from custodes.custody.rules import Actor
from custodes.people.rules import Viewer
from custodes.recordings.models import Recording
from custodes.retention.errors import LatenessRefused
from custodes.retention.facts import facts_of
from custodes.retention.late import late_one, may_explain
from custodes.retention.models import LateDocking
from custodes.retention.rules.decision import stays_after_late_docking
from custodes.retention.rules.late import LATE_REASONS, LateReason
from custodes.retention.rules.periods import in_words


@transaction.atomic
def notice_lateness(recording: int, *, by: Actor, at: datetime) -> None:
    """Put a recording that is whole and came late on the list; once."""
    facts = facts_of([recording]).get(recording)
    until = stays_after_late_docking(facts) if facts is not None and facts.complete else None
    if facts is None or until is None or facts.ended_at is None or facts.received_at is None:
        return
    if LateDocking.objects.filter(pk=recording).exists():
        return
    days = (facts.received_at - facts.ended_at).days
    LateDocking.objects.create(recording_id=recording, days=days, stays_until=until, noticed_at=at)
    handle = Recording.objects.values_list("handle", flat=True).get(pk=recording)
    record(DockedLate(days=days, until=in_words(until)), subject=handle, by=by, at=at)


@transaction.atomic
def explain_lateness(
    viewer: Viewer, handle: str, reason: str, words: str, *, at: datetime
) -> LateDocking:
    """Say why a recording was docked late; saying it again replaces it, and the record keeps both.

    Raises NotFound, or LatenessRefused.
    """
    late = late_one(viewer, handle)
    if not may_explain(viewer):
        raise LatenessRefused("None of your roles says why something was docked late.")
    if reason not in set(LateReason):
        raise LatenessRefused("Choose why it was docked late.")
    if reason == LateReason.OTHER and not words.strip():
        raise LatenessRefused("Say what it was.")
    late.reason, late.words = reason, words.strip()
    late.explained_by, late.explained_at = viewer.name, at
    late.save(update_fields=["reason", "words", "explained_by", "explained_at"])
    explained = LatenessExplained(reason=LATE_REASONS[LateReason(reason)])
    record(explained, subject=handle, by=viewer.actor, at=at, because=words.strip())
    return late
