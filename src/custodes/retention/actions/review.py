"""Look whether a recording is still needed: keep it until a date, or let it go, which takes two.

Nothing is deleted here. What two people let go goes by the clock again, 14 days later
at the earliest, and only if no hold, no case and no restriction came meanwhile.
"""

from __future__ import annotations

from datetime import date, datetime

from django.db import transaction
from django.utils.timezone import localdate

from custodes.custody.actions import record
from custodes.custody.events import LettingGoAgreed, RecordingReviewed
from custodes.kernel.digest import b64u, sha256
from custodes.people.rules import Permission, Viewer
from custodes.recordings.models import Recording
from custodes.recordings.queries import recording_for
from custodes.retention.actions.outlook import look_ahead
from custodes.retention.errors import ReviewRefused
from custodes.retention.facts import facts_of, readable_schedule_at
from custodes.retention.models import LettingGo, Review
from custodes.retention.rules.decision import Verdict, decide
from custodes.retention.rules.disposal import enough_agree
from custodes.retention.rules.holds import GRACE
from custodes.retention.rules.looking import next_look
from custodes.retention.rules.periods import in_words


@transaction.atomic
def keep_after_review(
    viewer: Viewer, recording: Recording, reason: str, keep_until: date | None, *, at: datetime
) -> Review:
    """Keep a recording until a date on which somebody looks again (RET-12).

    Whoever agreed to let it go has agreed to nothing any more. Raises ReviewRefused for a
    day that lies further ahead than the schedule lets it lie without a look (RET-04).
    """
    recording = _locked(viewer, recording)
    if not reason.strip() or keep_until is None:
        raise ReviewRefused("A review that keeps needs a reason and the date of the next one.")
    today, known = localdate(at), facts_of([recording.pk]).get(recording.pk)
    look = next_look(known, readable_schedule_at(at), today=today)
    if faults := look.faults_of(keep_until, today):
        raise ReviewRefused(" ".join(faults))
    outcome = f"it is kept, and looked at again on {in_words(keep_until)}."
    return _enter(viewer, recording, reason.strip(), keep_until, outcome, at)


@transaction.atomic
def let_go_after_review(viewer: Viewer, recording: Recording, reason: str, *, at: datetime) -> bool:
    """Agree that a recording that waits for review may go; return whether two people have now.

    Raises ReviewRefused for one that does not wait, or without a reason.
    """
    recording = _locked(viewer, recording)
    if not reason.strip():
        raise ReviewRefused("A recording is let go for a reason, and none was given.")
    schedule, facts = readable_schedule_at(at), facts_of([recording.pk]).get(recording.pk)
    if (
        schedule is None
        or facts is None
        or decide(facts, schedule, at).verdict is not Verdict.REVIEW
    ):
        raise ReviewRefused("This recording does not wait for review, so nobody lets it go.")
    agreed = LettingGoAgreed(looked_at=looked_at(recording))
    entry = record(agreed, subject=recording.handle, by=viewer.actor, at=at, because=reason.strip())
    said = {"reason": reason.strip(), "at": at, "entry": entry.index}
    LettingGo.objects.update_or_create(
        recording=recording, person_id=viewer.person, review=None, defaults=said
    )
    waiting = recording.let_go_by.filter(review=None)
    if not enough_agree(str(each.person_id) for each in waiting):
        return False
    stays = in_words(GRACE.after(at))
    outcome = f"two people let it go; it stays at least until {stays}."
    _enter(viewer, recording, reason.strip(), None, outcome, at)
    return True


def looked_at(recording: Recording) -> str:
    """Return the SHA-256 over the digests of a recording's files, in order, as base64url."""
    digests = recording.originals.order_by("number").values_list("sha256", flat=True)
    return b64u(sha256("\n".join(digests).encode()))


def _locked(viewer: Viewer, recording: Recording) -> Recording:
    """Return the recording, locked against the sweep and other reviewers."""
    known = recording_for(viewer, recording.handle)
    if not viewer.may(Permission.REVIEW):
        raise ReviewRefused("None of your roles reviews recordings.")
    return Recording.objects.select_for_update().get(pk=known.pk)


def _enter(
    viewer: Viewer,
    recording: Recording,
    reason: str,
    keep_until: date | None,
    outcome: str,
    at: datetime,
) -> Review:
    digest = looked_at(recording)
    waiting = list(recording.let_go_by.filter(review=None).select_related("person").order_by("pk"))
    names = [str(each.person) for each in waiting] if keep_until is None else [viewer.name]
    review = Review.objects.create(
        recording=recording,
        by=" and ".join(names),
        at=at,
        reason=reason,
        keep_until=keep_until,
        looked_at=digest,
    )
    recording.let_go_by.filter(pk__in=[each.pk for each in waiting]).update(review=review)
    reviewed = RecordingReviewed(outcome=outcome, looked_at=digest)
    record(reviewed, subject=recording.handle, by=viewer.actor, at=at, because=reason)
    look_ahead([recording.pk], at=at)
    return review
