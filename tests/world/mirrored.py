"""Write a log out as a mirror has it: C2SP paths, from nothing but its public entries."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from custodes.ledger.bundles import bundle
from custodes.ledger.tiles import WIDTH, path_of


def write_mirror(folder: Path, note: str, entries: Sequence[bytes]) -> Path:
    """Write the checkpoint and the entry bundles of a log below a folder."""
    for start in range(0, len(entries), WIDTH):
        some = entries[start : start + WIDTH]
        path = folder / "tile" / "entries" / path_of(start // WIDTH, len(some))
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(bundle(some))
    (folder / "checkpoint").write_text(note)
    return folder
