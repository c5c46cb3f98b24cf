"""What a package of a recording is made of: its entries, their proofs, and its originals.

Reads and decides nothing: whoever calls has made sure that the viewer may, and that it
is recorded.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import chain
from pathlib import PurePath

from custodes.custody.census import newest_census, shown_by_census
from custodes.custody.checkpoints import Vouched, vouched
from custodes.custody.log import own_checkpoints
from custodes.custody.models import Entry
from custodes.custody.queries import Told, history_of
from custodes.custody.tiles import tree_of_log
from custodes.kernel.digest import sha256
from custodes.kernel.errors import NotFound
from custodes.ledger.entry import disclosure
from custodes.ledger.note import Note
from custodes.ledger.tiled import TiledTree
from custodes.media.commitment import MediaCommitment
from custodes.package.assembling import Contents
from custodes.package.deletion import DeletionShown
from custodes.package.paths import safe_name
from custodes.package.statement import (
    ORIGINAL,
    CensusShown,
    CheckpointShown,
    EntryShown,
    FileShown,
    Statement,
    SubjectShown,
)
from custodes.recordings.arriving import salt_of
from custodes.recordings.models import Original, Recording
from custodes.recordings.reading import open_original

#: Opens every field there is; a field's own name opens that field alone.
ALL_FIELDS = "all"
_MUST_BE_SHOWN = ("recording.ingested", "recording.deleted")
#: Printed in every package with film, as the page says it before film is played (PIP-12).
NOT_AN_EYE = (
    "A camera is not an eye. It sees from where it was worn and through its own lens, a"
    " number of pictures a second, in the dark more than a person or less, by a clock that"
    " may be wrong, and often without sound before the button. What somebody remembers"
    " otherwise need not be untrue."
)


@dataclass(frozen=True, slots=True)
class Beside:
    """What is shown beside a deleted recording's own entries: others of the log, and files."""

    entries: tuple[int, ...]
    tags: Mapping[str, bytes]
    deletion: DeletionShown


#: Given the size of the log that is shown, says what else is.
WhatElse = Callable[[int], Beside]


def contents_of(
    recording: Recording,
    opened: Collection[str],
    at: datetime,
    what_else: WhatElse | None = None,
    *,
    closed: Collection[int] = (),
) -> Contents:
    """Return what goes into a package of a recording; its films are read when it is written.

    The entries whose index is among ``closed`` show no field, whatever is ``opened``.
    Raises NotFound while no checkpoint has the entries that took them in, or deleted them.
    """
    history = history_of(recording.handle)
    head = _head(max(told.index for told in history if told.kind in _MUST_BE_SHOWN))
    beside = what_else(head.size) if what_else else None
    shown = [told for told in history if told.index < head.size]
    tree = tree_of_log(head.size)
    census = _census_of(recording.handle, head.size)
    entries = [_entry(tree, told, () if told.index in closed else opened) for told in shown]
    if census is not None:
        counted = Entry.objects.get(index=census.entry)
        path = tuple(tree.inclusion_proof(counted.index))
        entries.append(EntryShown(counted.index, bytes(counted.data), path))
    if beside is not None:
        more = Entry.objects.filter(index__in=beside.entries).values_list("index", "data")
        entries += [EntryShown(n, bytes(data), tuple(tree.inclusion_proof(n))) for n, data in more]
    checkpoints = _checkpoints([entry.index for entry in entries], head)
    files = {
        _file_of(original, shown, _path_of(original, opened)): original
        for original in recording.originals.all()
    }
    statement = Statement(
        log=_origin(head),
        made=at,
        by="Custodes",
        checkpoints=tuple(_checkpoint(tree, each) for each in checkpoints),
        entries=tuple(sorted(entries, key=lambda entry: entry.index)),
        subjects=(SubjectShown(recording.handle, census, beside.deletion if beside else None),),
        files=tuple(sorted(files, key=lambda file: file.path)),
    )
    media = {file.path: _Film(original) for file, original in files.items()}
    tags = {**_tags(checkpoints), **(beside.tags if beside else {})}
    title = f"Recording {recording.handle}"
    return Contents(statement, tags, media, title=title, remarks=(NOT_AN_EYE,) if media else ())


def contents_of_acts(
    acts: Sequence[Told],
    title: str,
    remarks: Iterable[str],
    opened: Collection[str],
    at: datetime,
    *,
    whole: Collection[str] = (),
    closed: Collection[int] = (),
) -> Contents:
    """Return what goes into a package of entries about this and that, such as one person's acts.

    ``whole`` names the subjects of which all entries are among them: only their records are
    claimed to be whole. The entries whose index is among ``closed`` show no field. Raises
    NotFound while no checkpoint has the last of them.
    """
    head = _head(max(told.index for told in acts))
    tree = tree_of_log(head.size)
    checkpoints = _checkpoints([acts[0].index, acts[-1].index], head)
    subjects = [SubjectShown(each, _census_of(each, head.size)) for each in sorted(whole)]
    entries = {
        told.index: _entry(tree, told, () if told.index in closed else opened) for told in acts
    }
    counts = {subject.census.entry for subject in subjects if subject.census}
    for counted in Entry.objects.filter(index__in=counts - set(entries)):
        path = tuple(tree.inclusion_proof(counted.index))
        entries[counted.index] = EntryShown(counted.index, bytes(counted.data), path)
    statement = Statement(
        log=_origin(head),
        made=at,
        by="Custodes",
        checkpoints=tuple(_checkpoint(tree, each) for each in checkpoints),
        entries=tuple(entries[index] for index in sorted(entries)),
        subjects=tuple(subjects),
    )
    return Contents(statement, _tags(checkpoints), {}, title=title, remarks=tuple(remarks))


class _Film:
    """The bytes of an original, read from the vault each time they are asked for."""

    def __init__(self, original: Original) -> None:
        self._original = original

    def __iter__(self) -> Iterator[bytes]:
        with open_original(self._original) as reader:
            yield from reader.blocks()


def _head(must_have: int) -> Vouched:
    """Return the newest checkpoint that a witness saw; failing that the newest there is.

    It has the entry at this index in any case.
    """
    covering = own_checkpoints().filter(size__gt=must_have)
    row = covering.filter(cosignature__isnull=False).first() or covering.first()
    if row is None:
        raise NotFound("No checkpoint has these entries yet.", "Ask again in some seconds.")
    return vouched(row)


def _checkpoints(indexes: Iterable[int], head: Vouched) -> list[Vouched]:
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


def _checkpoint(tree: TiledTree, each: Vouched) -> CheckpointShown:
    proof = tuple(tree.consistency_proof(each.size)) if each.size < tree.size else ()
    tokens = tuple(f"{stem}.tsr" for stem in _stems(each))
    return CheckpointShown(_note_path(each), each.size, proof, tokens)


def _tags(checkpoints: Iterable[Vouched]) -> dict[str, bytes]:
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


def _origin(head: Vouched) -> str:
    return head.note.partition("\n")[0]


def _entry(tree: TiledTree, told: Told, opened: Collection[str]) -> EntryShown:
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


def _census_of(handle: str, size: int) -> CensusShown | None:
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


def _path_of(original: Original, opened: Collection[str]) -> str:
    """Return where a file stands; its own name, which may name a person, only if it is opened."""
    name = safe_name(original.name)
    if opened and {ALL_FIELDS, "name"} & set(opened):
        return f"data/{original.number:02d}-{name}"
    return f"data/original-{original.number:02d}{PurePath(name).suffix[:8]}"


def _file_of(original: Original, history: Iterable[Told], path: str) -> FileShown:
    took_in: Mapping[str, int] = {
        told.facts["o"]: told.index for told in history if told.kind == "recording.ingested"
    }
    return FileShown(
        path=path,
        role=ORIGINAL,
        entry=took_in[original.handle],
        recording=original.recording.handle,
        original=original.handle,
        salt=salt_of(original),
        file_sha256=bytes.fromhex(original.sha256),
        chunk_root=bytes(original.chunk_root),
        size=original.size,
        media_root=bytes(original.media_root or b""),
        tracks=_tracks(original),
    )


def _tracks(original: Original) -> tuple[bytes, ...]:
    if not original.commitment:
        return ()
    commitment = MediaCommitment.from_cj1(json.loads(original.commitment))
    return tuple(track.to_bytes() for track in commitment.tracks)
