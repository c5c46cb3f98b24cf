"""The tiles of the log as its tables have them, and whether they agree with the entries."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import connection
from django.db.models import QuerySet

from custodes.custody.log import size_of_log
from custodes.custody.models import Entry
from custodes.kernel.errors import Damaged
from custodes.ledger import tiles
from custodes.ledger.tiled import TiledTree
from custodes.ledger.tiles import WIDTH
from custodes.ledger.tree import HASH_SIZE, leaf_hash

# Asked without the model, which costs ten times what the database does: a proof reads five.
_READ_TILE = "SELECT hashes FROM custody_tile WHERE level = %s AND number = %s"
_READ_LEAVES = (
    'SELECT leaf FROM custody_entry WHERE "index" >= %s AND "index" < %s ORDER BY "index"'
)


class StoredTiles:
    """Reads tiles for :mod:`custodes.ledger`, those of any smaller tree too."""

    def tile(self, tile: tiles.Tile) -> bytes:
        """Return the hashes of a tile; raises Damaged when the log does not have them all."""
        length = tile.width * HASH_SIZE
        with connection.cursor() as cursor:
            cursor.execute(_READ_TILE, (tile.level, tile.number))
            found = cursor.fetchone()
        packed = bytes(found[0])[:length] if found else b""
        if not packed and tile.level == 0:
            packed = b"".join(_leaves(tile))
        if len(packed) != length:
            raise Damaged(f"The tile {tile.path} of the custody log is not whole.")
        return packed

    def entries(self, tile: tiles.Tile) -> list[bytes]:
        """Return the public bytes of the entries that a tile of level 0 has the hashes of."""
        found = _entries(tile).values_list("data", flat=True)
        entries = [bytes(data) for data in found]
        if len(entries) != tile.width:
            raise Damaged(f"Entries of the tile {tile.path} of the custody log are missing.")
        return entries


def tree_of_log(size: int | None = None) -> TiledTree:
    """Return the tree over the first ``size`` entries, or over all there are now."""
    return TiledTree(StoredTiles(), size_of_log() if size is None else size)


def _leaves(tile: tiles.Tile) -> list[bytes]:
    first = tile.number * WIDTH
    with connection.cursor() as cursor:
        cursor.execute(_READ_LEAVES, (first, first + tile.width))
        return [bytes(leaf) for (leaf,) in cursor]


def _entries(tile: tiles.Tile) -> QuerySet[Entry]:
    first = tile.number * WIDTH
    return Entry.objects.filter(index__gte=first, index__lt=first + tile.width).order_by("index")


def faults_at_the_edge() -> list[str]:
    """Say what does not agree at the end of the log: its size, last entries and last tiles.

    Reads at most 256 entries and two tiles a level, so it may be asked at any time.
    Reading the whole log again is for a monitor.
    """
    size = size_of_log()
    last = Entry.objects.order_by("-index").values_list("index", flat=True).first()
    if size != (0 if last is None else last + 1):
        return [f"The log says that it has {size} entries, and its last one is {last}."]
    try:
        return [*_changed_entries(size), *_tiles_that_do_not_agree(size)]
    except Damaged as damaged:
        return [damaged.reason]


def _changed_entries(size: int) -> Iterator[str]:
    entries = Entry.objects.filter(index__gte=max(0, size - WIDTH)).order_by("index")
    for index, data, leaf in entries.values_list("index", "data", "leaf"):
        if leaf_hash(bytes(data)) != bytes(leaf):
            yield f"Entry {index} is not what its leaf hash was made of."


def _tiles_that_do_not_agree(size: int) -> Iterator[str]:
    stored = StoredTiles()
    last_full = size // WIDTH - 1
    if last_full >= 0:
        tile = tiles.Tile(0, last_full)
        if stored.tile(tile) != b"".join(_leaves(tile)):
            yield f"The tile {tile.path} does not have the leaf hashes of its entries."
    for level in tiles.levels_of(size)[1:]:
        at = (size >> tiles.HEIGHT * level) - 1
        above = tiles.Tile(level, at // WIDTH, at % WIDTH + 1)
        below = tiles.Tile(level - 1, at)
        if stored.tile(above)[-HASH_SIZE:] != tiles.tile_root(stored.tile(below)):
            yield f"The tile {above.path} does not end in the root of {below.path}."
