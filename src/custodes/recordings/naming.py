"""Which person, camera, place or category somebody means by what they typed.

Looked up in the small tables, never in the large one. What matches exactly is
meant alone; otherwise everything that holds the words is meant, up to a number
that keeps a search quick, and the hint says when there was more.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from django.db.models import Model, Q, QuerySet

from custodes.fleet.models import Camera
from custodes.people.models import Person
from custodes.recordings.models import Category, Place

MEANT = 12


@dataclass(frozen=True, slots=True)
class Named:
    """The keys of what was meant, and what to tell the person when some was left out."""

    keys: tuple[int | str, ...]
    hint: str = ""


@dataclass(frozen=True, slots=True)
class _Column:
    noun: str
    rows: Callable[[], QuerySet[Model]]
    exact: tuple[str, ...]
    holds: tuple[str, ...]


_COLUMNS: dict[str, _Column] = {
    "wearer": _Column(
        "people",
        lambda: Person.objects.order_by("name"),
        ("handle", "collar_number__iexact", "username__iexact", "name__iexact"),
        ("name__icontains", "collar_number__istartswith"),
    ),
    "camera": _Column(
        "cameras",
        lambda: Camera.objects.order_by("serial"),
        ("handle", "serial__iexact", "name__iexact"),
        ("serial__istartswith", "name__icontains", "model__icontains"),
    ),
    "place": _Column(
        "places",
        lambda: Place.objects.order_by("name"),
        ("name__iexact",),
        ("name__icontains",),
    ),
    "category": _Column(
        "categories",
        lambda: Category.objects.order_by("order", "code"),
        ("code__iexact", "name__iexact"),
        ("name__icontains",),
    ),
}


def meant_by(column: str, typed: str) -> Named:
    """Return which rows of a column's table were meant."""
    return _looked_up(_COLUMNS[column], typed.strip())


def named_anywhere(typed: str) -> dict[str, Named]:
    """Return what the words may mean, column by column; what means nothing is left out."""
    meanings = {name: _looked_up(column, typed) for name, column in _COLUMNS.items()}
    return {name: meant for name, meant in meanings.items() if meant.keys}


def _looked_up(column: _Column, typed: str) -> Named:
    if exact := _keys(column, column.exact, typed):
        return Named(exact)
    keys = _keys(column, column.holds, typed)
    if len(keys) <= MEANT:
        return Named(keys)
    hint = (
        f"More than {MEANT} {column.noun} match “{typed}”; only {MEANT} were searched. Type more."
    )
    return Named(keys[:MEANT], hint)


def _keys(column: _Column, lookups: tuple[str, ...], typed: str) -> tuple[int | str, ...]:
    either = Q()
    for lookup in lookups:
        either |= Q(**{lookup: typed})
    return tuple(column.rows().filter(either).values_list("pk", flat=True)[: MEANT + 1])
