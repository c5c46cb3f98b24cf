"""``custodes up``: web, docks and a worker in one process tree.

Creates everything on first start. Stops cleanly on SIGTERM or Ctrl-C; children
die with their parent, however it dies.
"""

from __future__ import annotations

import ctypes
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import click

from custodes.cli.shared import start_django
from custodes.kernel.errors import Refused

_PR_SET_PDEATHSIG = 1
_STOP_WITHIN = 20.0


class CannotStart(Refused):
    """Something this installation needs is missing or taken."""


@click.command("up")
@click.option("--home", type=click.Path(path_type=Path), help="The folder that holds everything.")
@click.option("--host", help="The address to listen on.")
@click.option("--port", type=int, help="The port to listen on.")
@click.option("--demo", is_flag=True, help="A made-up force with simulated cameras.")
@click.option("--no-worker", is_flag=True, help="Leave background work to other machines.")
@click.option("--json", "as_json", is_flag=True, help="Print the address as JSON.")
def command(
    *,
    home: Path | None,
    host: str | None,
    port: int | None,
    demo: bool,
    no_worker: bool,
    as_json: bool,
) -> None:
    """Start Custodes: pages, docks and a worker. Creates everything on first start."""
    for name, value in {"HOST": host, "PORT": port, "DEMO": "true" if demo else None}.items():
        if value is not None:
            os.environ[f"CUSTODES_{name}"] = str(value)
    if demo:
        os.environ.setdefault("CUSTODES_FORCE_NAME", "Thamesmere Police")
    start_django(home)
    from custodes.cli.first_start import prepare

    prepare()
    _say_what_is_wrong_with_the_schedule()
    run_all(_parts(demo=demo, worker=not no_worker), as_json=as_json)


def _say_what_is_wrong_with_the_schedule() -> None:
    """Say what keeps footage from being deleted; cameras are docked all the same (RET-04)."""
    from custodes.kernel.clock import now
    from custodes.retention.condition import faults_of_schedule_at

    for fault in faults_of_schedule_at(now()):
        click.echo(f"WRONG {fault} Nothing is deleted until the schedule is mended.", err=True)


def _parts(*, demo: bool, worker: bool) -> dict[str, list[str]]:
    """Return what runs beside the others, by name."""
    python = [sys.executable, "-m"]
    parts = {"server": [*python, "custodes.site.server"]}
    if worker:
        parts["worker"] = [*python, "custodes.worker"]
    if demo:
        parts["demo"] = [*python, "custodes.cli.demo"]
    return parts


def run_all(parts: dict[str, list[str]], *, as_json: bool) -> None:
    """Run the parts until told to stop or until one of them ends."""
    from django.conf import settings

    stop = _Stop()
    running = {name: _start(command) for name, command in parts.items()}
    try:
        _wait_for_server(running["server"], settings.CUSTODES, stop)
        if not stop.asked:
            _announce(settings.CUSTODES, as_json=as_json)
        while not stop.asked:
            _restart_what_ended(running, parts)
            time.sleep(0.3)
    finally:
        _stop_all(running)


class _Stop:
    """Whether somebody asked the whole tree to stop."""

    def __init__(self) -> None:
        self.asked = False
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self._ask)

    def _ask(self, *_: Any) -> None:  # noqa: ANN401 - signal's signature
        self.asked = True


def _start(command: list[str]) -> subprocess.Popen[bytes]:
    # A session of its own, so that Ctrl-C reaches the children through us, in order.
    return subprocess.Popen(command, preexec_fn=_die_with_parent, start_new_session=True)  # noqa: PLW1509, S603


def _die_with_parent() -> None:
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def _restart_what_ended(
    running: dict[str, subprocess.Popen[bytes]], parts: dict[str, list[str]]
) -> None:
    """Start a worker or the demo again when it ended; without the server there is no point."""
    for name, process in list(running.items()):
        if process.poll() is None:
            continue
        if name == "server":
            raise CannotStart(f"The server stopped by itself (status {process.returncode}).")
        click.echo(
            f"The {name} stopped (status {process.returncode}); it is started again.", err=True
        )
        time.sleep(1)
        running[name] = _start(parts[name])


def _stop_all(running: dict[str, subprocess.Popen[bytes]]) -> None:
    for process in running.values():
        process.terminate()
    until = time.monotonic() + _STOP_WITHIN
    for process in running.values():
        try:
            process.wait(max(until - time.monotonic(), 0.1))
        except subprocess.TimeoutExpired:
            process.kill()


def _wait_for_server(server: subprocess.Popen[bytes], config: Any, stop: _Stop) -> None:  # noqa: ANN401
    import httpx

    scheme = "https" if config.tls_certificate else "http"
    url = f"{scheme}://{config.host}:{config.port}/health"
    for _ in range(600):
        if stop.asked or server.poll() is not None:
            break
        try:
            if httpx.get(url, verify=False, timeout=1).status_code == 200:  # noqa: S501 - ourselves
                return
        except httpx.HTTPError:
            time.sleep(0.1)
    if not stop.asked:
        server.kill()
        raise CannotStart(f"Nothing answers at {url}.", "Is the port taken by something else?")


def _announce(config: Any, *, as_json: bool) -> None:  # noqa: ANN401
    if as_json:
        click.echo(f'{{"address": "{config.address}", "demo": {str(config.demo).lower()}}}')
        return
    click.echo(f"\nCustodes is up at {config.address}")
    if config.demo:
        from custodes.cli.first_start import DEMO_SIGN_INS

        click.echo("This is a made-up force. Sign in as:")
        for username, password, who in DEMO_SIGN_INS:
            click.echo(f"  {username:<10} {password:<24} {who}")
    click.echo("Press Ctrl-C to stop.")
