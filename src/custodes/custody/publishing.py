"""What the installation gives out of its log: files for everybody, and proofs of entries.

Everything here is public by its nature. What is given out never reaches further than
the newest published checkpoint, so nobody ever holds a part of the log that no
signature answers for.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from custodes.custody.checkpoints import Vouched, newest_checkpoint
from custodes.custody.models import Entry
from custodes.custody.tiles import StoredTiles, tree_of_log
from custodes.kernel.errors import NotFound, Refused
from custodes.ledger.bundles import bundle
from custodes.ledger.export import WITH_ENTRIES, WITH_TILES, Exported, ExportRefused, export
from custodes.ledger.proof import LogProof
from custodes.ledger.tiles import NoSuchTile, parse_bundle, parse_tile


class NothingPublished(Refused):
    """No checkpoint was signed yet."""

    advice = "A worker signs one within seconds of the first entry. Ask again, with one running."

    def __init__(self) -> None:
        super().__init__("No checkpoint of the custody log was published yet.")


class FolderRefused(Refused):
    """The folder holds a log that ours does not continue."""

    advice = (
        "Nothing was written. Give an empty folder, and keep this one: if it was yours, "
        "one of the two logs was rewritten or restored."
    )


@dataclass(frozen=True, slots=True)
class Proven:
    """The public bytes of an entry and the proof that it is in the log."""

    index: int
    data: bytes
    proof: LogProof


@dataclass(frozen=True, slots=True)
class Proofs:
    """What could be proven under one checkpoint, and the entries it does not cover yet."""

    size: int
    proven: list[Proven]
    waiting: list[int]


def published() -> Vouched:
    """Return the newest published checkpoint; raises NothingPublished."""
    newest = newest_checkpoint()
    if newest is None:
        raise NothingPublished
    return newest


def published_file(path: str, level: int) -> bytes:
    """Return a tile or a bundle by its path, if this level has it and a checkpoint covers it.

    Raises NotFound otherwise, for whatever reason.
    """
    parts = ((WITH_TILES, parse_tile), (WITH_ENTRIES, parse_bundle))
    for needed, parse in parts:
        try:
            tile = parse(path)
        except NoSuchTile:
            continue
        newest = newest_checkpoint()
        if level < needed or newest is None or tile.end > newest.size:
            break
        log = StoredTiles()
        return log.tile(tile) if needed == WITH_TILES else bundle(log.entries(tile))
    raise NotFound("There is no such file of the log.")


def export_to(folder: Path, *, level: int = WITH_ENTRIES) -> Exported:
    """Write what the newest checkpoint covers into a folder; see :mod:`custodes.ledger.export`."""
    try:
        return export(StoredTiles(), published().note, folder, level=level)
    except ExportRefused as refused:
        raise FolderRefused(str(refused)) from None


def prove_entry(index: int) -> Proofs:
    """Prove one entry by its place in the log; raises NotFound when there is none."""
    return _proofs(Entry.objects.filter(index=index), f"The log has no entry {index}.")


def prove_subject(subject: str) -> Proofs:
    """Prove all entries of a subject; callers have made sure that their viewer may know of it."""
    entries = Entry.objects.filter(subject=subject).order_by("number")
    return _proofs(entries, "The log has no entries of it.")


def _proofs(entries: Iterable[Entry], none: str) -> Proofs:
    newest, found = published(), list(entries)
    if not found:
        raise NotFound(none, "Nothing was written. Check the number.")
    tree = tree_of_log(newest.size)
    proven = [
        Proven(
            index=entry.index,
            data=bytes(entry.data),
            proof=LogProof(entry.index, tuple(tree.inclusion_proof(entry.index)), newest.note),
        )
        for entry in found
        if entry.index < newest.size
    ]
    waiting = [entry.index for entry in found if entry.index >= newest.size]
    return Proofs(newest.size, proven, waiting)
