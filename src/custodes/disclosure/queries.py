"""Read what was given to whom, for those who may know of the case.

A thing of a share is shown only to whoever may know of its recording, too, and a share
of which somebody may know of nothing is hidden from them.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime

from django.db.models import Count, Q, QuerySet

from custodes.cases.models import Case, Exhibit, Material
from custodes.cases.queries import cases_for, within_case
from custodes.cases.rules.material import Status
from custodes.disclosure.keeping_back import kept_from
from custodes.disclosure.models import Item, Letter, Share, Wish
from custodes.disclosure.rules.having import NEEDS_RELEASE
from custodes.disclosure.rules.letters import About
from custodes.kernel.errors import NotFound
from custodes.people.rules import Permission, Viewer
from custodes.recordings.queries import of_known


def shares_for(viewer: Viewer) -> QuerySet[Share]:
    """Return what was shared of the cases this viewer may know of, the newest first."""
    found = Share.objects.filter(case__in=cases_for(viewer)).select_related("case")
    known = Q(of_known(viewer, "items__recording"))
    return found.annotate(number=Count("items", filter=known)).filter(number__gt=0).order_by("-pk")


def shares_of(viewer: Viewer, case: Case) -> QuerySet[Share]:
    """Return what was shared of one case this viewer may know of."""
    return shares_for(viewer).filter(case=case)


def shares_older_than(viewer: Viewer, shares: QuerySet[Share], handle: str) -> QuerySet[Share]:
    """Return those of some shares that come after one in their order; all, when none is named.

    Raises NotFound for one that this viewer may not know of.
    """
    return shares.filter(pk__lt=share_for(viewer, handle).pk) if handle else shares


def share_for(viewer: Viewer, handle: str) -> Share:
    """Return one share, if this person may know that it exists."""
    found = shares_for(viewer).filter(handle=handle).first()
    if found is None:
        raise NotFound("There is no such share.")
    return found


def items_of(viewer: Viewer, share: Share) -> QuerySet[Item]:
    """Return what a share holds, as far as this viewer may know of it."""
    found = Item.objects.filter(share=share, share__case__in=cases_for(viewer))
    return found.filter(of_known(viewer)).select_related("recording")


def wishes_of(viewer: Viewer, share: Share) -> QuerySet[Wish]:
    """Return what the recipient of a share asked for, the newest first."""
    return Wish.objects.filter(share=share, share__in=shares_for(viewer).values("pk"))


def wish_for(viewer: Viewer, share: Share, handle: str) -> Wish:
    """Return one thing a recipient asked for, if this person may know of the share."""
    found = wishes_of(viewer, share).filter(handle=handle).first()
    if found is None:
        raise NotFound("Nothing like this was asked for.")
    return found


def letters_of(viewer: Viewer, share: Share) -> QuerySet[Letter]:
    """Return the e-mails to the recipient of a share, the newest first."""
    return Letter.objects.filter(share=share, share__in=shares_for(viewer).values("pk"))


def letters_that_failed(viewer: Viewer, since: datetime) -> QuerySet[Letter]:
    """Return the e-mails with a link that did not come, of cases this viewer may share."""
    mine = cases_for(viewer, Permission.SHARE).values("pk")
    found = Letter.objects.filter(share__case__in=mine, given_up_at__gt=since, tries__gt=0)
    found = found.filter(share__in=shares_for(viewer).values("pk")).exclude(about=About.CODE)
    return found.select_related("share", "share__case").order_by("-given_up_at")


def wishes_waiting(viewer: Viewer) -> QuerySet[Wish]:
    """Return what recipients asked for and nobody answered, in cases this viewer may share."""
    mine = cases_for(viewer, Permission.SHARE).values("pk")
    found = Wish.objects.filter(answered_at=None, share__case__in=mine)
    known = found.filter(share__in=shares_for(viewer).values("pk"))
    return known.select_related("share", "share__case").order_by("asked_at")


def held_back_since(viewer: Viewer, at: datetime) -> list[tuple[Share, bool]]:
    """Return the open shares with something that its case keeps from the recipient since.

    Of cases this viewer may share, each with whether it was taken away before.
    """
    changed = Material.objects.filter(Q(status=Status.SENSITIVE) | Q(taken_out_at__isnull=False))
    voided = Exhibit.objects.filter(voided_at__isnull=False)
    perhaps = Q(recording__in=changed.values("recording"))
    perhaps |= Q(recording__in=voided.values("recording"))
    mine = cases_for(viewer, Permission.SHARE).values("pk")
    open_ones = shares_for(viewer).filter(case__in=mine, revoked_at=None, until__gt=at)
    items = Item.objects.filter(perhaps, share__in=open_ones.values("pk"))
    items = items.filter(of_known(viewer))
    of: dict[Share, list[Item]] = defaultdict(list)
    for item in items.select_related("share", "share__case", "recording"):
        of[item.share].append(item)
    found = []
    for share, own in of.items():
        if kept := kept_from(share, own):
            found.append((share, any(each.taken_at for each in own if each.pk in kept)))
    return found


def to_release(viewer: Viewer, at: datetime) -> QuerySet[Share]:
    """Return what waits for this very person, or another who may, to release it."""
    mine = cases_for(viewer, Permission.RELEASE).values("pk")
    found = shares_for(viewer).filter(case__in=mine, audience__in=NEEDS_RELEASE)
    found = found.filter(released_at=None, revoked_at=None, until__gt=at)
    return found.exclude(maker=viewer.person)


def may_share_of(viewer: Viewer, case: Case) -> bool:
    """Say whether this viewer may share what is in a case."""
    return within_case(viewer, Permission.SHARE, case)


def may_release_of(viewer: Viewer, case: Case) -> bool:
    """Say whether this viewer may release something of a case to the defence."""
    return within_case(viewer, Permission.RELEASE, case)
