"""proof.json: what a package says, as values. Reading it checks its shape, not its truth."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Final

from custodes.kernel import cj1
from custodes.kernel.clock import parse_exactly, rfc3339
from custodes.kernel.digest import b64u
from custodes.media.clip_proof import ClipProof
from custodes.package import shapes
from custodes.package.deletion import DeletionShown
from custodes.package.errors import PackageMalformed
from custodes.package.shapes import Members, ShapeWrong, ordered

FORMAT: Final = "custodes-package/v1"
MAX_BYTES: Final = 32 << 20
MAX_DEPTH: Final = 10
ORIGINAL: Final = "original"
CLIP: Final = "clip"
MADE: Final = "made"

Hashes = tuple[bytes, ...]


@dataclass(frozen=True, slots=True)
class CheckpointShown:
    """A checkpoint of the log: its note's path, and the proof that the head begins with it."""

    note: str
    size: int
    to_head: Hashes = ()
    tokens: tuple[str, ...] = ()

    @property
    def full_note(self) -> str:
        """Return where the same note may stand with every signature line; it need not."""
        return f"{self.note.removesuffix('.note')}.full.note"

    def to_value(self) -> dict[str, Any]:
        """Return it as a value CJ1 can write."""
        tokens = list(self.tokens)
        return {
            "note": self.note,
            "size": self.size,
            "to_head": _texts(self.to_head),
            "tokens": tokens,
        }

    @classmethod
    def from_value(cls, value: object) -> CheckpointShown:
        """Read it; raises ShapeWrong."""
        has = Members(value, "note size to_head tokens")
        return cls(
            has.text("note"), has.number("size"), has.hashes("to_head"), has.texts("tokens", 16)
        )


@dataclass(frozen=True, slots=True)
class EntryShown:
    """One entry: its bytes, its path under the head, and what of its body is open or closed."""

    index: int
    data: bytes
    path: Hashes
    open: tuple[bytes, ...] = ()
    closed: Hashes = ()

    def to_value(self) -> dict[str, Any]:
        """Return it as a value CJ1 can write."""
        return {
            "closed": _texts(self.closed),
            "entry": b64u(self.data),
            "index": self.index,
            "open": _texts(self.open),
            "path": _texts(self.path),
        }

    @classmethod
    def from_value(cls, value: object) -> EntryShown:
        """Read it; raises ShapeWrong."""
        has = Members(value, "closed entry index open path")
        return cls(
            index=has.number("index"),
            data=has.data("entry"),
            path=has.hashes("path"),
            open=has.datas("open", 256),
            closed=has.hashes("closed", 256),
        )


@dataclass(frozen=True, slots=True)
class CensusShown:
    """What a census says of a subject: its own path, or its neighbours' when it is not there.

    The paths are values as the census format writes them, read by whoever checks them.
    """

    entry: int
    here: object = None
    before: object = None
    after: object = None

    def to_value(self) -> dict[str, Any]:
        """Return it as a value CJ1 can write."""
        paths = {"here": self.here, "before": self.before, "after": self.after}
        return {"entry": self.entry} | {name: path for name, path in paths.items() if path}

    @classmethod
    def from_value(cls, value: object) -> CensusShown:
        """Read it; raises ShapeWrong."""
        has = Members(value, "entry", "here before after")
        if has.value.keys() >= {"here"} and has.value.keys() & {"before", "after"}:
            raise ShapeWrong("a census shows a subject or its neighbours")
        paths = (has.value.get(name) for name in ("here", "before", "after"))
        return cls(has.number("entry"), *paths)


@dataclass(frozen=True, slots=True)
class SubjectShown:
    """A subject whose whole record is in the package."""

    handle: str
    census: CensusShown | None = None
    deletion: DeletionShown | None = None

    def to_value(self) -> dict[str, Any]:
        """Return it as a value CJ1 can write."""
        value: dict[str, Any] = {"handle": self.handle}
        value |= {"census": self.census.to_value()} if self.census else {}
        return value | ({"deletion": self.deletion.to_value()} if self.deletion else {})

    @classmethod
    def from_value(cls, value: object) -> SubjectShown:
        """Read it; raises ShapeWrong."""
        has = Members(value, "handle", "census deletion")
        census, deletion = has.value.get("census"), has.value.get("deletion")
        return cls(
            has.handle("handle"),
            None if census is None else CensusShown.from_value(census),
            None if deletion is None else DeletionShown.from_value(deletion),
        )


@dataclass(frozen=True, slots=True)
class FileShown:
    """A media file. Digests, size and tracks are those of the *original*, also for a clip.

    ``tracks`` are the bytes of the original's track headers, which ``media_root`` is over.
    Of what was ``made`` of an original, such as a still, ``entry`` is the one that says so;
    its SHA-256 is in a field of that entry, which has to be opened.
    """

    path: str
    role: str
    entry: int
    recording: str
    original: str
    salt: bytes = b""
    file_sha256: bytes = b""
    chunk_root: bytes = b""
    size: int | None = None
    media_root: bytes = b""
    tracks: tuple[bytes, ...] = ()
    clip: ClipProof | None = None

    def to_value(self) -> dict[str, Any]:
        """Return it as a value CJ1 can write."""
        value: dict[str, Any] = {
            "entry": self.entry,
            "original": self.original,
            "path": self.path,
            "recording": self.recording,
            "role": self.role,
        }
        if self.size is not None:
            value["size"] = self.size
        for name in ("salt", "file_sha256", "chunk_root", "media_root"):
            if getattr(self, name):
                value[name] = b64u(getattr(self, name))
        if self.tracks:
            value["tracks"] = _texts(self.tracks)
        if self.clip is not None:
            value["clip"] = self.clip.to_value()
        return value

    @classmethod
    def from_value(cls, value: object) -> FileShown:
        """Read it; raises ShapeWrong."""
        made = "entry original path recording role"
        always = f"{made} salt"
        whole, media = "chunk_root file_sha256 size", "media_root tracks"
        role = value.get("role") if isinstance(value, dict) else None
        if role == ORIGINAL:
            has = Members(value, f"{always} {whole}", media)
        elif role == CLIP:
            has = Members(value, f"{always} tracks clip", f"{whole} media_root")
        elif role == MADE:
            has = Members(value, made)
        else:
            raise ShapeWrong("a file is an original, a clip, or made of one")
        return cls(
            path=has.text("path"),
            role=has.text("role"),
            entry=has.number("entry"),
            recording=has.handle("recording"),
            original=has.handle("original"),
            salt=has.hash("salt") if "salt" in has.value else b"",
            file_sha256=has.hash("file_sha256") if "file_sha256" in has.value else b"",
            chunk_root=has.hash("chunk_root") if "chunk_root" in has.value else b"",
            size=has.number("size") if "size" in has.value else None,
            media_root=has.hash("media_root") if "media_root" in has.value else b"",
            tracks=has.datas("tracks", 64) if "tracks" in has.value else (),
            clip=shapes.clip(has.value["clip"]) if role == CLIP else None,
        )


@dataclass(frozen=True, slots=True)
class Statement:
    """All of proof.json. ``made`` and ``by`` are claims; nothing is decided by them."""

    log: str
    made: datetime
    by: str
    checkpoints: tuple[CheckpointShown, ...]
    entries: tuple[EntryShown, ...]
    subjects: tuple[SubjectShown, ...] = field(default_factory=tuple)
    files: tuple[FileShown, ...] = field(default_factory=tuple)

    @property
    def head(self) -> CheckpointShown:
        """Return the newest checkpoint, under which all entries are shown."""
        return self.checkpoints[-1]

    @property
    def tags(self) -> tuple[str, ...]:
        """Return the paths it names of files that are no media: notes, timestamps, schedules."""
        notes = [path for each in self.checkpoints for path in (each.note, *each.tokens)]
        shown = [each.deletion for each in self.subjects if each.deletion]
        return (*notes, *(one.document for each in shown for one in each.schedules))

    def to_bytes(self) -> bytes:
        """Write proof.json; raises NotCanonical when it is too large."""
        value = {
            "by": self.by,
            "checkpoints": [each.to_value() for each in self.checkpoints],
            "entries": [each.to_value() for each in self.entries],
            "files": [each.to_value() for each in self.files],
            "format": FORMAT,
            "log": self.log,
            "made": rfc3339(self.made),
            "subjects": [each.to_value() for each in self.subjects],
        }
        return cj1.dumps(value, max_bytes=MAX_BYTES, max_depth=MAX_DEPTH)

    @classmethod
    def parse(cls, data: bytes) -> Statement:
        """Read proof.json; raises PackageMalformed with what is wrong."""
        try:
            return cls._from_value(cj1.loads(data, max_bytes=MAX_BYTES, max_depth=MAX_DEPTH))
        except (cj1.NotCanonical, ShapeWrong) as error:
            raise PackageMalformed(f"proof.json cannot be read: {error}.") from None

    @classmethod
    def _from_value(cls, value: object) -> Statement:
        has = Members(value, "by checkpoints entries files format log made subjects")
        if has.text("format") != FORMAT:
            raise ShapeWrong(f"the format {has.text('format')[:60]!r} is not known")
        try:
            made = parse_exactly(has.value["made"])
        except ValueError as error:
            raise ShapeWrong(str(error)) from None
        return cls(
            log=has.text("log"),
            made=made,
            by=has.text("by"),
            checkpoints=ordered(
                has.list("checkpoints", 1000, 1), CheckpointShown.from_value, lambda c: c.size
            ),
            entries=ordered(
                has.list("entries", 100_000, 1), EntryShown.from_value, lambda e: e.index
            ),
            subjects=ordered(
                has.list("subjects", 10_000), SubjectShown.from_value, lambda s: s.handle
            ),
            files=ordered(has.list("files", 1000), FileShown.from_value, lambda f: f.path),
        )


def _texts(values: Sequence[bytes]) -> list[str]:
    return [b64u(each) for each in values]
