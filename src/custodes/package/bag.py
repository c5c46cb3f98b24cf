"""Writing a package: a BagIt bag, and the same as one ZIP file (RFC 8493).

Files are written once; the bag is a package only after ``finish``, which writes the
lists. A folder that was begun and not finished is no bag, and nobody takes it for one.
"""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Iterable, Iterator
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final

from custodes.package.errors import CannotPackage
from custodes.package.paths import is_path, write_manifest

_DECLARATION: Final = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_PAYLOAD: Final = "data/"


class Lists:
    """The digests of what goes into a bag, and the files that close it."""

    def __init__(self) -> None:
        self._digests: dict[str, str] = {}
        self._payload = 0

    def through(self, path: str, content: bytes | Iterable[bytes]) -> Iterator[bytes]:
        """Yield a file's pieces and take its digest; raises CannotPackage for a bad path."""
        if not is_path(path) or path in self._digests:
            raise CannotPackage(f"{path!r} cannot stand in a package.")
        digest = hashlib.sha256()
        size = 0
        for piece in [content] if isinstance(content, bytes) else content:
            digest.update(piece)
            size += len(piece)
            yield piece
        self._digests[path] = digest.hexdigest()
        if path.startswith(_PAYLOAD):
            self._payload += size

    def closing(
        self, *, about: Iterable[tuple[str, str]] = (), made: datetime
    ) -> Iterator[tuple[str, bytes]]:
        """Yield the last files; each has to go ``through`` before the next is asked for."""
        payload = {p: d for p, d in self._digests.items() if p.startswith(_PAYLOAD)}
        info = [*about, ("Bagging-Date", f"{made:%Y-%m-%d}")]
        info.append(("Payload-Oxum", f"{self._payload}.{len(payload)}"))
        lines = "".join(f"{name}: {' '.join(value.split())}\n" for name, value in info)
        yield "bag-info.txt", lines.encode()
        yield "bagit.txt", _DECLARATION
        yield "manifest-sha256.txt", write_manifest(payload)
        tags = {p: d for p, d in self._digests.items() if not p.startswith(_PAYLOAD)}
        yield "tagmanifest-sha256.txt", write_manifest(tags)


class Bag:
    """A bag being written into a new folder; raises CannotPackage if there is one already."""

    def __init__(self, folder: Path) -> None:
        try:
            folder.mkdir(parents=True)
        except OSError as error:
            raise CannotPackage(f"The folder {folder} cannot be made: {error.strerror}.") from None
        self.folder = folder
        self._lists = Lists()

    def add(self, path: str, content: bytes | Iterable[bytes]) -> None:
        """Write a file; raises CannotPackage for a bad path."""
        pieces = self._lists.through(path, content)
        first = next(pieces, b"")  # a bad path is refused before anything is made of it
        with self._new(path) as file:
            file.write(first)
            for piece in pieces:
                file.write(piece)

    def finish(self, *, about: Iterable[tuple[str, str]] = (), made: datetime) -> Path:
        """Write the lists; from here on the folder is a bag. Returns the folder."""
        for path, data in self._lists.closing(about=about, made=made):
            self.add(path, data)
        (self.folder / "data").mkdir(exist_ok=True)
        return self.folder

    def _new(self, path: str) -> BinaryIO:
        target = self.folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        return target.open("xb")


def zip_bag(folder: Path, target: Path) -> None:
    """Write the files of a folder into one ZIP file, stored as they are, below one folder."""
    paths = sorted(
        os.path.relpath(Path(base) / name, folder).replace(os.sep, "/")
        for base, _, names in os.walk(folder)
        for name in names
    )
    with zipfile.ZipFile(target, "x", zipfile.ZIP_STORED) as out:
        for path in paths:
            out.write(folder / path, f"{folder.name}/{path}")
