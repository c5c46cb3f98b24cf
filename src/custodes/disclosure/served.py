"""The disclosure ledger: what was served, opened, watched and acknowledged, and what is not.

And what is new in a case since something of it was served, to be offered again: another
angle, a longer clip, a recording that became an exhibit.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Subquery

from custodes.cases.models import Case, Exhibit, Material
from custodes.cases.queries import my_cases
from custodes.cases.rules.audiences import Audience
from custodes.disclosure.models import Item, Share
from custodes.disclosure.offers import Offer, on_offer
from custodes.disclosure.queries import may_share_of, shares_for
from custodes.disclosure.rules.having import NEEDS_RELEASE
from custodes.disclosure.rules.outstanding import ASK_AFTER, Facts
from custodes.disclosure.rules.watching import seconds_in
from custodes.people.rules import Permission, Viewer
from custodes.recordings.queries import of_known
from custodes.recordings.rules import MADE_BY_PEOPLE


@dataclass(frozen=True, slots=True)
class Served:
    """One line of the ledger; ``watched`` and ``lasts`` are seconds of film."""

    share: Share
    watched: float
    lasts: float
    facts: Facts


@dataclass(frozen=True, slots=True)
class Totals:
    """How many shares were served, opened and acknowledged, and how many seconds watched."""

    served: int
    opened: int
    acknowledged: int
    watched: float


def lines_of(shares: QuerySet[Share], at: datetime) -> list[Served]:
    """Return the lines of shares that a query with a viewer returned."""
    return [_line(each, at) for each in shares.prefetch_related("items", "wishes")]


def totals_of(lines: Iterable[Served]) -> Totals:
    """Return what lines come to."""
    lines = list(lines)
    return Totals(
        served=len(lines),
        opened=sum(each.share.opened_at is not None for each in lines),
        acknowledged=sum(each.share.acknowledged_at is not None for each in lines),
        watched=sum(each.watched for each in lines),
    )


def not_served_yet(viewer: Viewer, case: Case, audience: Audience) -> list[Offer]:
    """Return what could go to an audience that was given something of a case before, and has not.

    Nothing for who may not share, and nothing where they were given nothing yet.
    """
    given = Share.objects.filter(case=case, audience=audience, revoked_at=None)
    if not may_share_of(viewer, case) or not given.exists():
        return []
    items = Item.objects.filter(share__in=given)
    had = set(items.values_list("kind", "original", "copy"))
    offers = on_offer(viewer, case)
    return [
        each
        for each in offers
        if (each.kind, each.of.original.handle, each.copy) not in had
        and not each.why_not_to(audience)
    ]


def cases_with_news(viewer: Viewer) -> list[tuple[Case, int]]:
    """Return this viewer's cases in which clips were made since the last share, and how many.

    One question however many cases they have: it is asked for every page.
    """
    if not viewer.may(Permission.SHARE):
        return []
    mine = my_cases(viewer)
    last = Share.objects.filter(case=OuterRef("case"), revoked_at=None).order_by("-made_at")
    had = Item.objects.filter(share__case=OuterRef("case"), copy=OuterRef("cut"))
    # Those that are exhibits wait for the prosecutor by themselves: see waiting.
    numbered = Exhibit.objects.filter(case=OuterRef("case"), clip=OuterRef("cut"), voided_at=None)
    copies = "recording__originals__copies"
    of = Material.objects.filter(case__in=mine.values("pk"), taken_out_at=None)
    of = of.filter(of_known(viewer))
    of = of.annotate(shared_at=Subquery(last.values("made_at")[:1]))
    since = {f"{copies}__purpose__in": MADE_BY_PEOPLE, f"{copies}__made_at__gt": F("shared_at")}
    cut = of.filter(**since).annotate(cut=F(f"{copies}__handle"))
    new = cut.filter(~Exists(had), ~Exists(numbered))
    numbers = dict(new.order_by().values_list("case").annotate(Count("cut")))
    return [(case, numbers[case.pk]) for case in mine.filter(pk__in=numbers)]


def not_opened_in_time(viewer: Viewer, at: datetime) -> QuerySet[Share]:
    """Return what lies unopened so long that somebody should ask, of cases this viewer shares."""
    waiting = shares_for(viewer).filter(opened_at=None, revoked_at=None, until__gt=at)
    released = Q(released_at__lte=at - ASK_AFTER)
    at_once = ~Q(audience__in=NEEDS_RELEASE) & Q(made_at__lte=at - ASK_AFTER)
    mine = my_cases(viewer) if viewer.may(Permission.SHARE) else Case.objects.none()
    return waiting.filter(released | at_once, case__in=mine.values("pk")).order_by("made_at")


def _line(share: Share, at: datetime) -> Served:
    items, wishes = list(share.items.all()), list(share.wishes.all())
    facts = Facts(
        standing=share.as_rule().standing(at),
        given_at=share.released_at or share.made_at,
        opened_at=share.opened_at,
        acknowledged_at=share.acknowledged_at,
        wishes=sum(each.answered_at is None for each in wishes),
    )
    watched = sum(seconds_in(each.seen) for each in items)
    return Served(share, watched, sum(each.seconds for each in items), facts)
