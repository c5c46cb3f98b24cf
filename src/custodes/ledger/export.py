"""A log as files: the checkpoint, the tiles and the entry bundles (C2SP tlog-tiles).

Whoever has the folder recomputes the root, follows every chain and asks us nothing.
Files come first and the checkpoint last, so it never claims what is not there; a
full tile is written once and never again, so an export that was stopped goes on
where it was, and the next one adds what is new.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from custodes.kernel.durable import fsync_folder
from custodes.ledger.bundles import bundle
from custodes.ledger.checkpoint import Checkpoint, CheckpointInvalid
from custodes.ledger.note import Note, NoteInvalid
from custodes.ledger.tiled import TiledTree
from custodes.ledger.tiles import Tile, TileReader, levels_of, path_of, tiles_of_level

CHECKPOINT = "checkpoint"
_BUNDLES = "tile/entries/"
#: Publication levels: who may have the checkpoint, the hashes, the entries.
CHECKPOINT_ONLY, WITH_TILES, WITH_ENTRIES = 0, 1, 2


class ExportRefused(ValueError):
    """The folder holds something that this log does not continue."""


class LogReader(TileReader, Protocol):
    """Whoever has the tiles of one log and its entries."""

    def entries(self, tile: Tile) -> list[bytes]:
        """Return the public bytes of the entries whose leaf hashes a tile of level 0 has."""


@dataclass(frozen=True, slots=True)
class Exported:
    """What an export covers, and how many files it had to write."""

    size: int
    written: int


def export(log: LogReader, note: str, folder: Path, *, level: int = WITH_ENTRIES) -> Exported:
    """Write everything the signed checkpoint covers into the folder, and then the checkpoint.

    1. A checkpoint that stands in the folder must be of this log and not be larger, and
       the tree it signs must be the beginning of ours; otherwise ExportRefused.
    2. Tiles and bundles that are missing are written, each whole or not at all.
    3. The checkpoint replaces the older one in one step.
    4. Partial files whose full one is now there are removed.
    """
    checkpoint = Checkpoint.parse(Note.parse(note).text)
    tree = TiledTree(log, checkpoint.size)
    if tree.root() != checkpoint.root:
        raise ExportRefused("The tiles of the log do not lead to the root of its own checkpoint.")
    _demand_continued(folder / CHECKPOINT, checkpoint, log)

    writing = _Writing(folder)
    for path, tile in _files(checkpoint.size, level):
        writing.add(path, tile, log)
    writing.make_durable()
    _replace(folder / CHECKPOINT, note.encode())
    fsync_folder(folder)
    writing.remove_superseded()
    return Exported(checkpoint.size, writing.written)


def bundle_path(tile: Tile) -> str:
    """Return where the bundle is that has the entries of a tile of level 0."""
    return f"{_BUNDLES}{path_of(tile.number, tile.width)}"


class _Writing:
    """The files of one export that were not there yet."""

    def __init__(self, folder: Path) -> None:
        self.written = 0
        self._folder = folder
        self._touched: set[Path] = set()
        self._full: list[Path] = []
        folder.mkdir(parents=True, exist_ok=True)

    def add(self, path: str, tile: Tile, log: LogReader) -> None:
        """Write one tile or bundle, unless it is there."""
        file = self._folder / path
        if file.exists():
            return
        is_bundle = path.startswith(_BUNDLES)
        content = bundle(log.entries(tile)) if is_bundle else log.tile(tile)
        for missing in reversed([each for each in file.parents if not each.exists()]):
            missing.mkdir()
            self._touched.add(missing.parent)
        _replace(file, content)
        self._touched.add(file.parent)
        self.written += 1
        if tile.is_full:
            self._full.append(file)

    def make_durable(self) -> None:
        """Have the names of all files on the disk before a checkpoint claims them."""
        for folder in self._touched:
            fsync_folder(folder)

    def remove_superseded(self) -> None:
        """Remove partial files whose full one was written (tlog-tiles: they MAY go)."""
        for file in self._full:
            shutil.rmtree(file.with_name(f"{file.name}.p"), ignore_errors=True)


def _files(size: int, level: int) -> Iterator[tuple[str, Tile]]:
    if level >= WITH_TILES:
        for height in levels_of(size):
            yield from ((tile.path, tile) for tile in tiles_of_level(height, size))
    if level >= WITH_ENTRIES:
        yield from ((bundle_path(tile), tile) for tile in tiles_of_level(0, size))


def _demand_continued(path: Path, ours: Checkpoint, log: LogReader) -> None:
    """Refuse a folder whose checkpoint ours does not continue: one of the two is a fork."""
    if not path.exists():
        return
    try:
        theirs = Checkpoint.parse(Note.parse(path.read_bytes()).text)
    except (NoteInvalid, CheckpointInvalid) as error:
        raise ExportRefused(f"{path} is not a checkpoint: {error}.") from None
    if theirs.origin != ours.origin:
        raise ExportRefused(f"The folder holds the log {theirs.origin}, not {ours.origin}.")
    if theirs.size > ours.size:
        raise ExportRefused(
            f"The folder holds {theirs.size} entries, more than the {ours.size} to be exported."
        )
    if TiledTree(log, theirs.size).root() != theirs.root:
        raise ExportRefused(
            f"The folder's {theirs.size} entries are not those this log begins with."
        )


def _replace(path: Path, content: bytes) -> None:
    """Write a file whole or not at all; durable once its folder is."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.new")
    with temporary.open("wb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
