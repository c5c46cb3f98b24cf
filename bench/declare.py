"""A death is declared in an archive of 100,000 recordings: seconds until all is held and locked.

Builds an archive (archive.py) whose recordings have positions all over a city, and declares an
incident the way the page does: twenty officers, ten cameras, a place, and a circle; from the
commit on nobody sees what was caught, and nothing deletes it. PIP-01 asks for 60 seconds. The
baseline is what one would write in an afternoon, in the same database: one SELECT, and for
each recording found a row that locks it, one that holds it, and two of a hash chain, in one
durable transaction. The last line is the ratio of its time to ours.
"""

from __future__ import annotations

import argparse
import hashlib
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from .home import start
from .rounds import Limits, say_ratio
from .sweep import SECRET, alone, build_one

if TYPE_CHECKING:
    from custodes.incidents.actions.declare import Declaration

TARGET_SECONDS = 60
_MIDDLE = (51.4613, -0.1156)
_AGO = timedelta(days=100)


def main(arguments: Sequence[str] = ()) -> float:
    """Return the ratio."""
    parser = argparse.ArgumentParser(prog="custodes bench declare")
    parser.add_argument("--recordings", type=int, default=100_000, help="785000: a large force")
    parser.add_argument("--hours", type=int, default=72, help="locked before it and after it")
    parser.add_argument("--metres", type=int, default=5_000, help="around where it happened")
    parser.add_argument("--home", default=None)
    chosen = parser.parse_args([*arguments])
    Limits.begin(full=chosen.recordings >= parser.get_default("recordings"))
    home = Path(tempfile.mkdtemp(prefix="custodes-bench-", dir=chosen.home))
    try:
        alone(build_one, home, chosen.recordings, False, False)
        _spread_over_the_city(home)
        took, caught = alone(_declare, home, chosen.hours, chosen.metres)
        bare, found = alone(_baseline, home, chosen.hours)
    finally:
        shutil.rmtree(home)
    verdict = Limits.verdict("the declaration", held=took <= TARGET_SECONDS)
    print(f"{caught:,} of {chosen.recordings:,} recordings held and locked in {took:.2f} s, "
          f"{verdict} {TARGET_SECONDS} s; plain rows for {found:,} in {bare:.2f} s")  # fmt: skip
    return say_ratio((bare / max(found, 1)) / (took / max(caught, 1)))


def _spread_over_the_city(home: Path) -> None:
    """Give every recording a position within 11 km of the middle, to the north and the south."""
    database = sqlite3.connect(home / "custodes.sqlite3")
    database.execute(
        "UPDATE recordings_recording SET latitude = ? + (id * 7919 % 2001 - 1000) / 10000.0, "
        "longitude = ? + (id * 104729 % 2001 - 1000) / 10000.0",
        _MIDDLE,
    )
    database.commit()
    database.close()


def _declare(home: Path, hours: int, metres: int) -> tuple[float, int]:
    """Declare it, and return in how many seconds it was committed, and what it caught."""
    start(home)
    from custodes.custody.rules import SYSTEM
    from custodes.incidents.actions.declare import declare
    from custodes.kernel.clock import now
    from custodes.people.actions import add_person
    from custodes.people.models import Person
    from custodes.people.rules import Role

    at = now()
    add_person("harding", "Harding", [Role.SUPERVISOR], password=SECRET, by=SYSTEM, at=at)
    sergeant = Person.objects.get(username="harding")
    said = _said(at - _AGO, timedelta(hours=hours), metres)
    began = time.perf_counter()
    incident = declare(sergeant.as_viewer("web"), said, at=at)
    return time.perf_counter() - began, incident.hold.held.count()


def _said(happened: datetime, around: timedelta, metres: int) -> Declaration:
    from custodes.fleet.models import Camera
    from custodes.incidents.actions.declare import Declaration
    from custodes.incidents.rules import Harm, Link, window_around
    from custodes.kernel.areas import Area
    from custodes.people.models import Person

    return Declaration(
        Harm.DEATH,
        Link.CONTACT,
        happened,
        "Place 1 Road",
        window_around(happened, around, around),
        officers=list(Person.objects.filter(username__startswith="o").order_by("pk")[:20]),
        cameras=list(Camera.objects.order_by("pk")[:10]),
        areas=[Area(*_MIDDLE, metres)],
    )


def _baseline(home: Path, hours: int) -> tuple[float, int]:
    """Lock and hold what lies in the same time, the plain way; return the seconds, and of what."""
    database = sqlite3.connect(home / "custodes.sqlite3", isolation_level=None)
    for setting in ("journal_mode=WAL", "synchronous=FULL"):
        database.execute(f"PRAGMA {setting}")
    for table in ("bench_lock", "bench_held", "bench_chain"):
        database.execute(f"CREATE TABLE {table} (id INTEGER PRIMARY KEY, of INTEGER, hash BLOB)")
    middle = datetime.now().astimezone() - _AGO
    ends = [f"{middle + timedelta(hours=each):%Y-%m-%d %H:%M:%S}" for each in (-hours, hours)]
    began, last = time.perf_counter(), bytes(32)
    database.execute("BEGIN IMMEDIATE")
    found = database.execute(
        "SELECT id FROM recordings_recording WHERE started_at BETWEEN ? AND ? AND state <> "
        "'disposed'", ends,
    ).fetchall()  # fmt: skip
    for (number,) in found:
        for table in ("bench_lock", "bench_held"):
            last = hashlib.sha256(last + f"{table} {number}".encode()).digest()
            database.execute(f"INSERT INTO {table} (of) VALUES (?)", (number,))
            database.execute("INSERT INTO bench_chain (of, hash) VALUES (?, ?)", (number, last))
    database.execute("COMMIT")
    took = time.perf_counter() - began
    database.close()
    return took, len(found)
