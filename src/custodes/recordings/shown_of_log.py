"""What a package shows of the log: the head, checkpoints around its entries, entries, censuses.

Reads and decides nothing; see packaging.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from itertools import chain
from typing import Final

from custodes.custody.census import newest_census, shown_by_census
from custodes.custody.checkpoints import Vouched, vouched
from custodes.custody.log import own_checkpoints
from custodes.custody.queries import Told
from custodes.kernel.digest import sha256
from custodes.kernel.errors import NotFound
from custodes.ledger.entry import disclosure
from custodes.ledger.note import Note
from custodes.ledger.tiled import TiledTree
from custodes.package.statement import CensusShown, CheckpointShown, EntryShown

#: Opens every field there is; a field's own name opens that field alone.
ALL_FIELDS: Final = "all"


def head_with(must_have: int) -> Vouched:
    """Return the newest checkpoint that a witness saw; failing that the newest there is.

    It has the entry at this index in any case.
    """
    covering = own_checkpoints().filter(size__gt=must_have)
    row = covering.filter(cosignature__isnull=False).first() or covering.first()
    if row is None:
        raise NotFound("No checkpoint has these entries yet.", "Ask again in some seconds.")
    return vouched(row)


def checkpoints_around(indexes: Iterable[int], head: Vouched) -> list[Vouched]:
    """Return the checkpoints that bound the entries in time, and the head.

    Only the log's own: those of one it goes on from are of another name.
    """
    published = own_checkpoints().filter(size__lte=head.size)
    witnessed = published.filter(cosignature__isnull=False)
    stamped = published.filter(token__isnull=False)
    sizes = {head.size}
    for index in indexes:
        before = witnessed.filter(size__lte=index).order_by("-size")
        after = (rows.filter(size__gt=index).order_by("size") for rows in (witnessed, stamped))
        found = chain([before.first()], (rows.first() for rows in after))
        sizes |= {row.size for row in found if row is not None}
    return [vouched(row) for row in published.filter(size__in=sizes).order_by("size").distinct()]


def checkpoint_shown(tree: TiledTree, each: Vouched) -> CheckpointShown:
    """Return what proof.json says of a checkpoint."""
    proof = tuple(tree.consistency_proof(each.size)) if each.size < tree.size else ()
    tokens = tuple(f"{stem}.tsr" for stem in _stems(each))
    return CheckpointShown(_note_path(each), each.size, proof, tokens)


def notes_of(checkpoints: Iterable[Vouched]) -> dict[str, bytes]:
    """Return the notes of checkpoints and their timestamps, by their paths."""
    tags: dict[str, bytes] = {}
    for each in checkpoints:
        brief = str(Note.parse(each.note).brief())
        tags[_note_path(each)] = brief.encode()
        if brief != each.note:
            tags[CheckpointShown(_note_path(each), each.size).full_note] = each.note.encode()
        for stem, stamp in zip(_stems(each), each.stamps, strict=True):
            tags[f"{stem}.tsr"] = stamp.answer
            tags[f"{stem}.note"] = each.archived.encode()
    return tags


def _note_path(each: Vouched) -> str:
    return f"checkpoints/{each.size}.note"


def _stems(each: Vouched) -> list[str]:
    return [f"timestamps/{each.size}-{nth}" for nth in range(1, len(each.stamps) + 1)]


def origin_of(head: Vouched) -> str:
    """Return the name of the log."""
    return head.note.partition("\n")[0]


def entry_shown(tree: TiledTree, told: Told, opened: Collection[str]) -> EntryShown:
    """Return what proof.json says of an entry, with these of its fields open."""
    path = tuple(tree.inclusion_proof(told.index))
    if not told.seed:
        return EntryShown(told.index, told.data, path)  # its details were erased
    made = {name: disclosure(told.seed, name, value) for name, value in told.fields.items()}
    shows = {name for name in made if ALL_FIELDS in opened or name in opened}
    return EntryShown(
        told.index,
        told.data,
        path,
        open=tuple(made[name] for name in made if name in shows),
        closed=tuple(sha256(made[name]) for name in made if name not in shows),
    )


def census_shown(handle: str, size: int) -> CensusShown | None:
    """Return what the newest census under this head says of a recording, if it can be shown."""
    census = newest_census()
    if census is None or census.entry >= size:
        return None
    try:
        shown = shown_by_census(handle, census)
    except NotFound:
        return None
    if shown.counted is not None:
        return CensusShown(census.entry, here=shown.counted.to_value())
    absent = shown.absent
    ends = (absent.before, absent.after) if absent else (None, None)
    before, after = (each.to_value() if each else None for each in ends)
    return CensusShown(census.entry, before=before, after=after)
