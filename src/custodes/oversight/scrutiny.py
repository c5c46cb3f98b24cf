"""Read samples and what was given out of them, for those whose business they are."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Count, Q, QuerySet

from custodes.kernel.errors import NotFound
from custodes.oversight.models import Allotment, Sample, Sampled
from custodes.people.models import Person
from custodes.people.rules import Permission, Role, Viewer


def is_of_the_panel(viewer: Viewer) -> bool:
    """Say whether this person sits on the scrutiny panel."""
    return Role.PANEL in viewer.roles


def has_scrutiny(viewer: Viewer) -> bool:
    """Say whether the panel's page is any business of this person."""
    return is_of_the_panel(viewer) or viewer.may(Permission.ALLOT_SAMPLES)


def samples_for(viewer: Viewer) -> QuerySet[Sample]:
    """Return the samples, the newest first, with how many were drawn and judged."""
    if not viewer.may(Permission.ALLOT_SAMPLES):
        return Sample.objects.none()
    judged = Count("drawn__allotments", filter=Q(drawn__allotments__said_at__isnull=False))
    counted = Sample.objects.annotate(number=Count("drawn", distinct=True), judged=judged)
    return counted.defer("document").order_by("-day")


def sample_for(viewer: Viewer, handle: str) -> Sample:
    """Return one sample; raises NotFound for who gives none out."""
    found = samples_for(viewer).filter(handle=handle).first()
    if found is None:
        raise NotFound("There is no such sample.")
    return found


def drawn_in(viewer: Viewer, sample: Sample) -> list[Sampled]:
    """Return what was drawn, with whom it was given to."""
    if not viewer.may(Permission.ALLOT_SAMPLES):
        return []
    drawn = sample.drawn.select_related("recording", "hold").order_by("stratum", "pk")
    return list(drawn.prefetch_related("allotments__person"))


def panel_for(viewer: Viewer) -> QuerySet[Person]:
    """Return who sits on the panel, for those who give samples out."""
    if not viewer.may(Permission.ALLOT_SAMPLES):
        return Person.objects.none()
    return Person.objects.filter(grants__role=Role.PANEL, is_active=True).order_by("name")


def allotted_to(viewer: Viewer, at: datetime) -> list[Allotment]:
    """Return what this person was given to look at and still may, and what they have judged."""
    mine = Allotment.objects.filter(
        Q(until__gt=at) | Q(said_at__isnull=False), person=viewer.person
    )
    return list(mine.select_related("sampled__recording").order_by("said_at", "until"))


def allotment_for(viewer: Viewer, pk: int, at: datetime) -> Allotment:
    """Return one of them; raises NotFound for what was given to somebody else, or is over."""
    found = next((each for each in allotted_to(viewer, at) if each.pk == pk), None)
    if found is None:
        raise NotFound("There is no such recording for you to look at.")
    return found
