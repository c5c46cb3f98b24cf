"""What the answer to a subject access request says besides the footage: DPA 2018 s.45(2)(a) to (g).

Only of a request under Part 3 of that Act: an answer under the UK GDPR says other things.

Filled from what the record holds. The force's own address, its data protection officer and
the Commissioner's are for the person who signs: they are not in the system.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.utils.timezone import localtime

from custodes.kernel.errors import NotFound
from custodes.oversight.models import Registered
from custodes.oversight.queries import registered_for
from custodes.oversight.rules import Kind, has_letter
from custodes.people.rules import Viewer
from custodes.recordings.locks import not_shut_to
from custodes.recordings.models import Recipient, Recording
from custodes.retention.facts import readable_schedule_at

_PURPOSE = (
    "Video and sound from cameras worn by officers are processed for the law enforcement "
    "purposes: the prevention, investigation, detection or prosecution of criminal offences and "
    "the execution of criminal penalties, and safeguarding against threats to public security. "
    "The lawful basis is the performance of a task carried out for such a purpose."
)
_RIGHTS = (
    "You may ask for data about you to be rectified, erased, or restricted in their processing."
)
_COMPLAINT = (
    "You may complain to the Information Commissioner, and may ask the Commissioner to check "
    "that what was withheld was withheld lawfully."
)


@dataclass(frozen=True, slots=True)
class Letter:
    """The seven items, each as sentences; an empty one is said to be nothing."""

    purposes: str
    categories: tuple[str, ...]
    recipients: tuple[str, ...]
    periods: tuple[str, ...]
    rights: str
    complaint: str
    origin: tuple[str, ...]


def letter_for(viewer: Viewer, handle: str, *, at: datetime) -> Letter:
    """Return what the letter says; raises NotFound where there is none for this person."""
    entered = registered_for(viewer, handle)
    if not has_letter(Kind(entered.kind), entered.regime):
        raise NotFound("There is no letter for this.")
    held = _held_for(viewer, entered)
    return Letter(
        purposes=_PURPOSE,
        categories=tuple(_categories(held)),
        recipients=tuple(_recipients(held)),
        periods=tuple(_periods(held, at)),
        rights=_RIGHTS,
        complaint=_COMPLAINT,
        origin=tuple(_origin(held)),
    )


def _held_for(viewer: Viewer, entered: Registered) -> list[Recording]:
    """Return what is held for a request, but for what a lock keeps from who writes the letter."""
    held = Recording.objects.filter(not_shut_to(viewer), holds__hold=entered.hold)
    return list(held.select_related("category", "camera").order_by("started_at"))


def _categories(held: Iterable[Recording]) -> Iterable[str]:
    names = sorted({str(each.category) if each.category else "not yet sorted" for each in held})
    if names:
        yield "Images, voices and movements of people, and where and when they were filmed."
        yield f"How the footage is sorted: {', '.join(names)}."


def _recipients(held: Iterable[Recording]) -> Iterable[str]:
    """Return who outside was given any of it; what somebody with an account took stays inside."""
    given = Recipient.objects.filter(recording__in=list(held), person=None)
    yield from sorted(set(given.values_list("name", flat=True)))


def _periods(held: Iterable[Recording], at: datetime) -> Iterable[str]:
    schedule = readable_schedule_at(at)
    pairs = {(each.category_id or "", each.source) for each in held}
    lines = {schedule.line_for(*pair) for pair in pairs} if schedule else set()
    for line in sorted((line for line in lines if line), key=lambda line: line.code):
        kept = f"{line.name}: {line.keep} ({line.authority})"
        yield f"{kept}, or longer while a hold or a case needs it."


def _origin(held: Iterable[Recording]) -> Iterable[str]:
    for recording in held:
        began = localtime(recording.started_at)
        yield f"Filmed on {began:%-d %B %Y, %H:%M} by a camera of the force."
