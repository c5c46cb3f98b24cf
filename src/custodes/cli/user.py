"""``custodes user``: the first accounts."""

from __future__ import annotations

import click

from custodes.cli.shared import command as make
from custodes.cli.shared import operator, say
from custodes.kernel.clock import now
from custodes.people.rules import Role


@make("add")
@click.argument("name")
@click.option(
    "--role",
    "roles",
    multiple=True,
    required=True,
    type=click.Choice([role.value for role in Role]),
)
@click.option("--username", help="What they sign in with; by default their name in small letters.")
@click.option("--number", default="", help="Their collar or warrant number.")
@click.option("--team", default="", help="The team they belong to.")
@click.password_option(help="Their first password; asked for when not given.")
def add(
    name: str,
    roles: tuple[str, ...],
    username: str | None,
    number: str,
    team: str,
    password: str,
    *,
    as_json: bool,
) -> None:
    """Make an account for NAME."""
    from custodes.people.actions import add_person

    username = username or name.lower().replace(" ", ".")
    person = add_person(
        username,
        name,
        [Role(role) for role in roles],
        password=password,
        by=operator(),
        at=now(),
        collar_number=number,
        team=team,
    )
    value = {"username": person.username, "name": person.name, "roles": list(roles)}
    say(f"{person.name} can sign in as {person.username}.", value, as_json=as_json)


command = click.Group("user", commands=[add], help="People with accounts.")
