"""A few dozen tiny films, really encoded, from which any number of different files is made."""

from __future__ import annotations

import struct
from pathlib import Path
from tempfile import TemporaryDirectory

from custodes.kernel.digest import sha256
from custodes.media.generate import footage

NUMBER = 24
_SIZES = ((64, 48), (80, 48), (96, 64))


def make_films() -> tuple[bytes, ...]:
    """Return the films: MP4 with H.264, under a second each, no two alike."""
    with TemporaryDirectory() as folder:
        return tuple(_film(Path(folder) / f"{number}.mp4", number) for number in range(NUMBER))


def film_of(films: tuple[bytes, ...], look: float, name: str) -> bytes:
    """Return a file like no other: the film that ``look`` (0 to 1) picks, and a box with a mark.

    The mark stands in a ``free`` box at the end (ISO/IEC 14496-12, 8.1.2), which players skip.
    """
    mark = sha256(name.encode())
    return films[place_of(films, look)] + struct.pack(">I4s", 8 + len(mark), b"free") + mark


def place_of(films: tuple[bytes, ...], look: float) -> int:
    """Return which of the films that is made of."""
    return min(int(look * len(films)), len(films) - 1)


def _film(path: Path, number: int) -> bytes:
    size = _SIZES[number % len(_SIZES)]
    footage(
        path,
        seconds=0.4 + number % 4 * 0.2,
        size=size,
        fps=5,
        camera=f"{number}",
        seed=number,
        sound=False,
    )
    return path.read_bytes()
