"""Shares as their pages draw them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from custodes.cases.rules.audiences import Audience
from custodes.disclosure.offers import Offer
from custodes.disclosure.rules.serving import THING_NAMES
from custodes.disclosure.rules.standing import STANDING_NAMES, Standing
from custodes.web.words import length, size

if TYPE_CHECKING:
    from custodes.disclosure.models import Share

_KINDS = {
    Standing.OPEN: "active",
    Standing.WAITS: "needs",
    Standing.OVER: "quiet",
    Standing.CALLED_BACK: "refused",
}


@dataclass(frozen=True, slots=True)
class Row:
    """One share in a list: ``kind`` and ``word`` are what it is now."""

    share: Share
    kind: str
    word: str


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose. ``why_not`` says why it cannot be, for this audience."""

    key: str
    title: str
    about: str
    why_not: str
    chosen: bool


def row_of(share: Share, at: datetime) -> Row:
    """Return a share as a list has it."""
    standing = share.as_rule().standing(at)
    return Row(share, _KINDS[standing], STANDING_NAMES[standing].capitalize())


def things_of(offers: Sequence[Offer], audience: Audience, chosen: Collection[str]) -> list[Choice]:
    """Return what there is to choose, with why not where it may not go to this audience."""
    return [
        Choice(each.key, each.title, _about(each), each.why_not_to(audience), each.key in chosen)
        for each in offers
    ]


def _about(offer: Offer) -> str:
    lasts = f", {length(offer.seconds)}" if offer.seconds else ""
    return f"{THING_NAMES[offer.kind].capitalize()}{lasts}, {size(offer.size)}"
