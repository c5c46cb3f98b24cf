"""Why a recording is kept, and what is left of a deleted one, in the words of its page."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.urls import reverse
from django.utils.timezone import localtime

from custodes.custody.queries import erased_at
from custodes.custody.rules import kept_until
from custodes.kernel.clock import now
from custodes.retention.keeping import Coming, Keeping
from custodes.retention.rules.decision import Verdict
from custodes.retention.rules.disposal import STAGE_NAMES, Stage
from custodes.retention.rules.schedule import End
from custodes.web.words import day

if TYPE_CHECKING:
    from custodes.retention.models import Tombstone

# Nearer than this a date needs no year.
_WITHOUT_A_YEAR = timedelta(days=300)
_OVER = {
    Verdict.REVIEW: ("Waits for review", "It is kept until a person has looked at it."),
    Verdict.DISPOSE: ("Its time is over", "The next sweep deletes it unless it is held."),
}


def why_kept(keeping: Keeping) -> dict[str, Any]:
    """Return the headline, its kind of status, the reasons and what happens then."""
    kind, word, then = _headline(keeping)
    told_below = keeping.is_held and keeping.holds
    reasons = keeping.decision.reasons if keeping.decision and not told_below else ()
    return {
        "kind": kind,
        "word": word,
        "reasons": [f"{reason[:1].upper()}{reason[1:]}." for reason in reasons],
        "then": then,
        "holds": [
            {
                "url": reverse("hold", args=[hold.handle]),
                "text": str(hold),
                "review_on": hold.review_on,
                "released_at": hold.released_at,
                "until": hold.until,
            }
            for hold in keeping.holds
        ],
    }


def _headline(keeping: Keeping) -> tuple[str, str, str]:
    decision = keeping.decision
    if decision is None:
        return "needs", "Kept", "No schedule that can be read is in force: nothing is deleted."
    if keeping.is_held:
        return "held", "Held", _while_held(decision.due)
    if decision.verdict in _OVER:
        return "needs", *_OVER[decision.verdict]
    if decision.due is None:
        return "quiet", "Kept", "Only what a person does can change that."
    when = day(localtime(decision.due))
    if keeping.then is End.REVIEW:
        return "quiet", f"Kept until {when}", "Then a person looks whether it is still needed."
    return "quiet", f"Kept until {when}", "Then it is deleted by itself, unless it is held."


def _while_held(until: datetime | None) -> str:
    """Say how long a hold keeps something: until it is released, or by itself until a moment."""
    if until is None:
        return "Nothing deletes it before the hold is released."
    return (
        f"Nothing deletes it before the hold ends by itself on {_moment(until)}; from then on it "
        "goes by the schedule, with no days of grace."
    )


def _moment(when: datetime) -> str:
    local = localtime(when)
    return f"{day(local)}, {local:%H:%M %Z}"


def coming_up(coming: Coming | None) -> str:
    """Return ``deleted 15 Dec``, ``reviewed 3 Mar 2027``, or nothing when nobody knows."""
    if coming is None:
        return ""
    if coming.is_held:
        return "held"
    if coming.at is None:
        return "waits for review" if coming.then is End.REVIEW else ""
    at = now()
    if coming.then is End.DISPOSE and coming.at <= at:
        return "deleted with the next sweep"
    word = "deleted" if coming.then is End.DISPOSE else "reviewed"
    return f"{word} {_short(localtime(coming.at), at)}"


def stages(stage: int) -> list[dict[str, Any]]:
    """Return every step of a destruction, and whether it has been taken."""
    return [
        {"text": f"{name[:1].upper()}{name[1:]}.", "done": each <= stage}
        for each, name in STAGE_NAMES.items()
        if each <= max(stage, _last_stage())
    ]


def what_is_left(stone: Tombstone | None) -> dict[str, Any]:
    """Return until when the details of its entries stay at least, or when they were erased.

    What somebody wrote of the footage is in the details of the entries about it, and they are
    kept for the law's sake after it (DPA 2018 s.62), not erased with it.
    """
    if stone is None:
        return {"details_until": None, "erased_at": None}
    years, erased = settings.CUSTODES.details_kept_years, erased_at(stone.entry)
    return {
        "details_until": localtime(kept_until(stone.disposed_at, years)),
        "erased_at": localtime(erased) if erased else None,
    }


def _last_stage() -> Stage:
    """Return how far a destruction will come: to its backups only where their end is declared."""
    return Stage.BACKUPS_GONE if settings.CUSTODES.backups_kept_days else Stage.FINAL


def _short(when: datetime, at: datetime) -> str:
    year = "" if abs(when - at) < _WITHOUT_A_YEAR else f" {when.year}"
    return f"{when.day} {when:%b}{year}"
