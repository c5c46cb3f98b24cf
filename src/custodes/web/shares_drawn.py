"""Shares as their pages draw them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from custodes.cases.rules.audiences import Audience
from custodes.disclosure.offers import Offer
from custodes.disclosure.rules.letters import ABOUT_NAMES, About
from custodes.disclosure.rules.serving import THING_NAMES, Thing
from custodes.disclosure.rules.standing import STANDING_NAMES, Standing
from custodes.disclosure.rules.watching import seconds_in
from custodes.disclosure.served import Served as Line
from custodes.web.words import clock_length, length, size

if TYPE_CHECKING:
    from custodes.disclosure.models import Item, Letter, Share

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
    watched: str = ""
    outstanding: tuple[str, ...] = ()
    late: bool = False


@dataclass(frozen=True, slots=True)
class Choice:
    """One thing to choose. ``why_not`` says why it cannot be, for this audience."""

    key: str
    title: str
    about: str
    why_not: str
    chosen: bool


@dataclass(frozen=True, slots=True)
class Served:
    """One thing of a share, and how much of it was watched. ``why_not``: it cannot be had now."""

    item: Item
    about: str
    watched: str
    why_not: str


def served_of(item: Item, why_not: str) -> Served:
    """Return a thing of a share as both sides see it."""
    watched = seconds_in(item.seen)
    words = f"{clock_length(watched)} of {clock_length(item.seconds)}" if watched else ""
    return Served(item, _kind_and_size(item), words, why_not)


def hidden(email: str) -> str:
    """Return an address as it is shown to whoever has the link: its first letter and its host."""
    name, _, host = email.partition("@")
    return f"{name[:1]}\u2026@{host}" if host else ""


@dataclass(frozen=True, slots=True)
class Told:
    """An e-mail as the page of a share has it."""

    letter: Letter
    what: str
    kind: str
    word: str


def letter_of(letter: Letter) -> Told:
    """Return an e-mail with what has become of it."""
    what = ABOUT_NAMES[About(letter.about)].capitalize()
    if letter.sent_at is not None:
        return Told(letter, what, "quiet", "Sent")
    if letter.given_up_at is not None:
        return Told(letter, what, "refused", "Not sent")
    return Told(letter, what, "needs" if letter.tries else "active", "On its way")


def row_of(share: Share, at: datetime) -> Row:
    """Return what a share is now, for its own page."""
    standing = share.as_rule().standing(at)
    return Row(share, _KINDS[standing], STANDING_NAMES[standing].capitalize())


def rows_of(lines: Sequence[Line], at: datetime) -> list[Row]:
    """Return the lines of the disclosure ledger as a list has them."""
    return [
        Row(
            share=each.share,
            kind=_KINDS[each.facts.standing],
            word=STANDING_NAMES[each.facts.standing].capitalize(),
            watched=f"{clock_length(each.watched)} of {clock_length(each.lasts)}",
            outstanding=each.facts.outstanding(at),
            late=each.facts.is_late(at),
        )
        for each in lines
    ]


def things_of(offers: Sequence[Offer], audience: Audience, chosen: Collection[str]) -> list[Choice]:
    """Return what there is to choose, with why not where it may not go to this audience."""
    return [
        Choice(each.key, each.title, _about(each), each.why_not_to(audience), each.key in chosen)
        for each in offers
    ]


def _about(offer: Offer) -> str:
    return _in_words(offer.kind, offer.seconds, offer.size)


def _kind_and_size(item: Item) -> str:
    return _in_words(Thing(item.kind), item.seconds, item.size)


def _in_words(kind: Thing, seconds: float, number: int) -> str:
    lasts = f", {length(seconds)}" if seconds else ""
    return f"{THING_NAMES[kind].capitalize()}{lasts}, {size(number)}"
