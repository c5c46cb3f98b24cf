"""The words this door takes: handles, texts, days and parts of a list, each with its bounds."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date, datetime, time, timedelta
from typing import Annotated, TypeVar

from django.utils.timezone import make_aware
from ninja import Query, Schema
from pydantic import AfterValidator, ConfigDict, Field, StringConstraints

from custodes.kernel.errors import NotFound

Row = TypeVar("Row")

Handle = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{22}$")]
# PostgreSQL takes no NUL in text.
Text = Annotated[str, StringConstraints(pattern=r"^[^\x00]*$", max_length=4000)]
Seconds = Annotated[float, Field(ge=0, le=1_000_000, allow_inf_nan=False)]
Limit = Annotated[int, Query(ge=1, le=200, description="How many at most.")]
Cursor = Annotated[
    str,
    Query(pattern=r"^[A-Za-z0-9_-]{0,64}$", description="The `next` of the part before, or empty."),
]


def _within_the_calendar(day: date) -> date:
    # Neither end of the calendar can be moved by a day or into another zone.
    if not 1 < day.year < 9999:
        raise ValueError("not a day anything was filmed or given")
    return day


Day = Annotated[date, AfterValidator(_within_the_calendar)]


class Sent(Schema):
    """What a program sends; a field with another name is refused, not passed over."""

    model_config = ConfigDict(extra="forbid")


def start_of(day: date) -> datetime:
    """Return the moment a day begins by the force's clock."""
    return make_aware(datetime.combine(day, time.min))


def end_of(day: date) -> datetime:
    """Return the moment a day ends by the force's clock."""
    return start_of(day + timedelta(days=1))


def part_of(
    rows: Sequence[Row], name: Callable[[Row], str], cursor: str, limit: int
) -> tuple[Sequence[Row], str]:
    """Return the rows after the one that the cursor names, and the cursor to go on from.

    Raises NotFound for a cursor that names none: what it named has gone, or never was.
    """
    begin = 0
    if cursor:
        place = next((at for at, row in enumerate(rows) if name(row) == cursor), None)
        if place is None:
            raise NotFound("There is no such part of this list.", "Begin at its first part.")
        begin = place + 1
    part = rows[begin : begin + limit]
    more = len(rows) > begin + limit
    return part, name(part[-1]) if more and part else ""
