"""How long the night's census takes when a million recordings are in the log.

Makes the ends of a million chains in a temporary home, then counts them as the
worker does, entry and stored leaves included. The baseline reads the same rows in
the same order and hashes each once. The last line is the ratio of the two.
"""

from __future__ import annotations

import argparse
import hashlib
import resource
import secrets
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Iterator, Sequence
from pathlib import Path

from .home import start
from .rounds import Limits, interleaved, median, say_ratio

TARGET_SECONDS = 10
_ADD = "INSERT INTO custody_chain (subject, next_number, leaf) VALUES (?, ?, ?)"
_ROWS = "SELECT subject, next_number, leaf FROM custody_chain ORDER BY subject"


def main(arguments: Sequence[str] = ()) -> float:
    """Return how many times as long as the census the bare reading and hashing takes."""
    parser = argparse.ArgumentParser(prog="custodes bench census")
    parser.add_argument("--recordings", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--home", default=None)
    chosen = parser.parse_args([*arguments])
    Limits.begin(full=chosen.recordings >= parser.get_default("recordings"))
    home = Path(tempfile.mkdtemp(prefix="custodes-bench-", dir=chosen.home))
    try:
        return _measure(home, chosen.recordings, chosen.rounds)
    finally:
        shutil.rmtree(home)


def _measure(home: Path, recordings: int, rounds: int) -> float:
    _start(home)
    database = home / "custodes.sqlite3"
    with sqlite3.connect(database) as connection:
        connection.executemany(_ADD, _chains(recordings))
    connection.close()
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    seconds = interleaved({"census": _census, "bare": lambda: _bare(database)}, rounds)
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024

    ours = median(seconds["census"])
    verdict = Limits.verdict("the census", held=ours <= TARGET_SECONDS)
    print(f"census of {recordings:,} recordings: {ours:.2f} s, {verdict} {TARGET_SECONDS} s")
    print(f"reading and hashing the same rows once: {median(seconds['bare']):.2f} s")
    print(f"memory grew by at most {grown:.0f} MB")
    return say_ratio(median(seconds["bare"]) / ours)


def _start(home: Path) -> None:
    start(home)
    from custodes.cli.first_start import prepare

    prepare()


def _chains(number: int) -> Iterator[tuple[str, int, bytes]]:
    from custodes.kernel.ids import new_handle

    for each in range(number):
        yield new_handle(), 1 + each % 12, secrets.token_bytes(32)


def _census() -> float:
    from custodes.custody.census import take_census
    from custodes.custody.rules import SYSTEM
    from custodes.kernel.clock import now

    began = time.perf_counter()
    take_census(by=SYSTEM, at=now())
    return time.perf_counter() - began


def _bare(database: Path) -> float:
    began = time.perf_counter()
    connection = sqlite3.connect(database)
    for subject, number, leaf in connection.execute(_ROWS):
        hashlib.sha256(subject.encode() + number.to_bytes(8, "big") + leaf).digest()
    connection.close()
    return time.perf_counter() - began
