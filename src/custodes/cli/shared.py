"""What every command shares: --home, --json, and how refusals and results are printed."""

from __future__ import annotations

import functools
import getpass
import json
import os
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from custodes.custody.rules import Actor
from custodes.kernel.errors import Refused
from custodes.people.rules import Role, Viewer


def command(name: str, **settings: Any) -> Callable[[Callable[..., Any]], click.Command]:  # noqa: ANN401
    """Make a function a command with --home and --json that prints refusals as sentences.

    The function is called once Django is up, with ``as_json`` among its arguments.
    """

    def decorate(function: Callable[..., Any]) -> click.Command:
        @click.option(
            "--home", type=click.Path(path_type=Path), help="The folder that holds everything."
        )
        @click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
        @functools.wraps(function)
        def run(home: Path | None, as_json: bool, **arguments: Any) -> Any:  # noqa: ANN401
            start_django(home)
            try:
                make_sure_of_tables()
                return function(as_json=as_json, **arguments)
            except Refused as refused:
                note_if_withheld(refused, name)
                refuse(refused, as_json=as_json)

        named: Callable[..., click.Command] = click.command(name, help=function.__doc__, **settings)
        return named(run)

    return decorate


def as_somebody(function: Callable[..., Any]) -> Callable[..., Any]:
    """Ask a command for what the sign-in page asks for; factors.person_who_signs_in answers."""
    for option in (
        click.option(
            "--code", default="", envvar="CUSTODES_CODE", help="What their app shows, if any."
        ),
        click.option(
            "--password",
            prompt=True,
            hide_input=True,
            envvar="CUSTODES_PASSWORD",
            help="Their password.",
        ),
        click.option("--as", "username", required=True, help="Who agrees: their user name."),
    ):
        function = option(function)
    return function


def start_django(home: Path | None) -> None:
    """Bring the settings of an installation and Django up."""
    if home is not None:
        os.environ["CUSTODES_HOME"] = str(home.resolve())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "custodes.site.settings")
    import django

    django.setup()


def make_sure_of_tables() -> None:
    """Create the tables of a home folder in which nothing was ever started."""
    from django.db import connection

    if "custody_entry" not in connection.introspection.table_names():
        from custodes.cli.first_start import prepare

        prepare()


def operator() -> Actor:
    """Return whoever runs the command, by their name on this machine."""
    return Actor(handle="", name=f"{getpass.getuser()} at the server", door="cli")


def operating_viewer(role: Role = Role.EVIDENCE_UNIT) -> Viewer:
    """Return whoever runs the command as somebody who may see everything such a role may.

    Who has a shell on the server has the database; what can be done is to put
    every read they make through Custodes on the record.
    """
    actor = operator()
    return Viewer(0, actor.handle, actor.name, frozenset({role}), None, actor.door)


def note_if_withheld(refused: Refused, asked: str) -> None:
    """Put on record that a command asked for a recording that a lock keeps from the server too."""
    from custodes.kernel.clock import now
    from custodes.recordings.actions.lock import note_withheld
    from custodes.recordings.errors import Withheld

    if isinstance(refused, Withheld):
        note_withheld(operating_viewer(), refused.recording, f"custodes {asked}", at=now())


def and_held(kind: str | None) -> str:
    """Return the sentence that what was just done holds the recording; empty if it does not."""
    return f" A hold was placed ({kind}): nothing deletes it until it is released." if kind else ""


def say(text: str, value: object, *, as_json: bool) -> None:
    """Print a result: the sentence for a person, or the value as JSON for a program."""
    click.echo(json.dumps(value, ensure_ascii=False, default=str) if as_json else text)


def refuse(refused: Refused, *, as_json: bool, status: int = 1) -> None:
    """Print a refusal where it belongs and leave with a status that says so."""
    value = {"refused": refused.reason, "advice": refused.advice}
    click.echo(json.dumps(value) if as_json else refused.in_full(), err=not as_json)
    sys.exit(status)
