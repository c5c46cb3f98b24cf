"""Clips that were made exhibits and have not been given to the prosecutor yet."""

from __future__ import annotations

from django.db.models import Exists, OuterRef, Q, QuerySet

from custodes.cases.models import Exhibit
from custodes.cases.queries import cases_for
from custodes.cases.rules.audiences import Audience
from custodes.cases.rules.proceeding import OUTCOMES
from custodes.disclosure.models import Item
from custodes.people.rules import Permission, Reach, Viewer
from custodes.recordings.queries import of_known


def waiting_to_be_served(viewer: Viewer) -> QuerySet[Exhibit]:
    """Return the clips that wait in cases this viewer may know of, the oldest first.

    What was called back waits again: the prosecutor has it no more.
    """
    given = Item.objects.filter(
        copy=OuterRef("clip"),
        share__case=OuterRef("case"),
        share__audience=Audience.PROSECUTOR,
        share__revoked_at=None,
    )
    exhibits = Exhibit.objects.filter(~Q(clip=""), voided_at=None)
    exhibits = exhibits.filter(of_known(viewer), case__in=cases_for(viewer))
    exhibits = exhibits.exclude(case__state__in=OUTCOMES).exclude(Exists(given))
    return exhibits.select_related("case", "recording").order_by("made_at", "pk")


def is_asked_to_serve(viewer: Viewer) -> bool:
    """Say whether somebody serves clips, or looks after those who do: their own, a team, all."""
    return viewer.may(Permission.SHARE) or viewer.reach(Permission.ASSIGN_CASES) >= Reach.TEAM
