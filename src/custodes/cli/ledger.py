"""``custodes ledger``: the log, for whoever runs it and whoever watches it."""

from __future__ import annotations

import click

from custodes.cli.ledger_census import census
from custodes.cli.ledger_export import export, prove, status
from custodes.cli.ledger_keeping import policy, recover, rotate_key, successor
from custodes.cli.ledger_monitor import monitor
from custodes.cli.ledger_package import package

command = click.Group(
    "ledger",
    commands=[
        status,
        export,
        prove,
        policy,
        rotate_key,
        census,
        monitor,
        package,
        recover,
        successor,
    ],
    help="The custody log.",
)
