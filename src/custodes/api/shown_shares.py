"""What was given to whom, as this door shows it: the disclosure ledger."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from ninja import Schema

from custodes.cases.rules.audiences import Audience
from custodes.disclosure.offers import Offer
from custodes.disclosure.rules.serving import Thing
from custodes.disclosure.rules.standing import Standing
from custodes.disclosure.rules.watching import seconds_in

if TYPE_CHECKING:
    from custodes.disclosure.models import Item, Share


class OfferShown(Schema):
    """One thing of a case that could be shared; ``why_not`` says why it may not go to them."""

    key: str
    kind: Thing
    title: str
    recording: str
    size: int
    sha256: str
    seconds: float
    filmed_at: datetime
    why_not: str

    @classmethod
    def of(cls, offer: Offer, audience: Audience) -> OfferShown:
        """Return a thing that could be shared with somebody."""
        return cls(
            key=offer.key,
            kind=offer.kind,
            title=offer.title,
            recording=offer.of.recording.handle,
            size=offer.size,
            sha256=offer.sha256,
            seconds=offer.seconds,
            filmed_at=offer.filmed_at,
            why_not=offer.why_not_to(audience),
        )


class Offers(Schema):
    """A part of what could be shared of a case, in the order filmed."""

    things: list[OfferShown]
    next: str


class ShareShown(Schema):
    """What one recipient was given of a case, whether it is open, and what they did with it."""

    id: str
    case: str
    urn: str
    audience: Audience
    recipient: str
    organisation: str
    email: str
    because: str
    despite: str
    standing: Standing
    until: datetime
    made_by: str
    made_at: datetime
    released_at: datetime | None
    opened_at: datetime | None
    acknowledged_at: datetime | None
    revoked_at: datetime | None
    revoked_because: str

    @classmethod
    def of(cls, share: Share, at: datetime) -> ShareShown:
        """Return a share as it is shown at a moment."""
        return cls(
            id=share.handle,
            case=share.case.handle,
            urn=str(share.case),
            audience=Audience(share.audience),
            recipient=share.recipient,
            organisation=share.organisation,
            email=share.email,
            because=share.because,
            despite=share.despite,
            standing=share.as_rule().standing(at),
            until=share.until,
            made_by=share.made_by,
            made_at=share.made_at,
            released_at=share.released_at,
            opened_at=share.opened_at,
            acknowledged_at=share.acknowledged_at,
            revoked_at=share.revoked_at,
            revoked_because=share.revoked_because,
        )


class Shares(Schema):
    """A part of what was shared, the newest first."""

    shares: list[ShareShown]
    next: str


class ThingShown(Schema):
    """One thing of a share; ``seen_seconds`` is how much of it was watched."""

    number: int
    kind: Thing
    title: str
    recording: str
    size: int
    sha256: str
    seconds: float
    seen_seconds: float
    opened_at: datetime | None
    taken_at: datetime | None

    @classmethod
    def of(cls, item: Item) -> ThingShown:
        """Return a thing of a share as it is shown."""
        return cls(
            number=item.number,
            kind=Thing(item.kind),
            title=item.title,
            recording=item.recording.handle,
            size=item.size,
            sha256=item.sha256,
            seconds=item.seconds,
            seen_seconds=seconds_in(item.seen),
            opened_at=item.opened_at,
            taken_at=item.taken_at,
        )


class ShareInFull(ShareShown):
    """A share with what it holds, and its link while it is open, for who may share of the case."""

    link: str
    things: list[ThingShown]
