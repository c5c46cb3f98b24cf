"""``custodes things``: what was seized and is to be returned, and what became of it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

import click

from custodes.cli.shared import as_somebody, operating_viewer, say
from custodes.cli.shared import command as make
from custodes.kernel.clock import now
from custodes.recordings.origins import is_asked_for


@make("list")
@click.option("--all", "everything", is_flag=True, help="Those that went back, too.")
def list_things(*, everything: bool, as_json: bool) -> None:
    """List what was seized and has not gone back, the oldest first."""
    from django.utils.timezone import localtime

    from custodes.recordings.things import copies_of, not_returned, things_for

    viewer = operating_viewer()
    today = localtime(now()).date()
    found = [
        {
            "thing": each.handle,
            "what": each.what,
            "from": each.taken_from,
            "since": each.since,
            "look_on": each.look_on,
            "returned_on": each.returned_on,
            "asked_for": is_asked_for(each.look_on, each.returned_on, today),
            "recordings": list(copies_of(viewer, each).values_list("handle", flat=True)),
        }
        for each in (things_for(viewer) if everything else not_returned(viewer))
    ]
    lines = [f"{each['thing']}  {_stands(each):<28}  {each['what']}" for each in found]
    text = "\n".join(lines) or "Nothing that was seized waits to be returned."
    say(text, found, as_json=as_json)


@make("return")
@click.argument("thing")
@as_somebody
@click.option(
    "--on",
    "day",
    type=click.DateTime(["%Y-%m-%d"]),
    required=True,
    help="The day on which it went back.",
)
@click.option("--to", required=True, help="To whom it was returned.")
def give_back(
    *, thing: str, username: str, password: str, code: str, day: datetime, to: str, as_json: bool
) -> None:
    """Enter, by name, that THING went back to whom it belongs. Its copies stay."""
    from custodes.cli.factors import person_who_signs_in
    from custodes.recordings.actions.things import return_thing

    viewer = person_who_signs_in(username, password, code).as_viewer("cli")
    gone = return_thing(viewer, thing, day.date(), to, at=now())
    value = {"thing": gone.handle, "returned_on": gone.returned_on}
    said = "It is entered that it went back. Its copies stay what they are."
    say(said, value, as_json=as_json)


@make("keep")
@click.argument("thing")
@as_somebody
@click.option("--because", required=True, help="Why the thing itself is needed, and no copy does.")
@click.option(
    "--look-on", type=click.DateTime(["%Y-%m-%d"]), required=True, help="When to look again."
)
def keep(
    *,
    thing: str,
    username: str,
    password: str,
    code: str,
    because: str,
    look_on: datetime,
    as_json: bool,
) -> None:
    """Say, by name, why THING itself must be kept, and when somebody looks again."""
    from custodes.cli.factors import person_who_signs_in
    from custodes.recordings.actions.things import keep_thing

    viewer = person_who_signs_in(username, password, code).as_viewer("cli")
    kept = keep_thing(viewer, thing, because, look_on.date(), at=now())
    value = {"thing": kept.handle, "look_on": kept.look_on}
    say(f"It is looked at again on {kept.look_on}.", value, as_json=as_json)


def _stands(each: Mapping[str, object]) -> str:
    if each["returned_on"]:
        return f"went back on {each['returned_on']}"
    return "to be returned" if each["asked_for"] else f"kept, look again {each['look_on']}"


command = click.Group(
    "things", commands=[list_things, give_back, keep], help="Give back what was seized."
)
