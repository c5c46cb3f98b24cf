"""``custodes hold``: keep recordings at once, list what is held, agree to let a hold go."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import click

from custodes.cli.shared import as_somebody, operating_viewer, say
from custodes.cli.shared import command as make
from custodes.kernel.clock import now
from custodes.retention.rules.holds import HoldKind, Scope

# A sample for the panel is drawn by the house, never by hand.
_KINDS = [kind.value for kind in HoldKind if kind is not HoldKind.SCRUTINY]


@make("place")
@click.argument("recordings", nargs=-1, metavar="RECORDINGS")
@click.option("--kind", type=click.Choice(_KINDS), required=True, help="What it is for.")
@click.option("--because", required=True, help="Why, in your words.")
@click.option("--authority", default="", help="The reference of the matter.")
@click.option(
    "--review-on", type=click.DateTime(["%Y-%m-%d"]), required=True, help="When to look again."
)
@click.option("--camera", multiple=True, help="Hold what this camera filmed, by its serial number.")
@click.option("--standing", is_flag=True, help="Hold what is docked later and matches, too.")
def place(
    *,
    recordings: tuple[str, ...],
    kind: str,
    because: str,
    authority: str,
    review_on: datetime,
    camera: tuple[str, ...],
    standing: bool,
    as_json: bool,
) -> None:
    """Keep RECORDINGS, and what the options reach for, until the hold is released."""
    from custodes.fleet.queries import camera_with_serial
    from custodes.retention.actions.hold import Wanted, place_hold
    from custodes.retention.queries import number_held

    cameras = frozenset(camera_with_serial(serial).handle for serial in camera)
    scope = Scope(cameras=cameras, recordings=frozenset(recordings))
    wanted = Wanted(HoldKind(kind), because, review_on.date(), scope, authority, standing)
    viewer = operating_viewer()
    hold = place_hold(viewer, wanted, at=now())
    number = number_held(viewer, hold)
    value = {"hold": hold.handle, "held": number}
    say(f"{number:,} recordings are held. The hold is {hold.handle}.", value, as_json=as_json)


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
