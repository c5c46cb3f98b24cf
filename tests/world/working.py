"""A home with workers in it: start them, kill them, and see what was done."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from tempfile import gettempdir
from typing import Any

from tests.world.tables import lay
from tests.world.waiting import PATIENCE

REPOSITORY = Path(__file__).resolve().parents[2]


class Workplace:
    """One installation's home and database, and the workers on it."""

    def __init__(self, home: Path, database_url: str = "", **settings: Any) -> None:
        self.home = home
        if not database_url and not (home / "custodes.sqlite3").exists():
            lay(home)
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("CUSTODES_", "DJANGO_"))}
        own = {f"CUSTODES_{key.upper()}": str(value) for key, value in settings.items()}
        self.environment = {
            **kept,
            "CUSTODES_HOME": str(home),
            "CUSTODES_DATABASE_URL": database_url,
            "CUSTODES_MINIMUM_FREE_BYTES": "0",
            "PYTHONPATH": str(REPOSITORY),
            **own,
        }
        # A process that compiles all its imports anew takes many times as long to start.
        if self.environment.pop("PYTHONDONTWRITEBYTECODE", ""):
            self.environment["PYTHONPYCACHEPREFIX"] = f"{gettempdir()}/custodes-bytecode"
        self._workers: list[subprocess.Popen[bytes]] = []
        self._helper = subprocess.Popen(
            [sys.executable, "-m", "tests.world.chores"],
            env=self.environment,
            cwd=REPOSITORY,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )
        self.do("prepare")

    def do(self, chore: str, **arguments: Any) -> Any:
        """Do a chore of tests/world/chores.py and return what it said."""
        helper = self._helper
        assert helper.stdin is not None
        assert helper.stdout is not None
        helper.stdin.write(json.dumps([chore, arguments]) + "\n")
        helper.stdin.flush()
        answer = json.loads(helper.stdout.readline())
        assert "said" in answer, answer
        return answer["said"]

    def start_worker(self, module: str = "tests.world.slow_worker") -> subprocess.Popen[bytes]:
        """Start a worker in a process of its own."""
        with (self.home / "worker.log").open("ab") as log:
            worker = subprocess.Popen(
                [sys.executable, "-m", module],
                env=self.environment,
                cwd=REPOSITORY,
                stdout=log,
                stderr=log,
            )
        self._workers.append(worker)
        return worker

    def close(self) -> None:
        """Kill every worker that still runs, and the one who does the chores."""
        for worker in self._workers:
            if worker.poll() is None:
                worker.send_signal(signal.SIGKILL)
                worker.wait()
        self._helper.kill()
        self._helper.wait()

    def said(self) -> list[list[str]]:
        """Return what the slow reactions said: subject, word, process, handle."""
        path = self.home / "said.log"
        return [line.split() for line in path.read_text().splitlines()] if path.exists() else []

    def words(self, subject: str) -> list[str]:
        """Return the words said about one subject, in order."""
        return [line[1] for line in self.said() if line[0] == subject]

    def wait_for(self, condition: Callable[[], Any], what: str) -> float:
        """Wait until something holds; return how many seconds it took."""
        began = time.monotonic()
        while time.monotonic() - began < PATIENCE:
            if condition():
                return time.monotonic() - began
            time.sleep(0.05)
        for worker in self._workers:
            if worker.poll() is None and "slow" in str(worker.args):
                worker.send_signal(signal.SIGUSR1)
        time.sleep(0.5)
        log = (self.home / "worker.log").read_text()[-6000:]
        raise AssertionError(f"not within {PATIENCE} seconds: {what}\n{self.said()}\n{log}")
