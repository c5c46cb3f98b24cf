"""A real PostgreSQL, Debian's own, started for the tests that ask for it.

It listens on a socket in its own folder only, under a user that is not root, and
is stopped by its process number at the end. Import the fixtures in a conftest.
"""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

import psycopg
import pytest
from tests.world.tables import migrate
from tests.world.waiting import eventually

POSTGRESQL = pytest.param("postgresql", marks=pytest.mark.postgres)
BOTH = ["sqlite", POSTGRESQL]


@dataclass(frozen=True)
class Server:
    """A running server and the folder its socket lies in."""

    socket: Path
    user: str

    def new_database(self, name: str, *, template: str = "template1") -> str:
        """Make a database and return its address, as CUSTODES_DATABASE_URL wants it.

        It is empty, unless it is a copy of another one.
        """
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            made = f'CREATE DATABASE "{name}" TEMPLATE "{template}"'
            connection.execute(made)  # type: ignore[call-overload]
        return self.url(name)

    @cached_property
    def laid(self) -> str:
        """Return the name of a database with every table, in which nothing was begun."""
        with tempfile.TemporaryDirectory() as home:
            migrate(Path(home), self.new_database("laid"))
        return "laid"

    def url(self, database: str) -> str:
        """Return the address of a database on this server."""
        return f"postgresql://{self.user}@/{database}?host={self.socket}"


@pytest.fixture(scope="session")
def postgres() -> Iterator[Server]:
    """Start a server for the session; skips, saying so, where none is installed."""
    programs = sorted(Path("/usr/lib/postgresql").glob("*/bin"))
    if not programs:
        pytest.skip("no PostgreSQL server is installed; `make test` installs Debian's")
    folder = Path(tempfile.mkdtemp(prefix="custodes-pg-"))
    user = _user(folder)
    try:
        yield from _running(programs[-1], folder, user)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return CUSTODES_DATABASE_URL for the engine the test is parametrised with."""
    if getattr(request, "param", "sqlite") == "sqlite":
        return ""
    server: Server = request.getfixturevalue("postgres")
    return server.new_database(f"t{os.getpid()}_{time.monotonic_ns()}", template=server.laid)


def _running(programs: Path, folder: Path, user: pwd.struct_passwd) -> Iterator[Server]:
    data = folder / "data"
    _as(user, str(programs / "initdb"), "-D", str(data), "-A", "trust", "-E", "UTF8",
        "--locale=C.UTF-8", "--no-sync", "-U", "custodes")  # fmt: skip
    server = subprocess.Popen(
        [str(programs / "postgres"), "-D", str(data), "-k", str(folder),
         "-c", "listen_addresses=", "-c", "max_connections=80"],
        user=user.pw_uid, group=user.pw_gid, extra_groups=[], cwd=folder,
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
    )  # fmt: skip
    try:
        started = Server(folder, "custodes")
        _wait(started)
        yield started
    finally:
        # Fast shutdown (PostgreSQL manual, "Shutting Down the Server").
        server.send_signal(signal.SIGINT)
        server.wait(30)


def _user(folder: Path) -> pwd.struct_passwd:
    """Return who runs the server; PostgreSQL refuses to be root."""
    if os.geteuid() != 0:
        return pwd.getpwuid(os.geteuid())
    user = pwd.getpwnam("postgres")
    os.chown(folder, user.pw_uid, user.pw_gid)
    return user


def _as(user: pwd.struct_passwd, *command: str) -> None:
    done = subprocess.run(
        command, user=user.pw_uid, group=user.pw_gid, extra_groups=[], cwd="/",
        capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr


def _wait(server: Server) -> None:
    def answers() -> bool:
        with contextlib.suppress(psycopg.OperationalError):
            psycopg.connect(server.url("postgres")).close()
            return True
        return False

    eventually(answers, every=0.05)
