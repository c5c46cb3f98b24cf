"""What an entry of the log costs, against a plain hash-chain table in the same database.

Ours is ``record_all`` in a transaction: entry, linked to the last of its subject, tiles
of the tree. The baseline makes the same entries with the same code (public bytes,
commitments, sealed body) and inserts each into a table with the same columns, in
which every row holds the hash of the row before; it has neither a chain a subject
nor a tree. A second baseline inserts all rows of a batch as a set, as ours does.
All commit durably, by Django, on the same connection.

*Docking* is four entries each for new recordings, *scattered* one each for
recordings from anywhere among thousands. The last line is the ratio of the first
baseline's time to ours, docking, in batches of 64.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .home import start
from .rounds import median, say_ratio

if TYPE_CHECKING:
    from django.db.backends.utils import CursorWrapper

    from custodes.custody.appending import Happening

    Happen = Callable[[int], list[Happening]]
    Write = Callable[[list[Happening]], None]

WANTED = {64: 1.0, 1: 0.8}
_SUBJECTS: list[str] = []

_COLUMNS = '"index", subject, number, kind, at, data, previous, hash, body, body_key_id'
_NEWEST = 'SELECT "index", hash FROM bench_chain ORDER BY "index" DESC LIMIT 1'
_ADD = f"INSERT INTO bench_chain ({_COLUMNS}) VALUES (%s, %s, %s, %s, %s, %s, %s, %s, %s, %s)"


def main(arguments: Sequence[str] = ()) -> float:
    """Return how many times as long as ours the baseline takes, in batches of 64."""
    parser = argparse.ArgumentParser(prog="custodes bench ledger_append")
    parser.add_argument("--entries", type=int, default=16_384, help="by each, in batches of 64")
    parser.add_argument("--database-url", default="", help="an empty PostgreSQL database")
    parser.add_argument("--home", default=None)
    chosen = parser.parse_args([*arguments])
    home = Path(tempfile.mkdtemp(prefix="custodes-bench-", dir=chosen.home))
    try:
        _start(home, chosen.database_url)
        return _measure(chosen.entries)
    finally:
        shutil.rmtree(home)


def _measure(entries: int) -> float:
    ratios: dict[tuple[str, int], float] = {}
    for what, happen in {"docking": _docking, "scattered": _scattered}.items():
        for batch, wanted in WANTED.items():
            # A commit costs the same however little is in it.
            times = max(3, min(entries, entries * batch // 16) // batch)
            took = _in_turn(happen, batch, times)
            ratio = ratios[what, batch] = took["hash chain"] / took["log"]
            each = ", ".join(f"{name} {batch / seconds:,.0f}" for name, seconds in took.items())
            print(
                f"{what}, batches of {batch}, entries a second: {each}; {ratio:.2f}x, "
                f"{'at least' if ratio >= wanted else 'BELOW'} {wanted}x "
                f"({took['written as a set'] / took['log']:.2f}x)",
                flush=True,
            )
    return say_ratio(ratios["docking", 64])


def _in_turn(happen: Happen, batch: int, times: int) -> dict[str, float]:
    """Write batches in turn; return the median seconds of one, which a slow commit cannot move."""
    writers: dict[str, Write] = {"log": _log, "hash chain": _chain, "written as a set": _chain_set}
    took: dict[str, list[float]] = {name: [] for name in writers}
    for _ in range(times):
        for name, write in writers.items():
            happenings = happen(batch)
            began = time.perf_counter()
            write(happenings)
            took[name].append(time.perf_counter() - began)
    return {name: median(each) for name, each in took.items()}


def _docking(count: int) -> list[Happening]:
    """Return what happens when cameras dock: each new recording has four entries at once."""
    from custodes.custody.appending import Happening
    from custodes.custody.events import NoteAdded
    from custodes.kernel.ids import new_handle

    said = NoteAdded(text="Seen together with the officer in the case.")
    subjects = [new_handle() for _ in range(-(-count // 4))]
    return [Happening(said, subjects[n // 4], "review") for n in range(count)]


def _scattered(count: int) -> list[Happening]:
    """Return one entry each for recordings taken from anywhere among thousands."""
    from custodes.custody.appending import Happening
    from custodes.custody.events import NoteAdded

    said = NoteAdded(text="Seen together with the officer in the case.")
    return [Happening(said, random.choice(_SUBJECTS), "review") for _ in range(count)]


def _log(happenings: list[Happening]) -> None:
    from django.db import transaction

    from custodes.custody.actions import record_all
    from custodes.custody.rules import SYSTEM
    from custodes.kernel.clock import now

    with transaction.atomic():
        record_all(happenings, by=SYSTEM, at=now())


def _chain(happenings: list[Happening]) -> None:
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        for row in _rows(happenings, *_last(cursor)):
            cursor.execute(_ADD, row)


def _chain_set(happenings: list[Happening]) -> None:
    from django.db import connection, transaction

    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(_ADD, _rows(happenings, *_last(cursor)))


def _last(cursor: CursorWrapper) -> tuple[int, bytes]:
    """Lock the end of the baseline and return the place and the hash to go on from."""
    if cursor.db.vendor == "postgresql":
        cursor.execute("SELECT pg_advisory_xact_lock(1)")
    cursor.execute(_NEWEST)
    index, last = cursor.fetchone() or (-1, b"")
    return index + 1, bytes(last)


def _rows(happenings: list[Happening], index: int, last: bytes) -> list[tuple[Any, ...]]:
    """Make the rows of the baseline: each entry holds the hash of the row before."""
    from django.db import connection

    from custodes.custody import bodies
    from custodes.custody.rules import SYSTEM
    from custodes.kernel.clock import now
    from custodes.kernel.digest import sha256
    from custodes.ledger.entry import PublicEntry, commit_body

    at = now()
    rows: list[tuple[Any, ...]] = []
    sealer = bodies.Sealer(bodies.key_for(at))
    adapted = connection.ops.adapt_datetimefield_value(at)
    for number, each in enumerate(happenings, index):
        fields = {
            "actor": SYSTEM.name,
            "actor_handle": SYSTEM.handle,
            "because": each.because,
            "door": SYSTEM.door,
            **each.event.private(),
        }
        seed, kind = os.urandom(32), each.event.kind
        commitment, facts = commit_body(seed, fields), each.event.facts()
        data = PublicEntry(each.subject, kind, number, bytes(32), at, commitment, facts).to_bytes()
        previous, last = last, sha256(last + data)
        sealed = sealer.seal(fields, seed, number)
        row = number, each.subject, number, kind, adapted, data, previous, last, sealed, sealer.key
        rows.append(row)
    return rows


def _start(home: Path, database_url: str) -> None:
    start(home, database_url)
    from django.db import connection

    from custodes.cli.first_start import prepare
    from custodes.kernel.ids import new_handle

    prepare()
    _SUBJECTS.extend(new_handle() for _ in range(5_000))
    blob, time_ = (
        ("bytea", "timestamptz") if connection.vendor == "postgresql" else ("BLOB", "TEXT")
    )
    with connection.cursor() as cursor:
        # The same columns and the same indexes as the log's own table of entries.
        cursor.execute(
            f'CREATE TABLE bench_chain ("index" bigint PRIMARY KEY, subject varchar(22), '
            f"number integer, kind varchar(40), at {time_}, data {blob}, previous {blob}, "
            f"hash {blob}, body {blob}, body_key_id bigint)"
        )
        cursor.execute("CREATE UNIQUE INDEX bench_subject ON bench_chain (subject, number)")
        cursor.execute('CREATE INDEX bench_kind ON bench_chain (kind, "index")')
