"""Tiles: the hashes of a log's tree in pieces of 256, and the paths they have (C2SP tlog-tiles).

Coordinates and names only. A tile of level 0 holds leaf hashes; each hash of a
higher level is the root of one *full* tile below it. A full tile never changes,
which is why it may be cached for ever. Reading, storing and growing tiles is
left to ``tiled``, ``growing`` and whoever has a disk or a table.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final, Protocol

from custodes.ledger.tree import HASH_SIZE, LeafHashes

#: Hashes in a full tile, and the levels of the tree that one tile spans.
WIDTH: Final = 256
HEIGHT: Final = 8
FULL_BYTES: Final = WIDTH * HASH_SIZE
# C2SP tlog-tiles: a level is between 0 and 63.
MAX_LEVEL: Final = 63

_NUMBER = r"(?P<number>(?:x[0-9]{3}/)*[0-9]{3})(?:\.p/(?P<width>[1-9][0-9]{0,2}))?"
_TILE = re.compile(rf"tile/(?P<level>0|[1-9][0-9]?)/{_NUMBER}\Z", re.ASCII)
_BUNDLE = re.compile(rf"tile/entries/{_NUMBER}\Z", re.ASCII)


class NoSuchTile(ValueError):
    """No tile has this path or these coordinates."""


@dataclass(frozen=True, slots=True)
class Tile:
    """The place of a tile: its level, its number in the level, and how many hashes are in it.

    ``width`` is below 256 for a partial tile, at the right edge of a tree.
    """

    level: int
    number: int
    width: int = WIDTH

    def __post_init__(self) -> None:
        if not (0 <= self.level <= MAX_LEVEL and self.number >= 0 and 1 <= self.width <= WIDTH):
            raise NoSuchTile(f"there is no tile {self.level}/{self.number} of {self.width}")

    @property
    def is_full(self) -> bool:
        """Say whether the tile will never change."""
        return self.width == WIDTH

    @property
    def path(self) -> str:
        """Return where the tile is served and exported, below the log's prefix."""
        return f"tile/{self.level}/{path_of(self.number, self.width)}"

    @property
    def end(self) -> int:
        """Return how many leaves a tree has at least for this tile to be in it."""
        return (self.number * WIDTH + self.width) << HEIGHT * self.level


class TileReader(Protocol):
    """Whoever has the tiles of one log: a table, a folder, a mirror."""

    def tile(self, tile: Tile) -> bytes:
        """Return exactly ``tile.width`` hashes, packed; raises whatever says why not."""


def path_of(number: int, width: int = WIDTH) -> str:
    """Return the last part of a path: groups of three digits, all but the last after an x."""
    groups = [f"{number % 1000:03d}"]
    while number := number // 1000:
        groups.append(f"x{number % 1000:03d}")
    suffix = "" if width == WIDTH else f".p/{width}"
    return "/".join(reversed(groups)) + suffix


def parse_tile(path: str) -> Tile:
    """Read the path of a tile of hashes; raises NoSuchTile for any but the one spelling."""
    match = _TILE.match(path)
    if match is None:
        raise NoSuchTile(path[:200])
    number, width = _number_and_width(match)
    tile = Tile(int(match["level"]), number, width)
    # Leading groups of zeros would be a second name for the same tile.
    if tile.path != path:
        raise NoSuchTile(path[:200])
    return tile


def parse_bundle(path: str) -> Tile:
    """Read the path of an entry bundle as the tile of level 0 that has the same entries."""
    match = _BUNDLE.match(path)
    if match is None:
        raise NoSuchTile(path[:200])
    number, width = _number_and_width(match)
    if f"tile/entries/{path_of(number, width)}" != path:
        raise NoSuchTile(path[:200])
    return Tile(0, number, width)


def tiles_of_level(level: int, size: int, *, start: int = 0) -> Iterator[Tile]:
    """Yield the tiles of one level of a tree, the partial one last, from a number on."""
    hashes = size >> HEIGHT * level
    for number in range(start, hashes // WIDTH):
        yield Tile(level, number)
    if (rest := hashes % WIDTH) and start <= hashes // WIDTH:
        yield Tile(level, hashes // WIDTH, rest)


def levels_of(size: int) -> range:
    """Return the levels that a tree of this size has tiles at; none when it is empty."""
    level = 0
    while size >> HEIGHT * level:
        level += 1
    return range(level)


def width_in(level: int, number: int, size: int) -> int:
    """Return how many hashes of a tile a tree of this size has; 0 when it has none of it."""
    return max(0, min(WIDTH, (size >> HEIGHT * level) - number * WIDTH))


def tile_root(packed: bytes) -> bytes:
    """Return the root over the hashes of a tile; of a full one, its hash in the level above."""
    return LeafHashes(packed).root()


def _number_and_width(match: re.Match[str]) -> tuple[int, int]:
    groups = match["number"].replace("x", "").split("/")
    return int("".join(groups)), int(match["width"] or WIDTH)
