"""What a package of recordings is made of: entries, their proofs, originals, clips and stills.

Reads and decides nothing: whoever calls has made sure that the viewer may, and that it
is recorded.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from custodes.custody.models import Entry
from custodes.custody.queries import Told, history_of
from custodes.custody.tiles import tree_of_log
from custodes.package.assembling import Contents
from custodes.package.deletion import DeletionShown
from custodes.package.errors import CannotPackage
from custodes.package.statement import (
    EntryShown,
    FileShown,
    Statement,
    SubjectShown,
)
from custodes.recordings.carrying import Carried
from custodes.recordings.described import read
from custodes.recordings.models import Original, Recording
from custodes.recordings.reading import open_original
from custodes.recordings.shown_of_films import made_by, made_shown, original_shown, path_of
from custodes.recordings.shown_of_log import (
    census_shown,
    checkpoint_shown,
    checkpoints_around,
    entry_shown,
    head_with,
    notes_of,
    origin_of,
)

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


@dataclass(frozen=True, slots=True)
class Packaged:
    """A package that was written: where, under how long a log, and with how many entries."""

    folder: Path
    size: int
    entries: int


#: Given the size of the log that is shown, says what else is.
WhatElse = Callable[[int], Beside]


def contents_of(
    recording: Recording,
    opened: Collection[str],
    at: datetime,
    what_else: WhatElse | None = None,
    made: Sequence[Carried] = (),
    *,
    closed: Collection[int] = (),
) -> Contents:
    """Return what goes into a package of a recording; its films are read when it is written.

    ``made`` are clips and stills of it that go with it. The entries whose index is among
    ``closed`` show no field, whatever is ``opened``. Raises NotFound while no checkpoint
    has the entries that took in what is shown, made it, or deleted it.
    """
    originals = [(path_of(each, opened), each) for each in recording.originals.all()]
    films = _Films([recording], originals, made, opened, closed)
    return _contents(films, at, f"Recording {recording.handle}", (), what_else)


def contents_of_made(
    made: Sequence[Carried],
    opened: Collection[str],
    at: datetime,
    *,
    title: str,
    remarks: Sequence[str] = (),
    closed: Collection[int] = (),
    originals: Sequence[tuple[str, Original]] = (),
) -> Contents:
    """Return what goes into a package of clips and stills, and only of those originals named.

    They may be of several recordings; the whole record of each is shown, with those of its
    details open that are named. Each original comes with the path at which it is to stand,
    below ``data``. Raises as :func:`contents_of`, and CannotPackage when nothing is named.
    """
    of = [*(each.copy.original for each in made), *(original for _, original in originals)]
    if not of:
        raise CannotPackage("No clip, no still and no recording was named.")
    recordings = list({original.recording for original in of})
    return _contents(_Films(recordings, originals, made, opened, closed), at, title, remarks)


@dataclass(frozen=True, slots=True)
class _Films:
    """What is shown of which recordings: originals, what was made of them, and which details."""

    recordings: Sequence[Recording]
    originals: Sequence[tuple[str, Original]]
    made: Sequence[Carried]
    opened: Collection[str]
    closed: Collection[int]

    @property
    def handles(self) -> frozenset[str]:
        return frozenset(each.copy.handle for each in self.made)

    @property
    def unproven(self) -> frozenset[str]:
        """Return the handles of those of which an entry shows what they are, and no packets."""
        return frozenset(each.copy.handle for each in self.made if each.proof is None)

    def need(self, told: Told) -> bool:
        """Say whether an entry must be shown for the package to prove anything."""
        return told.kind in _MUST_BE_SHOWN or made_by(told) in self.handles

    def opens(self, told: Told) -> Collection[str]:
        """Return what is opened of an entry: with what no packets prove, its bytes' hash."""
        opened = () if told.index in self.closed else self.opened
        shows_bytes = made_by(told) in self.unproven
        return {*opened, "sha256"} if shows_bytes else opened


def _contents(
    films: _Films,
    at: datetime,
    title: str,
    remarks: Sequence[str],
    what_else: WhatElse | None = None,
) -> Contents:
    history = [told for each in films.recordings for told in history_of(each.handle)]
    head = head_with(max(told.index for told in history if films.need(told)))
    beside = what_else(head.size) if what_else else None
    shown = [told for told in history if told.index < head.size]
    tree = tree_of_log(head.size)
    subjects = [
        SubjectShown(
            each.handle, census_shown(each.handle, head.size), beside.deletion if beside else None
        )
        for each in sorted(films.recordings, key=lambda each: each.handle)
    ]
    entries = [entry_shown(tree, told, films.opens(told)) for told in shown]
    more = {subject.census.entry for subject in subjects if subject.census}
    more |= set(beside.entries) if beside else set()
    told_of = Entry.objects.filter(index__in=more).values_list("index", "data")
    entries += [EntryShown(n, bytes(data), tuple(tree.inclusion_proof(n))) for n, data in told_of]
    checkpoints = checkpoints_around([entry.index for entry in entries], head)
    media: dict[FileShown, Iterable[bytes]] = {
        original_shown(original, shown, path): _Film(original) for path, original in films.originals
    }
    media |= {made_shown(each, shown): each for each in films.made}
    statement = Statement(
        log=origin_of(head),
        made=at,
        by="Custodes",
        checkpoints=tuple(checkpoint_shown(tree, each) for each in checkpoints),
        entries=tuple(sorted(entries, key=lambda entry: entry.index)),
        subjects=tuple(subjects),
        files=tuple(sorted(media, key=lambda file: file.path)),
    )
    tags = {**notes_of(checkpoints), **(beside.tags if beside else {})}
    said = [*remarks, *_without_proof(films), *([NOT_AN_EYE] if media else [])]
    known = ((path, known_of(original)) for path, original in films.originals)
    said += [f"Of {path}: {facts}." for path, facts in known if facts]
    by_path = {file.path: pieces for file, pieces in media.items()}
    return Contents(statement, tags, by_path, title=title, remarks=tuple(said))


def known_of(original: Original) -> str:
    """Return what a court should know of a film beside that a camera is not an eye (PIP-12).

    Empty where nothing is known. It says only what whoever has the film can see in it.
    """
    found, before = read(original.described), original.recording.times.pre_event
    said = []
    if found.frame_rate:
        said.append(f"it was filmed with {found.frame_rate:g} pictures a second")
    if before:
        seconds = before.total_seconds()
        said.append(
            f"the first {seconds:g} seconds of its recording are from before the button was pressed"
        )
    said += [f"found in the file: {fault.rstrip('.')}" for fault in found.faults]
    return "; ".join(said)


def _without_proof(films: _Films) -> Iterator[str]:
    for each in films.made:
        if each.why_not:
            yield (
                f"Of {each.path} it does not show, packet by packet, that it is the original's:"
                f" {each.why_not} It shows that these are the bytes that were made."
            )


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
    head = head_with(max(told.index for told in acts))
    tree = tree_of_log(head.size)
    checkpoints = checkpoints_around([acts[0].index, acts[-1].index], head)
    subjects = [SubjectShown(each, census_shown(each, head.size)) for each in sorted(whole)]
    entries = {
        told.index: entry_shown(tree, told, () if told.index in closed else opened) for told in acts
    }
    counts = {subject.census.entry for subject in subjects if subject.census}
    for counted in Entry.objects.filter(index__in=counts - set(entries)):
        path = tuple(tree.inclusion_proof(counted.index))
        entries[counted.index] = EntryShown(counted.index, bytes(counted.data), path)
    statement = Statement(
        log=origin_of(head),
        made=at,
        by="Custodes",
        checkpoints=tuple(checkpoint_shown(tree, each) for each in checkpoints),
        entries=tuple(entries[index] for index in sorted(entries)),
        subjects=tuple(subjects),
    )
    return Contents(statement, notes_of(checkpoints), {}, title=title, remarks=tuple(remarks))


class _Film:
    """The bytes of an original, read from the vault each time they are asked for."""

    def __init__(self, original: Original) -> None:
        self._original = original

    def __iter__(self) -> Iterator[bytes]:
        with open_original(self._original) as reader:
            yield from reader.blocks()
