"""``custodes offload``: the dock agent. Runs at a dock PC; needs no server on that machine."""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

import click

from custodes.agent.client import Client
from custodes.agent.finding import Found, Group
from custodes.agent.offload import SETTLE, Offload, Outcome, key_of_server, look
from custodes.agent.state import State
from custodes.cli.shared import refuse
from custodes.kernel.errors import Refused

_STATE = Path("~/.local/state/custodes-agent")


@click.command("offload")
@click.argument("path", type=click.Path(path_type=Path, exists=True))
@click.option("--camera", required=True, help="The serial number of the camera.")
@click.option("--server", required=True, help="The address of the server.")
@click.option("--key", required=True, envvar="CUSTODES_DOCK_KEY", help="The key of this dock.")
@click.option("--keep", is_flag=True, help="Erase nothing.")
@click.option("--server-key", help="The public key receipts are signed with (receipt_key).")
@click.option("--state", type=click.Path(path_type=Path), help="Where receipts are kept.")
@click.option("--numbered", is_flag=True, help="The camera numbers its files: NAME0042.MP4.")
@click.option("--counter", type=int, help="Where the camera's own counter stands.")
@click.option(
    "--camera-log", type=click.Path(path_type=Path, exists=True), help="The camera's own log."
)
@click.option("--settle", type=float, default=SETTLE, show_default=True, hidden=True)
@click.option("--home", type=click.Path(path_type=Path), help="Keep receipts below this folder.")
@click.option("--json", "as_json", is_flag=True, help="One line of JSON a file, and a summary.")
def command(
    *,
    path: Path,
    camera: str,
    server: str,
    key: str,
    keep: bool,
    server_key: str | None,
    state: Path | None,
    numbered: bool,
    counter: int | None,
    camera_log: Path | None,
    settle: float,
    home: Path | None,
    as_json: bool,
) -> None:
    """Send what is on a camera; erase what the server has proved to hold."""
    folder = state or (home / "agent" if home else _STATE.expanduser())
    memory = State(folder.absolute(), server.rstrip("/"), camera)
    try:
        with memory.alone(), Client(server, key) as client:
            trusted, is_new = key_of_server(client, memory, server_key)
            if is_new:
                click.echo(f"Trusting the server's key on first use: {trusted}", err=True)
            groups, left = look(path.absolute(), settle=settle)
            bar = Bar(groups, quiet=as_json or not sys.stderr.isatty())
            offload = Offload(
                client, memory, trusted, keep=keep, numbered=numbered, on_bytes=bar.show
            )
            offload.announce(groups, counter=counter, log=camera_log)
            outcomes = list(left)
            for outcome in left:
                _say(outcome, as_json=as_json)
            for outcome in offload.run(groups):
                bar.clear()
                outcomes.append(outcome)
                _say(outcome, as_json=as_json)
    except Refused as refused:
        refuse(refused, as_json=as_json)
    _sum_up(outcomes, as_json=as_json)


def _say(outcome: Outcome, *, as_json: bool) -> None:
    if as_json:
        value = {
            "file": str(outcome.path),
            "state": outcome.state,
            "reason": outcome.reason,
            "size": outcome.size,
            "sha256": outcome.sha256,
            "recording": outcome.recording,
            "entry": outcome.entry,
        }
        click.echo(json.dumps(value, ensure_ascii=False))
        return
    click.echo(f"{outcome.state:<8} {outcome.path.name}  {outcome.reason}".rstrip())


def _sum_up(outcomes: list[Outcome], *, as_json: bool) -> None:
    count = dict.fromkeys(("erased", "kept", "skipped", "failed"), 0)
    for outcome in outcomes:
        count[outcome.state] += 1
    if as_json:
        click.echo(json.dumps({"summary": count}))
    else:
        click.echo(
            ", ".join(f"{number} {state}" for state, number in count.items() if number)
            or "Nothing found."
        )
    if count["failed"]:
        sys.exit(1)


class Bar:
    """One line on the terminal: files left, how much is sent, how fast."""

    def __init__(self, groups: tuple[Group, ...], *, quiet: bool) -> None:
        files = [found for group in groups for found in group.files]
        self._total = sum(found.size for found in files)
        self._sent = {found.path: 0 for found in files}
        self._sizes = {found.path: found.size for found in files}
        self._quiet = quiet
        self._began = self._shown = time.monotonic()
        self._moved = 0

    def show(self, found: Found, position: int) -> None:
        """Note how far a file is, and draw the line a few times a second."""
        self._moved += max(position - self._sent[found.path], 0)
        self._sent[found.path] = position
        now = time.monotonic()
        if self._quiet or now - self._shown < 0.2:
            return
        self._shown = now
        left = sum(self._sent[path] < size for path, size in self._sizes.items())
        done = sum(self._sent.values())
        rate = self._moved / max(now - self._began, 0.001) / 1e6
        line = (
            f"{left} files left, {done / 1e6:,.0f} of {self._total / 1e6:,.0f} MB, {rate:,.1f} MB/s"
        )
        click.echo(f"\r\x1b[2K{line}", nl=False, err=True)

    def clear(self) -> None:
        """Take the line away, so that something else can be printed."""
        if not self._quiet:
            click.echo("\r\x1b[2K", nl=False, err=True)
