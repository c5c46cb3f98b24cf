"""The right edge of a growing log: which tiles are to be written when leaves are added.

Pure: the caller brings a reader for the tiles that stand and stores what it is
given, in the transaction that adds the leaves. Partial tiles of level 0 are never
among it, for whoever stores entries has their leaf hashes already; so nothing at
all is written for 255 of 256 entries.
"""

from __future__ import annotations

from collections.abc import Sequence

from custodes.ledger.tiles import FULL_BYTES, WIDTH, Tile, TileReader, tile_root
from custodes.ledger.tree import HASH_SIZE


def grown_by(reader: TileReader, size: int, leaves: Sequence[bytes]) -> list[tuple[Tile, bytes]]:
    """Return the tiles, with their hashes, that a log of this size has to write for new leaves.

    Full tiles of level 0; and of higher levels also the partial one, which
    replaces its narrower self. A full tile is returned once in the life of a log.
    """
    written: list[tuple[Tile, bytes]] = []
    level, start, added = 0, size, b"".join(leaves)
    while added:
        number, width = divmod(start, WIDTH)
        if level == 0 and width + len(added) // HASH_SIZE < WIDTH:
            break  # the entries themselves hold what is there so far
        packed = (reader.tile(Tile(level, number, width)) if width else b"") + added
        cut = [packed[at : at + FULL_BYTES] for at in range(0, len(packed), FULL_BYTES)]
        written += [
            (Tile(level, number + place, len(hashes) // HASH_SIZE), hashes)
            for place, hashes in enumerate(cut)
            if level or len(hashes) == FULL_BYTES
        ]
        # C2SP tlog-tiles: a partial tile is not hashed into the level above.
        added = b"".join(tile_root(hashes) for hashes in cut if len(hashes) == FULL_BYTES)
        level, start = level + 1, number
    return written
