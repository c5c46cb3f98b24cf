"""Sharing: what could be given, give it, see what became of it, call it back."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

from django.http import HttpRequest
from ninja import Router, Status
from pydantic import Field

from custodes.api.callers import Writer, viewer_of, viewer_with
from custodes.api.noting import make_sure_a_case_is_looked_at
from custodes.api.shown_shares import (
    Offers,
    OfferShown,
    ShareInFull,
    Shares,
    ShareShown,
    ThingShown,
)
from custodes.api.words import Cursor, Day, Handle, Limit, Sent, Text, part_of
from custodes.cases.queries import case_for, case_to_work_on
from custodes.cases.rules.audiences import Audience
from custodes.disclosure.actions.revoke import revoke
from custodes.disclosure.actions.share import Wanted, share
from custodes.disclosure.days import last_moment_of
from custodes.disclosure.links import link_of
from custodes.disclosure.offers import on_offer
from custodes.disclosure.queries import (
    items_of,
    may_share_of,
    share_for,
    shares_for,
    shares_of,
    shares_older_than,
)
from custodes.disclosure.rules.standing import Standing
from custodes.kernel.clock import now
from custodes.people.rules import Permission, Viewer

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from custodes.disclosure.models import Share

router = Router(tags=["Sharing"])
_CASE = "/cases/{case}"
_ONE = "/shares/{share}"


class ShareWanted(Sent):
    """What to share, with whom, why, and the last day on which the link opens.

    ``things`` are keys of what the case offers. ``despite`` says why it goes though a camera
    is not accounted for, where that is so.
    """

    things: Annotated[list[Text], Field(max_length=200)]
    audience: Audience
    recipient: Text
    organisation: Text
    until: Day
    because: Text
    email: Text = ""
    despite: Text = ""


class Because(Sent):
    """Why it is done."""

    because: Text


@router.get(f"{_CASE}/offers", response=Offers)
def list_offers(
    request: HttpRequest, case: Handle, audience: Audience, cursor: Cursor = "", limit: Limit = 50
) -> Offers:
    """List what could be shared of a case, and why not where it may not go to them."""
    viewer = viewer_of(request)
    found = case_to_work_on(viewer, case, Permission.SHARE)
    make_sure_a_case_is_looked_at(request, found)
    rows = on_offer(viewer, found)
    part, more = part_of(rows, lambda each: each.key.replace(":", "_"), cursor, limit)
    return Offers(things=[OfferShown.of(each, audience) for each in part], next=more)


@router.get(f"{_CASE}/shares", response=Shares)
def list_shares_of_case(
    request: HttpRequest, case: Handle, cursor: Cursor = "", limit: Limit = 50
) -> Shares:
    """List what was shared of one case."""
    viewer = viewer_of(request)
    found = case_for(viewer, case)
    make_sure_a_case_is_looked_at(request, found)
    return _listed(viewer, shares_of(viewer, found), cursor, limit)


@router.post(f"{_CASE}/shares", response={201: ShareInFull}, auth=Writer())
def make_share(request: HttpRequest, case: Handle, body: ShareWanted) -> Status[ShareInFull]:
    """Share something of a case with one recipient, by a link that is theirs alone.

    To the defence it waits until a second person has released it on its page.
    """
    viewer = viewer_of(request)
    wanted = Wanted(
        things=body.things,
        audience=body.audience,
        recipient=body.recipient,
        organisation=body.organisation,
        until=last_moment_of(body.until),
        because=body.because,
        email=body.email,
        despite=body.despite,
    )
    made = share(viewer, case_for(viewer, case), wanted, at=now())
    return Status(201, _in_full(viewer, share_for(viewer, made.handle)))


@router.get("/shares", response=Shares)
def list_shares(request: HttpRequest, cursor: Cursor = "", limit: Limit = 50) -> Shares:
    """List what was shared of every case that the token's person may know of."""
    viewer = viewer_with(request, Permission.SEE_CASES)
    return _listed(viewer, shares_for(viewer), cursor, limit)


@router.get(_ONE, response=ShareInFull)
def show_share(request: HttpRequest, share: Handle) -> ShareInFull:
    """Show one share: what it holds, and what the recipient did with it."""
    viewer = viewer_of(request)
    found = share_for(viewer, share)
    make_sure_a_case_is_looked_at(request, found.case)
    return _in_full(viewer, found)


@router.post(f"{_ONE}/revoke", response=ShareInFull, auth=Writer())
def revoke_share(request: HttpRequest, share: Handle, body: Because) -> ShareInFull:
    """Call back what was shared: its link opens nothing from then on."""
    viewer = viewer_of(request)
    revoke(viewer, share_for(viewer, share), body.because, at=now())
    return _in_full(viewer, share_for(viewer, share))


def _listed(viewer: Viewer, among: QuerySet[Share], cursor: str, limit: int) -> Shares:
    found = list(shares_older_than(viewer, among, cursor)[: limit + 1])
    part = found[:limit]
    more = part[-1].handle if len(found) > limit else ""
    return Shares(shares=[ShareShown.of(each, now()) for each in part], next=more)


def _in_full(viewer: Viewer, share: Share) -> ShareInFull:
    shown = ShareShown.of(share, now())
    opens = shown.standing is Standing.OPEN and may_share_of(viewer, share.case)
    return ShareInFull(
        **shown.dict(),
        link=link_of(share) if opens else "",
        things=[ThingShown.of(each) for each in items_of(viewer, share)],
    )
