"""One real installation under attack, and the questions asked of it after every attack."""

from __future__ import annotations

import contextlib
import json
import re
import socket
import sqlite3
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from tests.world.installation import Installation
from tests.world.waiting import PATIENCE

from custodes.ledger.entry import parse_entry

PASSWORD = "copper kettle lantern"
# Names no software would write by itself, so that finding one means that it leaked.
PEOPLE = {
    "okonkwo": ("Seraphina Okonkwo", "officer", "77110", "Lambeth nights"),
    "dunmore": ("Tobias Dunmore", "officer", "77220", "Lambeth days"),
    "harwell": ("Ingrid Harwell", "supervisor", "77330", "Lambeth days"),
    "mirza": ("Leyla Mirza", "evidence-unit", "77440", ""),
    "lindqvist": ("Arvid Lindqvist", "auditor", "77550", ""),
    "byrne": ("Cormac Byrne", "administrator", "77660", ""),
}
CAMERAS = ("SERIALQX1", "SERIALQX2")
DOCKS = {"Brixton yard": "axis", "Camden cellar": "axis", "Soho desk": "agent"}
_CSRF = re.compile(r'name="csrfmiddlewaretoken" value="([^"]+)"')


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    status: int
    out: str
    err: str

    @property
    def json(self) -> Any:
        return json.loads(self.out)

    @property
    def lines(self) -> list[Any]:
        return [json.loads(line) for line in self.out.splitlines() if line.strip()]


class Place:
    """A running server with its worker, and a clerk beside it."""

    def __init__(self, home: Path, **settings: object) -> None:
        self.installation = Installation(home, demo="false", **settings)
        self.url = self.installation.url
        self.personal = {*CAMERAS, *(word for who in PEOPLE.values() for word in who[0].split())}
        self._clerk = subprocess.Popen(
            [sys.executable, "-m", "tests.hostile.clerk"],
            env=self.installation.environment(),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
        )
        force = {"people": PEOPLE, "cameras": CAMERAS, "docks": DOCKS, "password": PASSWORD}
        self.keys: dict[str, str] = json.loads(self._say(force))
        self.installation.start()
        self._pages: dict[str, httpx.Client] = {}

    def close(self) -> None:
        for client in self._pages.values():
            client.close()
        self.installation.stop()
        self._clerk.stdin.close()  # type: ignore[union-attr]
        self._clerk.wait(20)

    def custodes(self, *arguments: str) -> Ran:
        """Run a command; one that breaks instead of answering fails the test."""
        status, out, err, trouble = json.loads(self._say(list(arguments)))
        assert not trouble, trouble
        return Ran(status, out, err)

    def ask(self, question: str, *values: object) -> list[Any]:
        """Ask the database, as nobody but its owner can."""
        path = self.installation.home / "custodes.sqlite3"
        with contextlib.closing(sqlite3.connect(path, timeout=30)) as tables:
            return tables.execute(question, values).fetchall()

    def kinds(self, subject: str | None = None) -> list[str]:
        """Return the kinds of custody entries, of one subject or of all, in order."""
        where = "WHERE subject = ?" if subject else ""
        rows = self.ask(
            f'SELECT kind FROM custody_entry {where} ORDER BY "index"', *filter(None, [subject])
        )
        return [kind for (kind,) in rows]

    def anonymous(self) -> httpx.Client:
        return httpx.Client(base_url=self.url, timeout=PATIENCE)

    def page_of(self, username: str) -> httpx.Client:
        """Return a browser in which somebody is signed in, the same one every time."""
        if username not in self._pages:
            self._pages[username] = self.sign_in(username)
        return self._pages[username]

    def sign_in(self, username: str) -> httpx.Client:
        client = self.anonymous()
        token = csrf_in(client.get("/account/login/").text)
        answer = client.post(
            "/account/login/",
            data={"login": username, "password": PASSWORD, "csrfmiddlewaretoken": token},
            headers={"Origin": self.url},
        )
        assert answer.status_code == 302, answer.text
        return client

    def post(self, username: str, path: str, **fields: str) -> httpx.Response:
        """Fill in a form as somebody would, its hidden token with it."""
        client = self.page_of(username)
        fields["csrfmiddlewaretoken"] = client.cookies.get("csrftoken", "")
        return client.post(path, data=fields, headers={"Origin": self.url})

    def answers_at_once(self) -> None:
        """Fail unless the server answers soon, as machines go that run tests side by side."""
        began = time.monotonic()
        assert httpx.get(f"{self.url}/health", timeout=10).text == "ok\n"
        assert time.monotonic() - began < 10

    def is_well(self, *kept: str) -> None:
        """Fail unless everything that must hold after any attack holds.

        ``kept`` are handles of recordings that must still be proven.
        """
        self.answers_at_once()
        listed = self.page_of("mirza").get("/recordings")
        assert listed.status_code == 200
        for handle in kept:
            assert self.page_of("mirza").get(f"/recordings/{handle}").status_code == 200
            assert self.custodes("verify", handle, "--json").json["verdict"] == "PROVEN"
        self.ledger_names_nobody()

    def ledger_names_nobody(self) -> None:
        for (data,) in self.ask("SELECT data FROM custody_entry"):
            parse_entry(data)
            text = data.decode()
            assert not self._named_in(text), f"{self._named_in(text)} in {text}"

    def log_names_nobody(self) -> None:
        assert not self._named_in(self.log()), self._named_in(self.log())

    def _named_in(self, text: str) -> set[str]:
        """Return the personal words in a text; dots and slashes alone name nobody."""
        return {word for word in self.personal if word in text and not word.startswith("..")}

    def log(self) -> str:
        return self.installation.log.read_text()

    def store_is_sound(self) -> None:
        """Fail unless a scrub finds everything there and nothing besides."""
        scrubbed = self.custodes("vault", "scrub", "--json")
        assert scrubbed.json["findings"] == [], scrubbed.out

    def worker_goes_on(self) -> None:
        """Fail unless the worker reads the whole record and empties its lines."""
        [(last,)] = self.ask('SELECT max("index") FROM custody_entry')
        until = time.monotonic() + PATIENCE
        while not self._has_done_all_to(last):
            waiting = self.ask("SELECT reaction, failures, said FROM worker_errand")
            assert time.monotonic() < until, waiting
            time.sleep(0.1)

    def _has_done_all_to(self, last: int) -> bool:
        """Say whether the worker is done with the entry of this index and all before."""
        [(position,)] = self.ask("SELECT position FROM worker_cursor")
        lines = self.ask("SELECT count(*) FROM worker_errand WHERE entry <= ?", last)
        return bool(position >= last and lines == [(0,)])

    def raw(self, request: bytes, *, within: float = PATIENCE) -> bytes:
        """Send bytes as they are and return what comes back, until the other side ends."""
        with self.plug() as line:
            with contextlib.suppress(OSError):
                line.sendall(request)
            return heard(line, within)

    def plug(self) -> socket.socket:
        return socket.create_connection(("127.0.0.1", self.installation.port), timeout=PATIENCE)

    def _say(self, value: object) -> str:
        assert self._clerk.stdin is not None
        assert self._clerk.stdout is not None
        self._clerk.stdin.write(json.dumps(value) + "\n")
        self._clerk.stdin.flush()
        line = self._clerk.stdout.readline()
        if not line:
            assert self._clerk.stderr is not None
            raise AssertionError(self._clerk.stderr.read())
        return line


def heard(line: socket.socket, within: float) -> bytes:
    """Return what a connection says until it ends, or until its answer is whole and quiet."""
    came = b""
    line.settimeout(within)
    until = time.monotonic() + within
    with contextlib.suppress(OSError):
        while time.monotonic() < until and (piece := line.recv(65536)):
            came += piece
            line.settimeout(0.3)
    return came


def csrf_in(html: str) -> str:
    found = _CSRF.search(html)
    assert found is not None, html[:500]
    return found[1]
