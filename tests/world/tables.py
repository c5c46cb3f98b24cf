"""The tables of a new installation, laid once and copied wherever a test needs them.

Laying them takes seconds, nearly all of it Django's; copying takes none. They are laid by
``migrate``, from nothing, whenever a line of the sources has changed; nothing is begun in
them: a first start does the rest, and finds what it would have laid.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from functools import lru_cache
from importlib.metadata import version
from pathlib import Path

import custodes

_LAYERS = ("django", "django-allauth")
_LASTS = 24 * 3600


@lru_cache
def laid() -> Path:
    """Return a SQLite database with every table, in which nothing was begun.

    Test processes that run side by side wait for the one that lays it, and share it.
    """
    folder = Path(tempfile.gettempdir()) / f"custodes-tables-{os.geteuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    if folder.stat().st_uid != os.geteuid():
        raise PermissionError(f"{folder} is somebody else's")
    path = folder / f"{_of_these_sources()}.sqlite3"
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not path.exists():
            _forget_old_ones(folder)
            _lay(path)
    return path


def lay(home: Path) -> None:
    """Lay the tables in a home folder in which nothing was ever started."""
    home.mkdir(mode=0o700, parents=True, exist_ok=True)
    shutil.copyfile(laid(), home / "custodes.sqlite3")


def lay_in_memory(uri: str) -> sqlite3.Connection:
    """Lay the tables in a database in memory; it lasts until the connection is closed."""
    memory = sqlite3.connect(uri, uri=True, check_same_thread=False)
    with sqlite3.connect(laid()) as source:
        source.backup(memory)
    source.close()
    return memory


def migrate(home: Path, database_url: str = "") -> None:
    """Bring the tables of an installation up to date, in a process of its own."""
    _python(home, database_url, "-m", "django", "migrate", "--verbosity", "0")


def said_by(home: Path, program: str, database_url: str = "") -> str:
    """Return what a program prints, run in an installation and a process of its own.

    The tests' own database is in memory: it maps no pages, and has no file beside it.
    """
    return _python(home, database_url, "-c", f"import django\ndjango.setup()\n{program}")


def _python(home: Path, database_url: str, *arguments: str) -> str:
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("CUSTODES_", "DJANGO_"))}
    own = {
        "CUSTODES_HOME": str(home),
        "CUSTODES_DATABASE_URL": database_url,
        "DJANGO_SETTINGS_MODULE": "custodes.site.settings",
    }
    done = subprocess.run(
        [sys.executable, *arguments],
        env={**kept, **own}, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return done.stdout


def _forget_old_ones(folder: Path) -> None:
    """Remove what was laid long ago: a younger one may be in use by tests of another clone."""
    for laid_before in folder.glob("*.sqlite3"):
        if time.time() - laid_before.stat().st_mtime > _LASTS:
            laid_before.unlink()


def _lay(path: Path) -> None:
    with tempfile.TemporaryDirectory(dir=path.parent) as home:
        migrate(Path(home))
        made = Path(home) / "custodes.sqlite3"
        with sqlite3.connect(made) as database:
            database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
        database.close()
        made.replace(path)


def _of_these_sources() -> str:
    """Name the sources that lay the tables: any line may be one that a migration runs."""
    read = hashlib.sha256(" ".join(version(each) for each in _LAYERS).encode())
    root = Path(custodes.__file__).parent
    for path in sorted(root.rglob("*.py")):
        read.update(f"{path.relative_to(root)} ".encode() + path.read_bytes())
    return read.hexdigest()[:32]
