"""Requests that were answered by restricting, and the letter each is answered with."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils.timezone import localtime

from custodes.kernel.errors import NotFound
from custodes.people.rules import Permission, Viewer
from custodes.recordings.models import NamedInLock
from custodes.retention.models import RestrictedRecording, Restriction
from custodes.retention.rules.erasure import Basis, Ground

# DPA 2018 s.48(4): the reasons, and what whoever asked can do about them.
RIGHTS = (
    "You may ask the Information Commissioner to check whether this was lawful (section 51).",
    "You may complain to the Information Commissioner (section 165).",
    "You may apply to a court (section 167).",
)


@dataclass(frozen=True, slots=True)
class Letter:
    """What is written to whoever asked: nothing in it that is not theirs to know."""

    subject: str
    reference: str
    asked: str
    answers: tuple[str, ...]
    rights: tuple[str, ...] = RIGHTS


def restrictions_for(viewer: Viewer) -> QuerySet[Restriction]:
    """Return the requests that were answered by restricting, for those who answer them."""
    found = Restriction.objects.select_related("placed_by")
    return found if viewer.may(Permission.RESTRICT) else found.none()


def restriction_for(viewer: Viewer, handle: str) -> Restriction:
    """Return one of them; raises NotFound."""
    found = restrictions_for(viewer).filter(handle=handle).first()
    if found is None:
        raise NotFound("There is no such request.")
    return found


def named_in(viewer: Viewer, restriction: Restriction) -> QuerySet[NamedInLock]:
    """Return who was let use what is restricted, the newest first."""
    named = NamedInLock.objects.select_related("person").filter(cause=restriction.handle)
    return named.order_by("-pk") if viewer.may(Permission.RESTRICT) else named.none()


def letter_for(viewer: Viewer, restriction: Restriction) -> Letter:
    """Return the answer to a request; the recordings by when they were made and no more."""
    restriction = restriction_for(viewer, restriction.handle)
    asked = {
        Ground.ERASE: "You asked us to erase footage of you.",
        Ground.INACCURATE: "You told us that footage of you is inaccurate.",
    }
    return Letter(
        subject=restriction.subject,
        reference=restriction.reference,
        asked=asked[Ground(restriction.ground)],
        answers=tuple(_answers(restriction)),
    )


def _answers(restriction: Restriction) -> Iterator[str]:
    items = restriction.items.select_related("recording").order_by("recording__started_at", "pk")
    for item in items:
        filmed = f"{localtime(item.recording.started_at):%-d %B %Y, %H:%M}"
        yield f"Footage of {filmed}: {_because(item)}"


def _because(item: RestrictedRecording) -> str:
    """Return the answer as it was when it was restricted; later things may change it."""
    match Basis(item.basis):
        case Basis.EVIDENCE:
            why = f": {item.because}" if item.because else ""
            return (
                f"we have not erased it, because it must be kept as evidence{why}. It is "
                "restricted instead (Data Protection Act 2018, section 47(2)): kept, and not "
                "otherwise used."
            )
        case Basis.KEPT:
            return (
                f"we have not erased it, because of this: {item.because}. It is restricted "
                "meanwhile: kept, and not otherwise used."
            )
        case Basis.ACCURACY:
            return (
                "we cannot show whether it is accurate. It is restricted meanwhile (section "
                "47(3)): it is kept, and nobody uses it."
            )
        case Basis.SCHEDULE:
            day = f"on {localtime(item.goes_on):%-d %B %Y}" if item.goes_on else "now"
            return (
                f"as things stand it is erased {day}, or in the days after, and until then nobody "
                "sees or uses it. It stays longer only if it comes to be needed meanwhile."
            )
