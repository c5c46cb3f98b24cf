"""``custodes dock``: the docks that may bring footage, and what a maker's manager needs of us."""

from __future__ import annotations

import json

import click

from custodes.cli.shared import command as make
from custodes.cli.shared import operator, say
from custodes.fleet.rules import Container, DockKind
from custodes.kernel.clock import now, rfc3339


@make("add")
@click.argument("name")
@click.option(
    "--kind",
    type=click.Choice([kind.value for kind in DockKind]),
    default="axis",
    show_default=True,
    help="A maker's controller, or the dock agent on a PC.",
)
@click.option("--url", default="", help="Where the dock reaches this server, if not as set.")
@click.option(
    "--container",
    type=click.Choice([container.value for container in Container]),
    default="mkv",
    show_default=True,
    help="The file format the cameras deliver. It cannot be changed later.",
)
@click.option(
    "--encryption", is_flag=True, help="Have cameras encrypt for us. It cannot be undone later."
)
def add(name: str, kind: str, url: str, container: str, *, encryption: bool, as_json: bool) -> None:
    """Enrol the dock NAME and print its connection file, which holds its key.

    The key is shown this once only: keep the file safe, and delete it once the
    maker's manager has taken it in.
    """
    if kind == DockKind.AGENT:
        _add_agent(name, url, as_json=as_json)
    else:
        _add_axis(name, url, container, encryption=encryption)


def _add_agent(name: str, url: str, *, as_json: bool) -> None:
    from django.conf import settings

    from custodes.fleet.actions import add_dock
    from custodes.intake.receipts import receipt_key

    _, key = add_dock(name, DockKind.AGENT, by=operator(), at=now())
    value = {
        "name": name,
        "server": url or settings.CUSTODES.address,
        "key": key,
        "receipt_key": receipt_key(),
    }
    text = "\n".join(f"{what:<12} {shown}" for what, shown in value.items())
    say(text, value, as_json=as_json)


def _add_axis(name: str, url: str, container: str, *, encryption: bool) -> None:
    from django.db import transaction

    from custodes.custody.encryption_key import camera_key
    from custodes.fleet.actions import add_dock
    from custodes.fleet.connection_file import connection_file

    encrypt_for = camera_key() if encryption else None
    with transaction.atomic():  # a dock whose file cannot be made is not enrolled
        _, key = add_dock(name, DockKind.AXIS, by=operator(), at=now())
        file = connection_file(
            name, key, url=url, container=Container(container), encrypt_for=encrypt_for
        )
    # The file is JSON whether or not a program asked for it.
    click.echo(json.dumps(file, indent=2, ensure_ascii=False))


@make("list")
def list_docks(*, as_json: bool) -> None:
    """List the docks in use, with when each was last heard of and what it said."""
    from custodes.fleet.queries import docks_in_use

    docks = [
        {
            "name": dock.name,
            "kind": dock.kind,
            "heard_at": rfc3339(dock.heard_at) if dock.heard_at else None,
            "last_words": dock.last_words,
        }
        for dock in docks_in_use()
    ]
    lines = [
        f"{each['name']:<24} {each['kind']:<6} {each['heard_at'] or 'never heard of':<25} "
        f"{each['last_words']}"
        for each in docks
    ]
    say("\n".join(lines) or "No dock is enrolled.", docks, as_json=as_json)


command = click.Group("dock", commands=[add, list_docks], help="Docks that bring footage.")
