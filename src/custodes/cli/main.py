"""The ``custodes`` command: one module a command, loaded when it is called."""

from __future__ import annotations

import importlib

import click

# name on the command line → module under custodes.cli that holds it
COMMANDS = {
    "up": "up",
    "worker": "work",
    "doctor": "doctor",
    "user": "user",
    "camera": "camera",
    "dock": "dock",
    "offload": "offload",
    "import": "import_files",
    "things": "things",
    "recordings": "recordings",
    "fetch": "fetch",
    "clip": "clip",
    "still": "still",
    "verify": "verify",
    "verifier": "verifier",
    "vault": "vault",
    "ledger": "ledger",
    "report": "report",
    "witness": "witness",
    "retention": "retention",
    "hold": "hold",
    "case": "case",
    "share": "share",
    "package": "package",
    "inventory": "inventory",
    "loss": "loss",
    "simulate": "simulate",
    "bench": "bench",
}


class Commands(click.Group):
    """Load a command only when it is asked for, so that help answers at once."""

    def list_commands(self, ctx: click.Context) -> list[str]:  # noqa: ARG002 - click's signature
        """Return the commands in the order a newcomer meets them."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:  # noqa: ARG002
        """Return one command."""
        if cmd_name not in COMMANDS:
            return None
        module = importlib.import_module(f"custodes.cli.{COMMANDS[cmd_name]}")
        command: click.Command = module.command
        return command


@click.command(cls=Commands, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="custodes")
def main() -> None:
    """Custodes: body-worn video evidence that anybody can check."""
