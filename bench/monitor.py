"""How many entries a second a monitor replays from an exported log.

Makes a log of a million entries with the mix of a working force, exports it, and
replays it with every check on. The baselines in the same run hash the same bytes
once with SHA-256, and parse the same entries with ``json.loads``. The last line is
the ratio of parsing alone to the whole replay.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import random
import resource
import tempfile
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from custodes.kernel.clock import rfc3339
from custodes.kernel.digest import b64u, sha256
from custodes.ledger.bundles import bundle, entries_in
from custodes.ledger.census import CensusLeaf, Standing, census_root
from custodes.ledger.checkpoint import Checkpoint
from custodes.ledger.monitor.visit import visit
from custodes.ledger.tiles import path_of
from custodes.ledger.tree import LeafHashes, leaf_hash

from .rounds import interleaved, median, say_ratio

TARGET = 100_000
_ORIGIN = "bench.example/custody"
_SEEN = ("recording.viewed", "recording.opened_page", "recording.noted", "recording.checked")
_A_DAY = 68_000


def main(arguments: Sequence[str] = ()) -> float:
    """Return how many times as long as a replay the bare parsing takes."""
    parser = argparse.ArgumentParser(prog="custodes bench monitor")
    parser.add_argument("--entries", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--home", default=None)
    chosen = parser.parse_args([*arguments])
    with tempfile.TemporaryDirectory(prefix="custodes-bench-", dir=chosen.home) as folder:
        return _measure(Path(folder), chosen.entries, chosen.rounds)


def _measure(folder: Path, entries: int, rounds: int) -> float:
    size = _export(folder, entries)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    seconds = interleaved(
        {
            "replay": lambda: _replay(folder),
            "sha256": lambda: _hashed(folder),
            "json": lambda: _parsed(folder),
        },
        rounds,
    )
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024
    rate = entries / median(seconds["replay"])
    verdict = "more than" if rate >= TARGET else "FEWER than"
    print(f"{entries:,} entries, {size / entries:.0f} bytes each: {rate:,.0f} a second, ", end="")
    print(f"{verdict} {TARGET:,}; memory grew by {grown:.0f} MB")
    for name in ("sha256", "json"):
        print(f"{name} of the same alone: {entries / median(seconds[name]):,.0f} a second")
    return say_ratio(median(seconds["json"]) / median(seconds["replay"]))


def _replay(folder: Path) -> float:
    began = time.perf_counter()
    report = visit(folder)
    seconds = time.perf_counter() - began
    assert report.is_clean, report.findings.found[:5]
    return seconds


def _files(folder: Path) -> Iterator[bytes]:
    for path in sorted((folder / "tile" / "entries").rglob("*")):
        if path.is_file():
            yield path.read_bytes()


def _hashed(folder: Path) -> float:
    began = time.perf_counter()
    for packed in _files(folder):
        hashlib.sha256(packed).digest()
    return time.perf_counter() - began


def _parsed(folder: Path) -> float:
    began = time.perf_counter()
    for packed in _files(folder):
        for entry in entries_in(packed):
            json.loads(entry)
    return time.perf_counter() - began


def _export(folder: Path, entries: int) -> int:
    """Write the log in bundles; returns how many bytes that is."""
    leaves, waiting, total = LeafHashes(), [], 0
    for entry in _log(entries):
        leaves.append(leaf_hash(entry))
        waiting.append(entry)
        if len(waiting) == 256 or len(leaves) == entries:
            number = (len(leaves) - 1) // 256
            path = folder / "tile" / "entries" / path_of(number, len(waiting))
            path.parent.mkdir(parents=True, exist_ok=True)
            total += path.write_bytes(bundle(waiting))
            waiting.clear()
    text = Checkpoint(_ORIGIN, entries, leaves.root()).body()
    (folder / "checkpoint").write_text(f"{text}\n\N{EM DASH} {_ORIGIN} AAAAAAAA\n")
    return total


def _log(entries: int) -> Iterator[bytes]:
    """Yield the entries of an honest log: a fifth of them arrivals, the rest use."""
    choose, book = random.Random(1), _Book()
    yield book.entry("log.genesis", _handle(0), {"o": _ORIGIN, "f": "custodes-entry/v1"})
    recordings, made = 1, 1
    while made < entries:
        camera = _handle(10_000_000 + choose.randrange(2000))
        name = _handle(recordings)
        for entry in _arrival(book, name, camera):
            if made < entries:
                yield entry
                made += 1
        recordings += 1
        for _ in range(12):
            if made < entries:
                yield book.entry(choose.choice(_SEEN), _handle(choose.randrange(1, recordings)), {})
                made += 1
        if recordings % (_A_DAY // 15) == 0 and made < entries:
            yield book.census()
            made += 1


def _arrival(book: _Book, name: str, camera: str) -> Iterator[bytes]:
    yield book.entry("recording.opened", name, {"d": camera, "src": "axis"})
    hashes = {key: b64u(sha256((name + key).encode())) for key in ("fc", "cc", "m")}
    facts = {
        "o": _handle(7),
        "d": camera,
        "src": "axis",
        "z": 734003200,
        "kid": _handle(8),
        "ep": 1,
    }
    yield book.entry("recording.ingested", name, {**facts, **hashes})
    yield book.entry("recording.completed", name, {"f": 1})


class _Book:
    """The ends of all chains, and the clock."""

    def __init__(self) -> None:
        self._at = datetime(2026, 11, 3, tzinfo=UTC)
        self._ends: dict[str, CensusLeaf] = {}
        self._size = 0

    def entry(self, kind: str, subject: str, facts: dict[str, Any]) -> bytes:
        """Write the next entry, 1.26 seconds after the one before."""
        self._at += timedelta(milliseconds=1261)
        end = self._ends.get(subject)
        value = {
            "b": _BODY,
            "k": kind,
            "n": end.number + 1 if end else 0,
            "p": b64u(end.last) if end else "",
            "s": subject,
            "t": rfc3339(self._at),
            "v": 1,
            "x": facts,
        }
        data = json.dumps(value, sort_keys=True, separators=(",", ":")).encode()
        number = end.number + 1 if end else 0
        self._ends[subject] = CensusLeaf(subject, number, leaf_hash(data), Standing.STANDS)
        self._size += 1
        return data

    def census(self) -> bytes:
        """Count everybody."""
        count, root = census_root(self._ends[each].to_bytes() for each in sorted(self._ends))
        return self.entry("census", _handle(0), {"z": self._size, "c": count, "r": b64u(root)})


_BODY = b64u(sha256(b"a body"))


def _handle(number: int) -> str:
    return b64u(sha256(str(number).encode())[:16])
