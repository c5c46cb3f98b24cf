"""Which recordings were filmed in an area, as one condition for the table.

The position of a recording is where it began: the dock's word, or the first point of the
track in its film. One without a position is in no area.
"""

from __future__ import annotations

from collections.abc import Iterable
from math import cos, radians

from django.db.models import FloatField, Q, Value
from django.db.models.expressions import Combinable, ExpressionWrapper
from django.db.models.functions import Cos, Radians, Sin
from django.db.models.lookups import LessThanOrEqual

from custodes.kernel.areas import Area, Position
from custodes.recordings.models import Recording


def position_of(recording: Recording) -> Position | None:
    """Return where a recording began, or None when nobody knows."""
    if recording.latitude is None or recording.longitude is None:
        return None
    return recording.latitude, recording.longitude


def in_any_box(areas: Iterable[Area]) -> Q:
    """Return the condition that a recording may be in one of the areas; the rule says if it is."""
    found = Q(pk__in=())
    for area in areas:
        found |= _in_box(area)
    return found


def in_any(areas: Iterable[Area]) -> Q:
    """Return the condition that a recording is in one of the areas, by ``Area.holds``."""
    found = Q(pk__in=())
    for area in areas:
        near = LessThanOrEqual(_haversine_from(area), Value(area.reach))
        found |= _in_box(area) & Q(near)
    return found


def _in_box(area: Area) -> Q:
    box = area.box()
    beside = Q()
    for stretch in box.longitudes:
        beside |= Q(longitude__range=stretch)
    return Q(latitude__range=(box.south, box.north)) & beside


def _haversine_from(area: Area) -> Combinable:
    """Return ``kernel.areas.haversine`` in the words of the database."""
    north, east = radians(area.latitude), radians(area.longitude)
    up = _half(Radians("latitude") - Value(north))
    across = _half(Radians("longitude") - Value(east))
    return ExpressionWrapper(
        up * up + Value(cos(north)) * Cos(Radians("latitude")) * across * across,
        output_field=FloatField(),
    )


def _half(angle: Combinable) -> Sin:
    return Sin(ExpressionWrapper(angle / Value(2.0), output_field=FloatField()))
