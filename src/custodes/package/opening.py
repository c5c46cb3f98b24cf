"""Opening a package from somebody else: a folder, or a ZIP file that holds one.

Strict, because the bytes may be hostile: no links, no names that lead out, nothing
compressed (so nothing unpacks to more than it is), no two names for the same bytes.
docs/reference/formats/package.md, section "Files".
"""

from __future__ import annotations

import os
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from custodes.package.errors import PackageMalformed
from custodes.package.paths import MAX_FILES, is_path
from custodes.package.zipped import read_directory

BLOCK: Final = 1 << 20


@dataclass(frozen=True, slots=True)
class Stored:
    """One file of a package: so many bytes of a file on the disk, from an offset on."""

    file: Path
    offset: int
    size: int

    def read_at(self, offset: int, length: int) -> bytes:
        """Return up to ``length`` bytes from the offset; fewer only at the end."""
        with self.file.open("rb", buffering=0) as file:
            file.seek(self.offset + offset)
            return file.read(max(0, min(length, self.size - offset)))

    def blocks(self) -> Iterator[memoryview]:
        """Give the bytes in order. A block is overwritten by the next."""
        buffer = memoryview(bytearray(BLOCK))
        left = self.size
        with self.file.open("rb", buffering=0) as file:
            file.seek(self.offset)
            while left and (got := file.readinto(buffer[: min(left, BLOCK)])):
                yield buffer[:got]
                left -= got


@dataclass(frozen=True, slots=True)
class Opened:
    """A package's files by path."""

    files: Mapping[str, Stored]

    def read(self, path: str, most: int) -> bytes:
        """Return a small file whole; raises PackageMalformed when it is missing or larger."""
        stored = self.files.get(path)
        if stored is None or stored.size > most:
            raise PackageMalformed(f"The file {path} is missing, or larger than it may be.")
        return stored.read_at(0, stored.size)


def open_package(path: Path) -> Opened:
    """Return the files of a package; raises PackageMalformed when it is none."""
    try:
        found = _of_folder(path) if path.is_dir() else _of_zip(path)
    except OSError as error:
        raise PackageMalformed(f"{path.name} cannot be read: {error.strerror}.") from None
    if len(found) > MAX_FILES:
        raise PackageMalformed("There are more files than a package has.")
    if bad := next((name for name in found if not is_path(name)), None):
        raise PackageMalformed(f"{bad[:80]!r} cannot be the name of a file in a package.")
    return Opened(found)


def _of_folder(folder: Path) -> dict[str, Stored]:
    found: dict[str, Stored] = {}
    for base, folders, names in os.walk(folder):
        for name in (*folders, *names):
            path = Path(base, name)
            about = path.lstat()
            if stat.S_ISREG(about.st_mode):
                found[path.relative_to(folder).as_posix()] = Stored(path, 0, about.st_size)
            elif not stat.S_ISDIR(about.st_mode):
                raise PackageMalformed(f"{name[:80]!r} is a link or a device, not a file.")
        if len(found) > MAX_FILES:
            break
    return found


def _of_zip(path: Path) -> dict[str, Stored]:
    with path.open("rb") as file:
        if file.read(2) != b"PK":
            raise PackageMalformed(f"{path.name} is neither a folder nor a ZIP file.")
    listed = list(read_directory(path))
    # Folders have lines of their own in some ZIP files; a package's folders are its paths.
    files = [each for each in listed if each.size or not each.name.endswith("/")]
    return _without_top({each.name: Stored(path, each.start, each.size) for each in files})


def _without_top(found: dict[str, Stored]) -> dict[str, Stored]:
    tops = {name.partition("/")[0] for name in found}
    if "bagit.txt" in found or len(tops) != 1:
        return found
    return {name.partition("/")[2]: stored for name, stored in found.items()}
