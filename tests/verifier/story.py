"""One honest package, from which every case of the corpus departs."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any

from tests.verifier.clips import HONEST, Bytes, master, other_master, packets_of
from tests.verifier.deleting import Deleting
from tests.verifier.small_log import NOON, ORIGIN, SmallLog, handle

from custodes.kernel.digest import b64u, sha256
from custodes.ledger.tree import leaf_hash, root_of
from custodes.media.chunks import ChunkTree
from custodes.media.clip_proof import ClipProof, prove_clip
from custodes.media.commitment import salted
from custodes.package.assembling import Contents, assemble
from custodes.package.statement import (
    CLIP,
    MADE,
    ORIGINAL,
    EntryShown,
    FileShown,
    Statement,
    SubjectShown,
)

RECORDING, OTHER = handle("recording"), handle("another recording")
ORIGINAL_PATH, CLIP_PATH = "data/original.mp4", "data/clip.mp4"
STILL_PATH = "data/still.png"


def minutes(count: float) -> timedelta:
    return timedelta(minutes=count)


@dataclass(frozen=True)
class Footage:
    """An original with what is committed to of it."""

    handle: str
    data: bytes

    @property
    def salt(self) -> bytes:
        return sha256(b"salt of " + self.handle.encode())

    @property
    def tracks(self) -> tuple[bytes, ...]:
        return tuple(track.committed().to_bytes() for track in packets_of(self.data))

    @property
    def media_root(self) -> bytes:
        return root_of(leaf_hash(track) for track in self.tracks)

    @property
    def chunk_root(self) -> bytes:
        tree = ChunkTree()
        tree.update(self.data)
        return tree.root()

    def facts(self) -> dict[str, Any]:
        return {
            "o": self.handle,
            "d": handle("camera"),
            "src": "test",
            "z": len(self.data),
            "fc": b64u(salted("file", self.salt, sha256(self.data))),
            "cc": b64u(salted("chunks", self.salt, self.chunk_root)),
            "m": b64u(salted("media", self.salt, self.media_root)),
            "kid": handle("key"),
            "ep": 1,
        }

    def shown(self, entry: int, recording: str = RECORDING) -> FileShown:
        return FileShown(
            path=ORIGINAL_PATH,
            role=ORIGINAL,
            entry=entry,
            recording=recording,
            original=self.handle,
            salt=self.salt,
            file_sha256=sha256(self.data),
            chunk_root=self.chunk_root,
            size=len(self.data),
        )

    def shown_clip(self, entry: int, proof: ClipProof) -> FileShown:
        return FileShown(
            path=CLIP_PATH,
            role=CLIP,
            entry=entry,
            recording=RECORDING,
            original=self.handle,
            salt=self.salt,
            media_root=self.media_root,
            tracks=self.tracks,
            clip=proof,
        )


@lru_cache
def footage() -> Footage:
    return Footage(handle("original"), master())


@lru_cache
def other_footage() -> Footage:
    return Footage(handle("another original"), other_master())


@dataclass
class Plot:
    """How the log of a story is written; the honest one unless something is set."""

    ingested_at: timedelta = timedelta(minutes=5.5)
    viewed_at: timedelta = timedelta(minutes=10)
    census_leaves_out: str = ""
    census_forgets: int | None = None
    early_census: bool = False
    holes: Sequence[int] = ()
    after_census: bool = True
    census: bool = True
    cosigned_late: timedelta = timedelta(0)
    extra: Sequence[tuple[str, dict[str, Any]]] = ()
    deleting: Deleting | None = None
    still: bytes | None = None


@dataclass
class Story:
    """A log, and a package of it about to be written."""

    log: SmallLog
    statement: Statement
    tags: dict[str, bytes]
    media: dict[str, bytes] = field(default_factory=dict)
    ingested: int = 3

    def write(self, folder: Path) -> Path:
        pieces = {path: [data] for path, data in self.media.items()}
        return assemble(folder, Contents(self.statement, self.tags, pieces, "A test package"))

    def but(self, **changes: Any) -> Story:
        """Return the story with another statement."""
        return replace(self, statement=replace(self.statement, **changes))

    def with_entry(self, nth: int, **changes: Any) -> Story:
        entries = list(self.statement.entries)
        entries[nth] = replace(entries[nth], **changes)
        return self.but(entries=tuple(entries))

    def with_deletion(self, **changes: Any) -> Story:
        [subject] = self.statement.subjects
        assert subject.deletion is not None
        return self.but(subjects=(replace(subject, deletion=replace(subject.deletion, **changes)),))

    def with_file(self, **changes: Any) -> Story:
        return self.but(files=(replace(self.statement.files[0], **changes),))

    def with_note(self, old: bytes, new: bytes, checkpoint: int = -1) -> Story:
        path = self.statement.checkpoints[checkpoint].note
        note = self.tags[path]
        assert old in note
        return replace(self, tags={**self.tags, path: note.replace(old, new)})


def story(
    clip: bytes | None = None,
    proof: ClipProof | None = None,
    *,
    original: bool = False,
    plot: Plot | None = None,
) -> Story:
    """Tell of one recording: taken in, watched, counted; with a clip of it, or the original."""
    plot = plot or Plot()
    log = write_log(plot)
    head = max(log.notes)
    mine = [n for n, each in enumerate(log.entries) if each.public.subject == RECORDING]
    ingested = next(n for n in mine if log.entries[n].public.kind == "recording.ingested")
    counts = [n for n, each in enumerate(log.entries) if each.public.kind == "census"]
    opened = {ingested: {"actor", "name", "sha256"}, mine[2]: {"because"}, mine[-1]: set[str]()}
    made = [n for n in mine if log.entries[n].public.kind == "still.made"]
    opened |= {key: {"sha256"} for key in made}
    entries = [log.shown(n, head, opened.get(n)) for n in mine if n not in plot.holes]
    further = plot.deleting.further(log) if plot.deleting else []
    entries += [log.shown(n, head) for n in (*counts, *further)]
    census = log.census_of(counts[-1], RECORDING) if counts else None
    deletion = plot.deleting.shown(log) if plot.deleting else None
    files: list[FileShown] = []
    media: dict[str, bytes] = {}
    if clip is not None:
        proof = proof or prove_clip(Bytes(clip), packets_of(master()))
        files.append(footage().shown_clip(ingested, proof))
        media[CLIP_PATH] = clip
    if original:
        files.append(footage().shown(ingested))
        media[ORIGINAL_PATH] = master()
    if plot.still is not None:
        files.append(
            FileShown(STILL_PATH, MADE, made[0], recording=RECORDING, original=footage().handle)
        )
        media[STILL_PATH] = plot.still
    statement = Statement(
        log=ORIGIN,
        made=NOON + minutes(20),
        by="Custodes, in a test",
        checkpoints=tuple(log.shown_checkpoint(size, head) for size in sorted(log.notes)),
        entries=tuple(sorted(entries, key=_index)),
        subjects=(SubjectShown(RECORDING, census, deletion),),
        files=tuple(files),
    )
    tags = {f"checkpoints/{size}.note": note for size, note in log.notes.items()}
    tags |= plot.deleting.tags() if plot.deleting else {}
    return Story(log, statement, tags, media, ingested)


def _index(entry: EntryShown) -> int:
    return entry.index


def write_log(plot: Plot) -> SmallLog:
    """Write what happened, and have it witnessed on the way."""
    log = SmallLog()
    late = plot.cosigned_late
    log.append(handle("the log"), "log.genesis", NOON)
    log.append(OTHER, "recording.opened", NOON + minutes(1))
    if plot.early_census:
        log.census(NOON + minutes(1.5))
    log.checkpoint(NOON + minutes(2))
    if plot.deleting:
        plot.deleting.publish(log, before=True)
    log.append(RECORDING, "recording.opened", NOON + minutes(5))
    facts = footage().facts()
    name = {"name": "VID_0001.MP4", "sha256": hashlib.sha256(master()).hexdigest()}
    who = {"actor": "dock 3", "actor_handle": handle("dock 3"), "because": "", "door": "axis"}
    log.append(RECORDING, "recording.ingested", NOON + plot.ingested_at, facts, **who, **name)
    log.append(OTHER, "recording.ingested", NOON + plot.ingested_at, other_footage().facts())
    log.checkpoint(NOON + minutes(6) + late)
    looked = {"actor": "PC 4711 Okafor", "actor_handle": handle("Okafor"), "door": "web"}
    why = {"because": "preparing an interview"}
    log.append(RECORDING, "recording.viewed", NOON + plot.viewed_at, **looked, **why)
    log.append(OTHER, "recording.viewed", NOON + minutes(10.5), **looked, **why)
    if plot.still is not None:
        told = {"o": footage().handle, "c": handle("still"), "z": len(plot.still)}
        private = {"sha256": sha256(plot.still).hex(), "moment": "2026-11-14T12:00:02.480Z"}
        log.append(RECORDING, "still.made", NOON + minutes(10.55), told, **private, **why)
    for kind, more in plot.extra:
        log.append(RECORDING, kind, NOON + minutes(10.6), more)
    if plot.deleting:
        plot.deleting.happen(log, RECORDING)
    if plot.census:
        log.census(NOON + minutes(11), plot.census_leaves_out, plot.census_forgets)
    if plot.after_census:
        log.append(RECORDING, "recording.viewed", NOON + minutes(12), **looked, **why)
    log.checkpoint(NOON + minutes(13) + late)
    return log


@lru_cache
def honest_clip() -> bytes:
    return HONEST["mp4"]()


@lru_cache
def honest_proof() -> ClipProof:
    return prove_clip(Bytes(honest_clip()), packets_of(master()))
