"""Find the recordings on a camera's storage: a video, and the side files of its name.

Symbolic links are not followed, and a file that is still growing is left for the
next time.
"""

from __future__ import annotations

import os
import stat
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from custodes.agent.errors import FileChanged

VIDEO = frozenset(
    {".mp4", ".mov", ".mkv", ".avi", ".ts", ".mts", ".m2ts", ".m4v", ".webm", ".mpg", ".3gp"}
)
SIDE = frozenset({".gpx", ".srt", ".json"})


@dataclass(frozen=True, slots=True)
class Found:
    """One file on the camera, as it was when it was found; ``seen`` tells it from any other."""

    path: Path
    size: int
    mtime_ns: int
    seen: tuple[int, int]

    @classmethod
    def at(cls, path: Path) -> Found | None:
        """Return the file at a path, or None when there is none that can be taken."""
        try:
            status = path.lstat()
        except OSError:
            return None
        return cls.of(path, status) if stat.S_ISREG(status.st_mode) else None

    @classmethod
    def of(cls, path: Path, status: os.stat_result) -> Found:
        """Return the file with this status."""
        return cls(path, status.st_size, status.st_mtime_ns, (status.st_dev, status.st_ino))


@contextmanager
def opened(found: Found, *, from_device: bool = False) -> Iterator[BinaryIO]:
    """Open exactly the file that was found, unchanged; raises FileChanged for any other.

    ``from_device`` drops what this machine remembers of it first.
    """
    try:
        descriptor = os.open(found.path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC)
    except OSError as error:
        raise FileChanged(f"{found.path} cannot be read: {error.strerror}.") from error
    with os.fdopen(descriptor, "rb", buffering=0) as file:
        make_sure_it_is_the_same(found, file)
        if from_device:
            os.posix_fadvise(descriptor, 0, 0, os.POSIX_FADV_DONTNEED)
        yield file


def make_sure_it_is_the_same(found: Found, file: BinaryIO) -> None:
    """Raise FileChanged if the open file is another one or was written to since it was found."""
    if Found.of(found.path, os.fstat(file.fileno())) != found:
        raise FileChanged(f"{found.path} changed since it was found.")


@dataclass(frozen=True, slots=True)
class Group:
    """The files of one recording: the video first, then its side files."""

    video: Found
    sides: tuple[Found, ...]

    @property
    def files(self) -> tuple[Found, ...]:
        """Return all of them, the video first."""
        return (self.video, *self.sides)


@dataclass(frozen=True, slots=True)
class Findings:
    """What is to be sent, and what is left alone, with the reason for each."""

    groups: tuple[Group, ...]
    left: tuple[tuple[Path, str], ...]


def find(where: Path) -> Findings:
    """Return the recordings in a folder and below it, or the one file given, by name."""
    groups: list[Group] = []
    left: list[tuple[Path, str]] = []
    by_stem: dict[Path, list[Found]] = defaultdict(list)
    for path in sorted(_paths(where)):
        if path.suffix.lower() not in VIDEO | SIDE:
            continue
        found = Found.at(path)
        if found is None:
            left.append((path, "It is a link or cannot be read."))
        else:
            by_stem[path.with_suffix("")].append(found)
    for files in by_stem.values():
        sides = tuple(f for f in files if f.path.suffix.lower() in SIDE)
        videos = [f for f in files if f not in sides]
        groups += [Group(video, sides if n == 0 else ()) for n, video in enumerate(videos)]
        if not videos:
            left += [(f.path, "There is no video of this name beside it.") for f in sides]
    return Findings(tuple(groups), tuple(left))


def at_rest(findings: Findings) -> Findings:
    """Leave out every recording one of whose files changed since it was found."""
    quiet = [g for g in findings.groups if all(Found.at(f.path) == f for f in g.files)]
    growing = [g for g in findings.groups if g not in quiet]
    left = [(f.path, "It is still growing.") for g in growing for f in g.files]
    return Findings(tuple(quiet), (*findings.left, *left))


def _paths(where: Path) -> Iterator[Path]:
    if not where.is_dir():
        # A file that is named is sent with what belongs to it.
        yield from (p for p in where.parent.iterdir() if p.stem == where.stem)
        return
    # A macOS or Windows host leaves its own files on a card; a camera's do not start with a dot.
    for folder, folders, names in os.walk(where, followlinks=False):
        folders[:] = [name for name in folders if not name.startswith(".")]
        yield from (Path(folder) / name for name in names if not name.startswith("."))
