"""How much memory a package of 20 GB takes while it is made and sent, and how long that takes.

Ten films are made up as they are read, piece by piece as the vault yields them, so that
nothing of them stands on a disk; everything else is as the server does it: each file is
measured (SHA-256, CRC-32), the lists are made, and the ZIP file is sent in two parts, as a
download that broke off and went on. The baseline is SHA-256 of the same bytes, read once.
"""

from __future__ import annotations

import argparse
import hashlib
import os
import sys
import time
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path

from custodes.package.sending import Parcel

from .rounds import Limits, Memory, interleaved, median, say_ratio

_FILMS, _PIECE = 10, 1 << 20
_MADE = datetime(2026, 11, 14, 21, 14, 7, tzinfo=UTC)
# What the package of a force's busiest month may take beside what the program takes anyway.
_MOST_MEGABYTES = 64


class _Film:
    """Bytes that are made when they are read, each time the same."""

    def __init__(self, number: int, size: int) -> None:
        self._number, self.size = number, size

    def __iter__(self) -> Iterator[bytes]:
        yield from self.pieces(0, self.size)

    def pieces(self, start: int, end: int) -> Iterator[bytes]:
        """Yield a stretch of them."""
        piece = bytes([self._number]) * _PIECE
        for at in range(start, end, _PIECE):
            yield piece[: end - at]


def main(arguments: Sequence[str] = ()) -> float:
    """Return the time of making and sending ÷ that of hashing."""
    parser = argparse.ArgumentParser(prog="custodes bench package_stream", description=__doc__)
    parser.add_argument("--megabytes", type=int, default=20_000, help="all films together")
    parser.add_argument("--rounds", type=int, default=1)
    parser.add_argument("--home", type=Path, default=None, help="nothing is written")
    options = parser.parse_args(arguments)
    Limits.begin(full=options.megabytes >= parser.get_default("megabytes"))
    each = options.megabytes * 1_000_000 // _FILMS
    films = [_Film(number, each) for number in range(_FILMS)]
    most: list[int] = []
    seconds = interleaved(
        {"hash": lambda: _hash(films), "make and send": lambda: _make_and_send(films, most)},
        options.rounds,
    )
    grown = max(most) / 1e6
    verdict = Limits.verdict("memory", held=grown <= _MOST_MEGABYTES)
    print(f"a package of {_FILMS * each / 1e9:,.3f} GB: memory grew by {grown:.0f} MB, "
          f"{verdict} {_MOST_MEGABYTES}")  # fmt: skip
    return say_ratio(median(seconds["make and send"]) / median(seconds["hash"]))


def _make_and_send(films: Sequence[_Film], most: list[int]) -> float:
    memory, began = Memory(os.getpid()), time.perf_counter()
    files = [(f"data/clips/{number}.mp4", film) for number, film in enumerate(films)]
    parcel = Parcel.of("package", files, about=[("Source-Organization", "made up")], made=_MADE)
    half, sent = parcel.size // 2, 0
    for start, end in ((0, half), (half, None)):
        sent += sum(map(len, parcel.pieces(start, end)))
    seconds = time.perf_counter() - began
    most.append(memory.stop())
    if sent != parcel.size:
        raise RuntimeError(f"{sent} bytes were sent of {parcel.size}")
    return seconds


def _hash(films: Sequence[_Film]) -> float:
    began = time.perf_counter()
    for film in films:
        digest = hashlib.sha256()
        for piece in film:
            digest.update(piece)
    return time.perf_counter() - began


if __name__ == "__main__":
    main(sys.argv[1:])
