"""How long a roll takes that wraps a million data keys anew under a new epoch.

Builds an archive (archive.py) whose originals hold their wrapped keys, and
rolls it with the action the command calls: new epoch, every key wrapped anew in the
tables, the inventory of all names with its root, the entry. The baseline does the two
things it cannot do without, one key at a time: unwrap and wrap by the same library, and an
UPDATE by the same database, for a part of the keys. The last line is the ratio of
its time for a key to ours.
"""

from __future__ import annotations

import argparse
import resource
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from cryptography.hazmat.primitives.keywrap import aes_key_unwrap, aes_key_wrap

from .home import start
from .rounds import Limits, say_ratio
from .sweep import alone, build_one

TARGET_SECONDS = 15
_BASELINE = 20_000


def main(arguments: Sequence[str] = ()) -> float:
    """Return how many times as long as ours the plain loop takes for a key."""
    parser = argparse.ArgumentParser(prog="custodes bench key_roll")
    parser.add_argument("--keys", type=int, default=1_000_000, help="wrapped keys in the tables")
    parser.add_argument("--home", default=None)
    chosen = parser.parse_args([*arguments])
    Limits.begin(full=chosen.keys >= parser.get_default("keys"))
    home = Path(tempfile.mkdtemp(prefix="custodes-bench-", dir=chosen.home))
    try:
        return _measure(home, chosen.keys)
    finally:
        shutil.rmtree(home)


def _measure(home: Path, keys: int) -> float:
    took = alone(build_one, home, keys, False)
    print(f"an archive of {keys:,} keys built in {took:.0f} s", flush=True)
    bare = alone(baseline_one, home)
    rolled, seconds, worked, megabytes = alone(roll_one, home)
    verdict = Limits.verdict("the roll", held=seconds <= TARGET_SECONDS)
    print(f"{rolled:,} keys rolled in {seconds:.1f} s, {verdict} {TARGET_SECONDS} s")
    print(f"{worked:.1f} s of work, {megabytes:.0f} MB at most")
    print(f"plain loop: {bare * 1e6:.0f} us a key; ours {seconds / rolled * 1e6:.0f}")
    return say_ratio(bare / (seconds / rolled))


def roll_one(home: Path) -> tuple[int, float, float, float]:
    """Roll the keys; return how many were wrapped anew and what it took."""
    start(home)
    from custodes.custody.models import Entry
    from custodes.custody.rules import SYSTEM
    from custodes.kernel.clock import now
    from custodes.recordings.models import Original
    from custodes.retention.actions.roll import roll_keys

    before = Original.objects.count()
    began, worked = time.perf_counter(), time.process_time()
    roll = roll_keys(by=SYSTEM, at=now())
    seconds, worked = time.perf_counter() - began, time.process_time() - worked
    assert Entry.objects.filter(subject=roll.handle).exists()
    assert not Original.objects.exclude(epoch=roll.epoch).exists(), "a key was left behind"
    most = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    return before, seconds, worked, most


def baseline_one(home: Path) -> float:
    """Wrap some keys anew the plain way; return the seconds for one."""
    database = sqlite3.connect(home / "custodes.sqlite3", isolation_level=None)
    database.execute("PRAGMA synchronous=FULL")
    key = (home / "keys" / "epochs" / "epoch-000001.key").read_bytes()
    rows = database.execute(
        "SELECT id, wrapped FROM recordings_original ORDER BY id LIMIT ?", (_BASELINE,)
    ).fetchall()
    began = time.perf_counter()
    database.execute("BEGIN IMMEDIATE")
    for number, wrapped in rows:
        again = aes_key_wrap(key, aes_key_unwrap(key, wrapped))
        database.execute(
            "UPDATE recordings_original SET wrapped = ?, epoch = 1 WHERE id = ?", (again, number)
        )
    database.execute("COMMIT")
    took = time.perf_counter() - began
    database.close()
    return took / len(rows)
