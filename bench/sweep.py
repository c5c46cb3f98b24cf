"""A whole sweep of 785,000 recordings, of which 460,000 are due, and of a tenth of them.

Builds two archives (archive.py), one ten times the other, and sweeps each as the
night does: rehearsal, agreement of two people, deletion with an entry, a tombstone and
destroyed keys for every recording, and the removal of its files. The baseline is what
one would write in an afternoon, on the same tables and the same store: for each
recording an UPDATE, a row of a hash chain and two unlinks, committed 2,000 at a time.
The last line is the ratio of its time for a recording to ours.
"""

from __future__ import annotations

import argparse
import hashlib
import resource
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import timedelta
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar

from .home import start
from .rounds import Limits, say_ratio

if TYPE_CHECKING:
    from custodes.people.rules import Viewer

T = TypeVar("T")

TARGET_SECONDS, TARGET_MB, TARGET_GROWTH = 120, 300, 11.5
_BASELINE = 20_000
_BATCH = 2_000
PEOPLE, SECRET = ("mirza", "okafor"), "a bench needs no secret"


@dataclass(frozen=True, slots=True)
class Swept:
    """What one sweep took."""

    held: int
    gone: int
    rehearsed: float
    deleted: float
    worked: float
    megabytes: float

    @property
    def seconds(self) -> float:
        """Return how long all of it took."""
        return self.rehearsed + self.deleted


def main(arguments: Sequence[str] = ()) -> float:
    """Return how many times as long as ours the plain loop takes for a recording."""
    parser = argparse.ArgumentParser(prog="custodes bench sweep")
    parser.add_argument("--recordings", type=int, default=785_000, help="held before the sweep")
    parser.add_argument("--home", default=None)
    chosen = parser.parse_args([*arguments])
    Limits.begin(full=chosen.recordings >= parser.get_default("recordings"))
    home = Path(tempfile.mkdtemp(prefix="custodes-bench-", dir=chosen.home))
    try:
        return _measure(home, chosen.recordings)
    finally:
        shutil.rmtree(home)


def _measure(home: Path, recordings: int) -> float:
    found: list[Swept] = []
    for scale in (recordings // 10, recordings):
        place = home / str(scale)
        place.mkdir()
        took = alone(build_one, place, scale)
        print(f"{scale:,} recordings built in {took:.0f} s", flush=True)
        swept = alone(sweep_one, place)
        found.append(swept)
        print(
            f"{swept.gone:,} of {swept.held:,} deleted in {swept.seconds:.1f} s (rehearsal "
            f"{swept.rehearsed:.1f} s, deletion {swept.deleted:.1f} s): "
            f"{swept.gone / swept.seconds:,.0f} a second, {swept.worked:.1f} s of work, "
            f"{swept.megabytes:.0f} MB at most",
            flush=True,
        )
    few, many = found
    growth = many.seconds / few.seconds
    print(_verdict("time", many.seconds, TARGET_SECONDS, "s"))
    print(_verdict("memory", many.megabytes, TARGET_MB, "MB"))
    print(_verdict("ten times the recordings", growth, TARGET_GROWTH, "times the time"))
    bare = alone(baseline_one, home / str(recordings))
    print(f"plain loop: {bare * 1e6:.0f} us a recording; ours {many.seconds / many.gone * 1e6:.0f}")
    return say_ratio(bare / (many.seconds / many.gone))


def _verdict(what: str, found: float, limit: float, unit: str) -> str:
    verdict = Limits.verdict(what, held=found <= limit)
    return f"{what}: {found:.1f} {unit}, {verdict} {limit:g}"


def alone(what: Callable[..., T], *arguments: object) -> T:
    """Do something in a process of its own, whose memory nothing else has grown."""
    with ProcessPoolExecutor(1, mp_context=get_context("fork")) as one:
        return one.submit(what, *arguments).result()


def build_one(
    home: Path, recordings: int, with_files: bool = True, with_thumbnails: bool = True
) -> float:
    """Build an archive; return how long it took."""
    start(home)
    from django.core.management import call_command

    from custodes.custody.genesis import begin_log
    from custodes.custody.rules import SYSTEM
    from custodes.kernel.clock import now
    from custodes.people.actions import add_person
    from custodes.people.rules import Role

    from .archive import DAYS, build

    began, at = time.perf_counter(), now()
    call_command("migrate", interactive=False, verbosity=0)
    begin = at - timedelta(days=DAYS + 1)
    begin_log(by=SYSTEM, at=begin)
    for name in PEOPLE:
        add_person(name, name.title(), [Role.RECORDS], password=SECRET, by=SYSTEM, at=begin)
    build(home, recordings, at=at, with_files=with_files, with_thumbnails=with_thumbnails)
    return time.perf_counter() - began


def sweep_one(home: Path) -> Swept:
    """Rehearse, agree and delete, and return what it took."""
    start(home)
    from custodes.custody.rules import SYSTEM
    from custodes.kernel.clock import now
    from custodes.recordings.models import Recording
    from custodes.retention.actions.sweep import agree_to_sweep, rehearse, run

    held, at, two = Recording.objects.count(), now(), _two_people()
    began, worked = time.perf_counter(), time.process_time()
    sweep = rehearse(by=SYSTEM, at=at)
    rehearsed = time.perf_counter()
    if sweep.stopped:
        for viewer in two:
            agree_to_sweep(viewer, sweep, "a bench looked through it", at=at)
    run(sweep, by=SYSTEM, at=at)
    ended = time.perf_counter()
    worked = time.process_time() - worked
    assert (sweep.disposed, sweep.kept) == (sweep.due, 0), "something due was kept"
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return Swept(held, sweep.disposed, rehearsed - began, ended - rehearsed, worked, most)


def _two_people() -> list[Viewer]:
    from custodes.people.models import Person

    return [Person.objects.get(username=name).as_viewer("web") for name in PEOPLE]


_STILL_HELD = (
    "SELECT r.id, o.id, o.handle, c.handle FROM recordings_recording r JOIN recordings_original o "
    "ON o.recording_id = r.id JOIN recordings_copy c ON c.original_id = o.id "
    "WHERE r.state = 'complete' ORDER BY r.id LIMIT ?"
)


def baseline_one(home: Path) -> float:
    """Delete what a sweep left, the plain way; return the seconds for one recording."""
    database = sqlite3.connect(home / "custodes.sqlite3", isolation_level=None)
    for setting in ("journal_mode=WAL", "synchronous=FULL", "secure_delete=ON"):
        database.execute(f"PRAGMA {setting}")
    database.execute("CREATE TABLE bench_chain (id INTEGER PRIMARY KEY, said TEXT, hash BLOB)")
    rows, last = database.execute(_STILL_HELD, (_BASELINE,)).fetchall(), bytes(32)
    began = time.perf_counter()
    for first in range(0, len(rows), _BATCH):
        database.execute("BEGIN IMMEDIATE")
        for recording, original, *files in rows[first : first + _BATCH]:
            said = f"recording {recording} was deleted"
            last = hashlib.sha256(last + said.encode()).digest()
            database.execute(
                "UPDATE recordings_recording SET state = 'disposed' WHERE id = ?", (recording,)
            )
            database.execute(
                "UPDATE recordings_original SET wrapped = x'' WHERE id = ?", (original,)
            )
            database.execute("INSERT INTO bench_chain (said, hash) VALUES (?, ?)", (said, last))
            for file in files:
                (home / "vault" / "sealed" / file[:2] / f"{file}.floe").unlink()
        database.execute("COMMIT")
    took = time.perf_counter() - began
    database.close()
    return took / len(rows)
