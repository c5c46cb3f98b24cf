"""``custodes hold``: keep recordings at once, list what is held, agree to let a hold go."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import click

from custodes.cli.shared import as_somebody, operating_viewer, say
from custodes.cli.shared import command as make
from custodes.kernel.areas import Area, area_around
from custodes.kernel.clock import now
from custodes.kernel.ids import handles_in
from custodes.kernel.spans import Span
from custodes.retention.rules.holds import HoldKind, Scope, fault_of_days, span_of_days

# A sample for the panel is drawn by the house, never by hand.
_KINDS = [kind.value for kind in HoldKind if kind is not HoldKind.SCRUTINY]


_DAY = click.DateTime(["%Y-%m-%d"])


@make("place")
@click.argument("recordings", nargs=-1, metavar="RECORDINGS")
@click.option("--kind", type=click.Choice(_KINDS), required=True, help="What it is for.")
@click.option("--because", required=True, help="Why, in your words.")
@click.option("--authority", default="", help="The reference of the matter.")
@click.option("--review-on", type=_DAY, required=True, help="When to look again.")
@click.option("--camera", multiple=True, help="Hold what this camera filmed, by its serial number.")
@click.option(
    "--person", multiple=True, help="Hold what they filmed, by collar number or user name."
)
@click.option("--place", "places", multiple=True, help="Hold what was filmed at this place.")
@click.option("--near", metavar="LAT,LON", help="Hold what was filmed around this position.")
@click.option("--metres", type=int, default=500, show_default=True, help="And so near to it.")
@click.option("--filmed-from", type=_DAY, help="Hold what was filmed from this day on.")
@click.option("--filmed-to", type=_DAY, help="And to this day, that day included.")
@click.option("--standing", is_flag=True, help="Hold what is docked later and matches, too.")
@click.option("--only-count", is_flag=True, help="Say how many it would keep today; place nothing.")
def place(
    *,
    recordings: tuple[str, ...],
    kind: str,
    because: str,
    authority: str,
    review_on: datetime,
    camera: tuple[str, ...],
    person: tuple[str, ...],
    places: tuple[str, ...],
    near: str | None,
    metres: int,
    filmed_from: datetime | None,
    filmed_to: datetime | None,
    standing: bool,
    only_count: bool,
    as_json: bool,
) -> None:
    """Keep RECORDINGS, and what the options reach for, until the hold is released.

    RECORDINGS are kept in any case. Camera, person, place, position and days narrow one another.
    """
    from custodes.fleet.queries import camera_with_serial
    from custodes.retention.actions.hold import Wanted, place_hold
    from custodes.retention.queries import number_held, number_in_reach

    scope = Scope(
        span=_span(filmed_from, filmed_to),
        wearers=frozenset(map(_wearer, person)),
        cameras=frozenset(camera_with_serial(serial).handle for serial in camera),
        places=frozenset(filter(None, (each.strip() for each in places))),
        recordings=frozenset(name for each in recordings for name in handles_in(each) or [each]),
        areas=_areas(near, metres),
    )
    viewer = operating_viewer()
    if only_count:
        number = number_in_reach(viewer, scope)
        told = f"Recordings it would keep today: {number:,}. Nothing was placed."
        say(told, {"hold": None, "held": number}, as_json=as_json)
        return
    wanted = Wanted(HoldKind(kind), because, review_on.date(), scope, authority, standing)
    hold = place_hold(viewer, wanted, at=now())
    number = number_held(viewer, hold)
    value = {"hold": hold.handle, "held": number}
    say(f"Recordings held: {number:,}. The hold is {hold.handle}.", value, as_json=as_json)


def _wearer(called: str) -> str:
    """Return the handle of the one person who goes by this; raises HoldRefused."""
    from custodes.people.queries import person_called
    from custodes.retention.errors import HoldRefused

    person = person_called(called) if called.strip() else None
    if person is None:
        raise HoldRefused(
            f"Nobody, or more than one person, goes by {called}.",
            "Nothing is held by this. Give a collar number or a user name, and try again.",
        )
    return person.handle


def _areas(near: str | None, metres: int) -> frozenset[Area]:
    """Return the circle around a position, if one was given; raises HoldRefused."""
    from custodes.retention.errors import HoldRefused

    if near is None:
        return frozenset()
    try:
        return frozenset({area_around(near, metres)})
    except ValueError as fault:
        raise HoldRefused(
            str(fault), "Nothing is held by this. Correct it, and try again."
        ) from None


def _span(first: datetime | None, last: datetime | None) -> Span | None:
    """Return the days it was filmed on; raises HoldRefused for a stretch that is none."""
    from django.utils.timezone import get_current_timezone

    from custodes.retention.errors import HoldRefused

    days = first and first.date(), last and last.date()
    if fault := fault_of_days(*days):
        raise HoldRefused(fault, "Nothing is held by this. Give both days, and try again.")
    if days[0] is None or days[1] is None:
        return None
    return span_of_days(days[0], days[1], get_current_timezone())


@make("renew")
@click.argument("hold")
@click.option("--because", required=True, help="Why it is still needed.")
@click.option(
    "--review-on", type=click.DateTime(["%Y-%m-%d"]), required=True, help="When to look again."
)
def renew(*, hold: str, because: str, review_on: datetime, as_json: bool) -> None:
    """Say that HOLD is still needed, and when somebody looks again. Nothing else changes."""
    from custodes.retention.actions.hold import renew_hold
    from custodes.retention.queries import hold_for

    viewer = operating_viewer()
    renewed = renew_hold(viewer, hold_for(viewer, hold), because, review_on.date(), at=now())
    value = {"hold": renewed.handle, "review_on": renewed.review_on}
    say(f"It is looked at again on {renewed.review_on}.", value, as_json=as_json)


@make("release")
@click.argument("hold")
@as_somebody
@click.option("--because", required=True, help="Why it may go.")
@click.option("--reference", default="", help="The police watchdog's reference, for a DSI.")
@click.option("--all-closed", is_flag=True, help="Inquest, criminal and civil matters are closed.")
@click.option(
    "--outcome-on",
    type=click.DateTime(["%Y-%m-%d"]),
    help="When the appeal, or the application to the CCRC, was decided.",
)
def release(
    *,
    hold: str,
    username: str,
    password: str,
    code: str,
    because: str,
    reference: str,
    all_closed: bool,
    outcome_on: datetime | None,
    as_json: bool,
) -> None:
    """Agree, as a person with the role, that HOLD may go. Some holds take two people.

    It asks for what the sign-in page asks for: a password, and a second factor.
    """
    from custodes.cli.factors import person_who_signs_in
    from custodes.retention.actions.hold import agree_to_release
    from custodes.retention.queries import hold_for

    viewer = person_who_signs_in(username, password, code).as_viewer("cli")
    missing = agree_to_release(
        viewer,
        hold_for(viewer, hold),
        because,
        reference=reference,
        all_closed=all_closed,
        outcome_on=outcome_on.date() if outcome_on is not None else None,
        at=now(),
    )
    value = {"released": not missing, "missing": missing}
    said = f"Your agreement is kept. {' '.join(missing)}" if missing else "The hold was released."
    say(said, value, as_json=as_json)


@make("list")
def list_holds(*, as_json: bool) -> None:
    """List the holds, newest first, with how many recordings each keeps that are still here."""
    from custodes.retention.queries import holds_for, numbers_held

    viewer = operating_viewer()
    at, holds = now(), list(holds_for(viewer))
    numbers = numbers_held(viewer, holds)
    found = [
        {
            "hold": hold.handle,
            "kind": hold.kind,
            "reason": hold.reason,
            "placed_by": hold.placed_by,
            "placed_at": hold.placed_at,
            "released_at": hold.released_at,
            "until": hold.until,
            "binds": hold.as_rule().binds(at),
            "held": numbers.get(hold.pk, 0),
        }
        for hold in holds
    ]
    lines = [
        f"{each['hold']}  {each['kind']:<12} {each['held']:>6} recordings  "
        f"{_state(each):<8}  {each['reason']}"
        for each in found
    ]
    say("\n".join(lines) or "There are no holds.", found, as_json=as_json)


def _state(hold: Mapping[str, object]) -> str:
    if hold["released_at"]:
        return "released"
    return "binds" if hold["binds"] else "ended"


command = click.Group("hold", commands=[place, renew, release, list_holds], help="Keep recordings.")
