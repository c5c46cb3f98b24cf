"""A real server that can be killed and started again many times a minute.

Starting Python and importing Django is what takes the time (about 3 s of
processor a start), so one process imports everything once and forks a server
for each life. What is forked is the product's own ``custodes.site.server``, and
it is killed with SIGKILL, its workers with it.
"""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import httpx
from tests.world.installation import Installation
from tests.world.waiting import PATIENCE

from custodes.intake.reception import Hashes
from custodes.vault.keys import KeyRing, WrappedKey
from custodes.vault.store import DiskStore
from custodes.vault.vault import Vault

_NURSERY = """
import json, os, sys
import django
django.setup()
import custodes.site.wsgi, custodes.site.urls, custodes.docks.tus.wsgi, granian
from django.db import connection
from custodes.cli.first_start import prepare
from custodes.custody.rules import SYSTEM
from custodes.fleet.actions import add_dock, enrol_camera
from custodes.fleet.rules import DockKind
from custodes.intake.receipts import receipt_key
from custodes.kernel.clock import now
from custodes.site import server
prepare()
_, key = add_dock("PC 1", DockKind.AGENT, by=SYSTEM, at=now())
enrol_camera("CAM1", by=SYSTEM, at=now())
connection.close()
print(json.dumps([key, receipt_key()]), flush=True)
for line in sys.stdin:
    child = os.fork()
    if child == 0:
        os.setsid()
        null = os.open(os.devnull, os.O_RDWR)
        os.dup2(null, 0)
        os.dup2(2, 1)
        server.main()
        os._exit(0)
    print(child, flush=True)
    os.waitpid(child, 0)
    print("over", flush=True)
"""


class KillableServer:
    """One home, and a server on it that is started and killed at will."""

    def __init__(self, home: Path, **settings: Any) -> None:
        self.place = Installation(home, **settings)
        environment = self.place.environment() | {
            "DJANGO_SETTINGS_MODULE": "custodes.site.settings"
        }
        self._log = self.place.log.open("ab")
        self._nursery = subprocess.Popen(
            [sys.executable, "-c", _NURSERY],
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            text=True,
        )
        self._server = 0
        assert self._nursery.stdout is not None
        self.key, self.receipt_key = json.loads(self._nursery.stdout.readline())
        self.start()

    @property
    def url(self) -> str:
        return self.place.url

    def start(self) -> None:
        """Fork a server and wait until it answers."""
        assert self._nursery.stdin is not None
        assert self._nursery.stdout is not None
        self._nursery.stdin.write("start\n")
        self._nursery.stdin.flush()
        self._server = int(self._nursery.stdout.readline())
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            with contextlib.suppress(httpx.HTTPError):
                httpx.options(f"{self.url}/tus/files", timeout=5)
                return
            time.sleep(0.01)
        raise AssertionError(self.place.log.read_text()[-4000:])

    def kill(self) -> None:
        """Kill the server and everything it started, without warning; harmless when it is dead.

        A thread that the disk keeps busy ends only when the disk is done, a moment later.
        """
        if not self._server:
            return
        server, self._server = self._server, 0
        assert self._nursery.stdout is not None
        with contextlib.suppress(ProcessLookupError):
            os.killpg(server, signal.SIGKILL)
        assert self._nursery.stdout.readline() == "over\n"

    def close(self) -> None:
        self.kill()
        self._nursery.kill()
        self._nursery.wait()
        self._log.close()

    def originals(self) -> dict[str, list[str]]:
        """Return the digests of what is taken in, by file name, after reading every byte back."""
        asked = "SELECT name, handle, sha256, kid, epoch, wrapped FROM recordings_original"
        vault = Vault(
            DiskStore(self.place.home / "vault"),
            ring := KeyRing.open_or_create(self.place.home / "keys" / "epochs"),
        )
        found: dict[str, list[str]] = {}
        for name, handle, sha256, kid, epoch, wrapped in self.ask(asked):
            hashes = Hashes()
            key = ring.unwrap(WrappedKey(kid, epoch, wrapped))
            with vault.open(handle, "original", key) as sealed:
                for block in sealed.blocks():
                    hashes.update(memoryview(block))
                assert hashes.arrival(sealed.size).sha256 == sha256
            found.setdefault(name, []).append(sha256)
        return found

    def ask(self, question: str) -> list[Any]:
        """Ask the database of the home, whether or not a server runs."""
        return self.ask_at_once(question)[0]

    def ask_at_once(self, *questions: str) -> list[list[Any]]:
        """Ask several questions of one state of the database."""
        with contextlib.closing(sqlite3.connect(self.place.home / "custodes.sqlite3")) as tables:
            tables.execute("BEGIN")
            return [tables.execute(question).fetchall() for question in questions]
