"""How long a proof of inclusion takes in a log of ten million entries, and of a million.

The tables of a real home are filled with tiles over made-up leaf hashes; proofs are
then made as the server makes them, of entries anywhere, each with nothing read
before, and each is checked against the root. The baseline is pymerkle with its
SQLite storage over as many leaves, opened anew for each proof, because a server
answers from a fresh process or after others. Without pymerkle (a package only this
benchmark uses) there is no ratio to it, and 0 is printed. The last line is how
many times as long as ours pymerkle takes at the smaller size.
"""

from __future__ import annotations

import argparse
import hashlib
import importlib
import random
import shutil
import sqlite3
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from custodes.ledger.growing import grown_by
from custodes.ledger.tiles import WIDTH, Tile
from custodes.ledger.tree import HASH_SIZE, verify_inclusion

from .home import start
from .rounds import Limits, median, say_ratio

MOST_MILLISECONDS = 3.0
_AT_ONCE = 256 * 1024
_PUT = "INSERT OR REPLACE INTO custody_tile (level, number, hashes) VALUES (?, ?, ?)"
_ENTRY = (
    'INSERT INTO custody_entry ("index", subject, number, kind, at, data, leaf, body, body_key_id)'
    " SELECT ?, ?, 0, 'note.added', '2026-11-03 09:15:02', X'', ?, X'', MIN(id)"
    " FROM custody_bodykey"
)


def main(arguments: Sequence[str] = ()) -> float:
    """Return how many times as long as ours pymerkle takes; 0 when it is not installed."""
    parser = argparse.ArgumentParser(prog="custodes bench ledger_proofs")
    parser.add_argument("--large", type=int, default=10_000_000)
    parser.add_argument("--small", type=int, default=1_000_000)
    parser.add_argument("--proofs", type=int, default=2_000)
    parser.add_argument("--peer-proofs", type=int, default=5)
    parser.add_argument("--home", default=None)
    chosen = parser.parse_args([*arguments])
    Limits.begin(full=chosen.large >= parser.get_default("large"))
    home = Path(tempfile.mkdtemp(prefix="custodes-bench-", dir=chosen.home))
    try:
        _start(home)
        small = _ours(home, chosen.small, chosen.proofs)
        peer = _pymerkle(home, chosen.small, chosen.peer_proofs)
        _ours(home, chosen.large, chosen.proofs)
        return say_ratio(peer / small)
    finally:
        shutil.rmtree(home)


def _ours(home: Path, size: int, proofs: int) -> float:
    """Fill the log, make proofs, say how long they took, and return the median."""
    from custodes.custody.tiles import tree_of_log

    began = time.perf_counter()
    _fill(home / "custodes.sqlite3", size)
    root = tree_of_log(size).root()
    print(f"{size:,} leaves built in {time.perf_counter() - began:.0f} s", flush=True)
    times, work = [], []
    for _ in range(proofs):
        index = random.randrange(size)
        began, worked = time.perf_counter(), time.process_time()
        path = tree_of_log(size).inclusion_proof(index)
        times.append((time.perf_counter() - began) * 1000)
        work.append((time.process_time() - worked) * 1000)
        assert verify_inclusion(tree_of_log(size).leaf(index), index, size, path, root)
    p99, worked99 = (sorted(each)[len(each) * 99 // 100] for each in (times, work))
    verdict = Limits.verdict(f"p99 among {size:,}", held=p99 <= MOST_MILLISECONDS)
    print(
        f"inclusion proof among {size:,}: median {median(times):.2f} ms, "
        f"p99 {p99:.2f} ms, {verdict} {MOST_MILLISECONDS:.0f} ms; "
        f"p99 of work alone, whatever else the machine does: {worked99:.2f} ms"
    )
    return median(times)


def _pymerkle(home: Path, size: int, proofs: int) -> float:
    """Return the milliseconds of a proof by pymerkle from a tree that is opened for it."""
    try:
        open_tree: Callable[[str], Any] = importlib.import_module("pymerkle").SqliteTree
    except ModuleNotFoundError:
        print("pymerkle is not installed; there is nothing to compare with")
        return 0.0
    path = str(home / "pymerkle.sqlite3")
    with open_tree(path) as tree:
        tree.append_entries((b"%d" % number for number in range(size)), chunksize=100_000)
    times = []
    for _ in range(proofs):
        index = random.randrange(size)
        began = time.perf_counter()
        with open_tree(path) as tree:
            tree.prove_inclusion(index + 1, size)
        times.append((time.perf_counter() - began) * 1000)
    print(f"pymerkle, opened for each of {proofs} proofs: median {median(times):.0f} ms")
    return median(times)


class _Table:
    """The tiles that are in the table already."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def tile(self, tile: Tile) -> bytes:
        asked = "SELECT hashes FROM custody_tile WHERE level = ? AND number = ?"
        [hashes] = self._connection.execute(asked, (tile.level, tile.number)).fetchone()
        return bytes(hashes[: tile.width * HASH_SIZE])


def _fill(database: Path, size: int) -> None:
    """Replace the log's tree by one over so many made-up leaves, past the models."""
    connection = sqlite3.connect(database)
    for table in ("custody_tile", "custody_entry"):
        connection.execute(f"DELETE FROM {table}")
    for first in range(0, size, _AT_ONCE):
        many = range(first, min(first + _AT_ONCE, size))
        leaves = [hashlib.sha256(b"%d" % number).digest() for number in many]
        tiles = grown_by(_Table(connection), first, leaves)
        connection.executemany(_PUT, [(tile.level, tile.number, put) for tile, put in tiles])
    edge = range(size - size % WIDTH, size)
    rows = [(number, f"{number:022}", hashlib.sha256(b"%d" % number).digest()) for number in edge]
    connection.executemany(_ENTRY, rows)
    connection.execute("UPDATE custody_head SET size = ?", (size,))
    connection.commit()
    connection.close()


def _start(home: Path) -> None:
    start(home)
    from custodes.cli.first_start import prepare

    prepare()
