"""``custodes witness``: cosign the logs of others. Needs no installation and no Django."""

from __future__ import annotations

import functools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click

from custodes.cli.shared import refuse, say
from custodes.kernel.errors import Refused
from custodes.ledger.keys import KeyInvalid, VerifierKey


class NotAKey(Refused):
    """What was given is not a verifier key that may be trusted."""

    advice = "Ask the log's operator for the line that custodes ledger policy prints."


def _command(name: str) -> Callable[[Callable[..., Any]], click.Command]:
    """Make a function a command on a witness's home folder, with --json and refusals."""

    def decorate(function: Callable[..., Any]) -> click.Command:
        @click.option(
            "--home",
            type=click.Path(path_type=Path),
            default=Path("custodes-witness"),
            envvar="CUSTODES_WITNESS_HOME",
            show_default=True,
            help="The folder of this witness: keys, what it cosigned, evidence.",
        )
        @click.option("--json", "as_json", is_flag=True, help="Print the result as JSON.")
        @functools.wraps(function)
        def run(home: Path, as_json: bool, **arguments: Any) -> Any:  # noqa: ANN401
            try:
                return function(home=home.resolve(), as_json=as_json, **arguments)
            except Refused as refused:
                refuse(refused, as_json=as_json)

        return click.command(name, help=function.__doc__)(run)

    return decorate


@_command("key")
@click.option("--name", help="What this witness is called; needed the first time.")
def key(*, home: Path, name: str | None, as_json: bool) -> None:
    """Print the public keys of this witness; with --name, make them first."""
    from custodes.witness.keys import make_keys, signers

    if name:
        make_keys(home, name)
    found = [str(signer.verifier) for signer in signers(home)]
    say("\n".join(found), {"keys": found}, as_json=as_json)


@_command("add-log")
@click.argument("vkey")
def add_log(vkey: str, *, home: Path, as_json: bool) -> None:
    """Cosign, from now on, for the log whose public key is VKEY."""
    from custodes.witness.memory import Memory

    try:
        parsed = VerifierKey.parse(vkey)
        Memory(home).watch(parsed)
    except KeyInvalid as error:
        raise NotAKey(f"{error}.") from None
    said = f"Checkpoints of {parsed.name} that this key signed are cosigned now."
    say(said, {"log": parsed.name, "key": str(parsed)}, as_json=as_json)


@_command("serve")
@click.option("--host", default="127.0.0.1", show_default=True, help="The address to listen on.")
@click.option("--port", default=8085, show_default=True, help="The port to listen on.")
def serve(*, home: Path, host: str, port: int, as_json: bool) -> None:
    """Answer logs that ask for cosignatures, until stopped."""
    from custodes.witness.keys import signers
    from custodes.witness.wsgi import serve as run

    name = signers(home)[0].name
    address = f"http://{host}:{port}"
    say(f"{name} witnesses at {address}", {"name": name, "address": address}, as_json=as_json)
    run(home, host, port)


@_command("evidence")
def evidence(*, home: Path, as_json: bool) -> None:
    """Print what was kept of logs that did not only grow: both signed checkpoints of each."""
    from custodes.witness.evidence import kept

    cases = kept(home)
    texts = [
        f"Case {case.name}, kept {case.why}\n--- cosigned here before ---\n{case.cosigned}\n"
        f"--- refused ---\n{case.refused}"
        for case in cases
    ]
    value = [
        {"name": c.name, "why": c.why, "cosigned": c.cosigned, "refused": c.refused} for c in cases
    ]
    say("\n".join(texts) or "There is no evidence against any log.", value, as_json=as_json)


command = click.Group(
    "witness", commands=[key, add_log, serve, evidence], help="Cosign the logs of others."
)
