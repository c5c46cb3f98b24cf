"""Recipients, who have no account: a link says which share, a sitting that it is them.

A guest stands where elsewhere a viewer does: what they may have is what is in their share,
as long as it is open, and nothing else of the installation.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from custodes.custody.rules import Actor
from custodes.disclosure.errors import NoLonger
from custodes.disclosure.keeping_back import DELETED, kept_from, said_to_them
from custodes.disclosure.links import digest_of
from custodes.disclosure.models import Item, Share, Sitting, Wish
from custodes.disclosure.rules.standing import Standing
from custodes.kernel.errors import NotFound
from custodes.recordings.described import read
from custodes.recordings.models import Copy, Original
from custodes.recordings.reading import open_copy, open_original
from custodes.vault.sealed import SealedReader

DOOR = "shared"
_USUAL_RATE = 25.0
# Who has a link is not known until they show a code.
SOMEBODY = Actor(handle="", name="somebody with the link", door=DOOR)
_WHY_CLOSED = {
    Standing.CALLED_BACK: "What was shared with you was called back.",
    Standing.OVER: "The time of this link is over.",
    Standing.WAITS: "This link does not open yet.",
    Standing.OPEN: "",
}


@dataclass(frozen=True, slots=True)
class Guest:
    """The recipient of a share, in one browser."""

    share: Share
    sitting: Sitting

    @property
    def actor(self) -> Actor:
        """Return the recipient as the one who acts."""
        return actor_of(self.share)


def actor_of(share: Share) -> Actor:
    """Return the recipient of a share as the one who acts; their handle is the share's."""
    return Actor(share.handle, str(share), DOOR)


def share_behind(token: str) -> Share:
    """Return the share a link is of; raises NotFound for what is none."""
    found = Share.objects.select_related("case").filter(token_digest=digest_of(token)).first()
    if found is None:
        raise NotFound("This is no link of ours.", "Open the link as it was sent to you, whole.")
    return found


def why_closed(share: Share, at: datetime) -> str:
    """Return why a link opens nothing at this moment; empty while it is open."""
    return _WHY_CLOSED[share.as_rule().standing(at)]


def guest_with(share: Share, key: str, at: datetime) -> Guest | None:
    """Return the recipient whose browser has this key, or None where nobody is in."""
    if not key or why_closed(share, at):
        return None
    found = share.sittings.filter(key_digest=digest_of(key), until__gt=at, left_at=None).first()
    return Guest(share, found) if found else None


def items_for(guest: Guest) -> list[tuple[Item, str]]:
    """Return what a share holds, each with why it cannot be had at the moment, or nothing."""
    items = list(guest.share.items.select_related("recording"))
    kept = kept_from(guest.share, items)
    return [(item, said_to_them(kept.get(item.pk, ""))) for item in items]


def item_for(guest: Guest, number: int, at: datetime) -> Item:
    """Return one thing of a share that can be had at this moment; raises NotFound or NoLonger.

    Asked for every stretch that is played.
    """
    if why := why_closed(guest.share, at):
        raise NoLonger(why)
    item = guest.share.items.select_related("recording").filter(number=number).first()
    if item is None:
        raise NotFound("There is nothing like this in what was shared with you.")
    if kept := kept_from(guest.share, [item]):
        raise NoLonger(said_to_them(kept[item.pk]))
    return item


def opened(item: Item) -> SealedReader:
    """Return the bytes of what :func:`item_for` returned; raises NoLonger where they are gone."""
    if item.copy:
        copy = Copy.objects.select_related("original").filter(handle=item.copy).first()
        if copy is not None:
            return open_copy(copy)
    else:
        original = Original.objects.filter(handle=item.original).first()
        if original is not None:
            return open_original(original)
    raise NoLonger(DELETED)


def frame_rate_of(item: Item) -> float:
    """Return how many pictures a second something has, as far as is known."""
    original = Original.objects.filter(handle=item.original).first()
    rate = read(original.described).frame_rate if original else None
    return rate or _USUAL_RATE


def wishes_of(guest: Guest) -> list[Wish]:
    """Return what this recipient asked for, and what they were answered."""
    return list(guest.share.wishes.all())
