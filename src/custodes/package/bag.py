"""Writing a package: a BagIt bag, and the same as one ZIP file (RFC 8493).

Files are written once; the bag is a package only after ``finish``, which writes the
lists. A folder that was begun and not finished is no bag, and nobody takes it for one.
"""

from __future__ import annotations

import hashlib
import os
import zipfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import BinaryIO, Final

from custodes.package.errors import CannotPackage
from custodes.package.paths import is_path, write_manifest

_DECLARATION: Final = b"BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"
_PAYLOAD: Final = "data/"


class Bag:
    """A bag being written into a new folder; raises CannotPackage if there is one already."""

    def __init__(self, folder: Path) -> None:
        try:
            folder.mkdir(parents=True)
        except OSError as error:
            raise CannotPackage(f"The folder {folder} cannot be made: {error.strerror}.") from None
        self.folder = folder
        self._digests: dict[str, str] = {}
        self._payload = 0

    def add(self, path: str, content: bytes | Iterable[bytes]) -> str:
        """Write a file and return its SHA-256 in hex; raises CannotPackage for a bad path."""
        if not is_path(path) or path in self._digests:
            raise CannotPackage(f"{path!r} cannot stand in a package.")
        pieces = [content] if isinstance(content, bytes) else content
        digest = hashlib.sha256()
        size = 0
        with self._new(path) as file:
            for piece in pieces:
                file.write(piece)
                digest.update(piece)
                size += len(piece)
        self._digests[path] = digest.hexdigest()
        if path.startswith(_PAYLOAD):
            self._payload += size
        return digest.hexdigest()

    def finish(self, *, about: Iterable[tuple[str, str]] = (), made: datetime) -> Path:
        """Write the lists; from here on the folder is a bag. Returns the folder."""
        payload = {p: d for p, d in self._digests.items() if p.startswith(_PAYLOAD)}
        info = [*about, ("Bagging-Date", f"{made:%Y-%m-%d}")]
        info.append(("Payload-Oxum", f"{self._payload}.{len(payload)}"))
        lines = "".join(f"{name}: {' '.join(value.split())}\n" for name, value in info)
        self.add("bag-info.txt", lines.encode())
        self.add("bagit.txt", _DECLARATION)
        self.add("manifest-sha256.txt", write_manifest(payload))
        tags = {p: d for p, d in self._digests.items() if not p.startswith(_PAYLOAD)}
        self.add("tagmanifest-sha256.txt", write_manifest(tags))
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
