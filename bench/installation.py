"""A real installation in a folder of its own, run as a person would run it.

Everything happens through the ``custodes`` command that the wheel installed, in
processes of its own; tests reach it over loopback like a camera or a browser.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx

from .home import lay_tables

_FIRST_START = """
import django
django.setup()
from custodes.cli.first_start import prepare
prepare()
"""


def free_port() -> int:
    """Return a port nobody listens on just now."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        port: int = listener.getsockname()[1]
        return port


class Installation:
    """One home folder with its settings, and the server that runs on it."""

    def __init__(self, home: Path, *, tables: Path | None = None, **settings: object) -> None:
        self.home = home
        self._is_begun = not lay_tables(home, tables)
        self.port = free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self._settings = {f"CUSTODES_{k.upper()}": str(v) for k, v in settings.items()}
        self._server: subprocess.Popen[bytes] | None = None
        self.log = home.parent / f"{home.name}.log"

    def environment(self) -> dict[str, str]:
        """Return the environment its commands run in."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("CUSTODES_", "DJANGO_"))}
        own = {"CUSTODES_HOME": str(self.home), "CUSTODES_PORT": str(self.port)}
        return {**kept, "CUSTODES_MINIMUM_FREE_BYTES": "0", **own, **self._settings}

    @property
    def pid(self) -> int:
        """Return the process id of the running tree's root."""
        assert self._server is not None
        return self._server.pid

    def run(self, *arguments: str, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run ``custodes`` with these arguments and return how it ended."""
        self._begin()
        command = [str(Path(sys.executable).parent / "custodes"), *arguments]
        done = subprocess.run(
            command,
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        if check and done.returncode:
            raise AssertionError(
                f"{arguments} ended with {done.returncode}:\n{done.stdout}{done.stderr}"
            )
        return done

    def json(self, *arguments: str) -> Any:  # noqa: ANN401 - whatever the command prints
        """Run a command with --json and return what it printed."""
        return json.loads(self.run(*arguments, "--json").stdout)

    def start(self, *arguments: str) -> Installation:
        """Run ``custodes up`` and wait until it answers."""
        self._is_begun = True
        command = [str(Path(sys.executable).parent / "custodes"), "up", *arguments]
        with self.log.open("ab") as log:
            self._server = subprocess.Popen(
                command, env=self.environment(), stdout=log, stderr=log, start_new_session=True
            )
        self._wait()
        return self

    def kill(self) -> None:
        """Kill the whole tree at once, as a power cut would (kill -9, no warning)."""
        assert self._server is not None
        for pid in [self._server.pid, *_descendants(self._server.pid)]:
            _signal(pid, signal.SIGKILL)
        self._server.wait()
        self._server = None

    def stop(self) -> int:
        """Stop it as an operator would and return its exit status."""
        if self._server is None:
            return 0
        self._server.send_signal(signal.SIGTERM)
        try:
            status = self._server.wait(30)
        except subprocess.TimeoutExpired:
            self.kill()
            raise
        self._server = None
        return status

    def _begin(self) -> None:
        """Begin the log where the tables are there already; a command takes it for begun."""
        if not self._is_begun:
            own = {"DJANGO_SETTINGS_MODULE": "custodes.site.settings"}
            first = [sys.executable, "-c", _FIRST_START]
            subprocess.run(first, env={**self.environment(), **own}, check=True)
        self._is_begun = True

    def _wait(self) -> None:
        assert self._server is not None
        for _ in range(600):
            if self._server.poll() is not None:
                raise AssertionError(f"custodes up ended:\n{self.log.read_text()[-4000:]}")
            try:
                if httpx.get(f"{self.url}/health", timeout=1).status_code == 200:
                    return
            except httpx.HTTPError:
                time.sleep(0.05)
        raise AssertionError(f"custodes up does not answer:\n{self.log.read_text()[-4000:]}")


def _descendants(pid: int) -> list[int]:
    found: list[int] = []
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        found += [int(child), *_descendants(int(child))]
    return found


def _signal(pid: int, number: int) -> None:
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, number)
