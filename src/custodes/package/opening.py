"""Opening a package from somebody else: a folder, or a ZIP file that holds one.

Strict, because the bytes may be hostile: no links, no names that lead out, nothing
compressed (so nothing unpacks to more than it is), no two names for the same bytes.
docs/reference/formats/package.md, section "Files".
"""

from __future__ import annotations

import os
import stat
import struct
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Final

from custodes.package.errors import PackageMalformed
from custodes.package.paths import MAX_FILES, is_path

BLOCK: Final = 1 << 20
_LOCAL: Final = struct.Struct("<4s5H3I2H")
# Encrypted, and "sizes follow the data" (APPNOTE 4.4.4).
_BAD_FLAGS: Final = 0x0009


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
    try:
        with zipfile.ZipFile(path) as listed:
            entries, end = listed.infolist(), listed.start_dir
    except (zipfile.BadZipFile, ValueError, NotImplementedError):
        raise PackageMalformed(f"{path.name} is neither a folder nor a ZIP file.") from None
    found: dict[str, Stored] = {}
    at = 0
    for entry in sorted(entries, key=lambda entry: entry.header_offset):
        start = _data_of(path, entry)
        if entry.header_offset < at or start + entry.file_size > end:
            raise PackageMalformed("Two files of the ZIP file share bytes, or one breaks off.")
        at = start + entry.file_size
        if entry.filename.endswith("/") and not entry.file_size:
            continue
        if entry.filename in found:
            raise PackageMalformed(f"The ZIP file holds {entry.filename[:80]!r} twice.")
        found[entry.filename] = Stored(path, start, entry.file_size)
    return _without_top(found)


def _data_of(path: Path, entry: zipfile.ZipInfo) -> int:
    """Return where a file's bytes begin; the head before them must say what the list says."""
    with path.open("rb") as file:
        file.seek(entry.header_offset)
        head = file.read(_LOCAL.size)
        if len(head) != _LOCAL.size:
            raise PackageMalformed("The ZIP file breaks off.")
        signature, _, flags, method, *_, name_length, extra = _LOCAL.unpack(head)
        start: int = entry.header_offset + _LOCAL.size + name_length + extra
        name = file.read(name_length)
    plain = not (flags | entry.flag_bits) & _BAD_FLAGS and method == entry.compress_type == 0
    if signature != b"PK\3\4" or not plain or entry.file_size != entry.compress_size:
        raise PackageMalformed("The ZIP file holds something else than files stored as they are.")
    if entry.filename != entry.orig_filename or name != entry.filename.encode("utf-8", "replace"):
        raise PackageMalformed("The ZIP file calls one file by two names.")
    return start


def _without_top(found: dict[str, Stored]) -> dict[str, Stored]:
    tops = {name.partition("/")[0] for name in found}
    if "bagit.txt" in found or len(tops) != 1:
        return found
    return {name.partition("/")[2]: stored for name, stored in found.items()}
