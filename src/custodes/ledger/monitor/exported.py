"""The files of an exported log: checkpoint, entry bundles and tiles (C2SP tlog-tiles).

Read and not believed. A file that is missing or too short is Missing; what it says
is for others to judge.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from custodes.ledger.bundles import BundleInvalid, entries_in
from custodes.ledger.tiles import WIDTH, Tile, path_of, tiles_of_level
from custodes.ledger.tree import HASH_SIZE

# A full bundle of the longest entries there may be; nothing larger is opened.
_MOST_BYTES = WIDTH * (2 + 0xFFFF)


class Missing(Exception):
    """A file of the export is not there, cannot be read, or holds too little."""


@dataclass(frozen=True, slots=True)
class ExportedLog:
    """A folder with a log's public files; ``custodes ledger export`` writes one."""

    folder: Path

    def checkpoint(self) -> bytes:
        """Return the signed checkpoint as it was exported; raises Missing."""
        return self._read("checkpoint")

    def bundles(self, size: int, *, start: int = 0) -> Iterator[tuple[int, list[bytes]]]:
        """Yield the entries up to a size in bundles, each with the index of its first entry.

        From the bundle on that ``start`` lies in. Raises Missing.
        """
        for tile in tiles_of_level(0, size, start=start // WIDTH):
            path = f"tile/entries/{path_of(tile.number, tile.width)}"
            packed = self._read(path, f"tile/entries/{path_of(tile.number)}")
            try:
                entries = entries_in(packed)
            except BundleInvalid as error:
                raise Missing(f"{path}: {error}") from None
            if len(entries) < tile.width:
                raise Missing(f"{path} has {len(entries)} of {tile.width} entries")
            yield tile.number * WIDTH, entries[: tile.width]

    def hashes(self, tile: Tile) -> bytes | None:
        """Return the hashes of a tile, or None when it was not exported: nobody needs them."""
        try:
            whole = Tile(tile.level, tile.number).path
            return self._read(tile.path, whole)[: tile.width * HASH_SIZE]
        except Missing:
            return None

    def _read(self, *paths: str) -> bytes:
        """Read the first of the paths that is there.

        A partial tile may be gone once the full one is there, which begins alike.
        """
        for path in paths:
            try:
                with (self.folder / path).open("rb") as file:
                    return file.read(_MOST_BYTES)
            except FileNotFoundError:
                continue
            except OSError as error:
                raise Missing(f"{path} cannot be read: {error.strerror}") from None
        raise Missing(f"{paths[0]} is not there")
