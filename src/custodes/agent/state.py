"""What the agent remembers between runs: where each file's upload is, and its receipt.

A file is known by camera, path, size and time of writing, so a new recording
under an old name is a new file. Receipts are kept for ever; the rest is forgotten
once a file is off the camera.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from custodes.agent.errors import AlreadyRunning
from custodes.agent.finding import Found
from custodes.kernel.digest import sha256
from custodes.kernel.durable import make_folder, write_new, write_over


@dataclass(frozen=True, slots=True)
class State:
    """The state folder, for one server and one camera."""

    folder: Path
    server: str
    camera: str

    @contextmanager
    def alone(self) -> Iterator[None]:
        """Keep a second agent from using the same folder meanwhile; raises AlreadyRunning."""
        make_folder(self.folder)
        for name in ("uploads", "receipts"):
            make_folder(self.folder / name)
        descriptor = os.open(self.folder / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            yield
        except BlockingIOError:
            raise AlreadyRunning(f"Another offload uses {self.folder}.") from None
        finally:
            os.close(descriptor)

    def url_of(self, found: Found) -> str | None:
        """Return where the upload of this file was begun, if it was."""
        said = _read(self._upload(found))
        return said["url"] if isinstance(said.get("url"), str) else None

    def remember(self, found: Found, url: str) -> None:
        """Note, durably, where the upload of a file was begun."""
        told = {"camera": self.camera, "file": str(found.path), "url": url}
        write_over(self._upload(found), json.dumps(told).encode())

    def forget(self, found: Found) -> None:
        """Forget where a file's upload is; its receipt stays."""
        self._upload(found).unlink(missing_ok=True)

    def receipt_of(self, found: Found) -> str | None:
        """Return the receipt kept for this file, not yet checked again."""
        try:
            return self._receipt(found).read_text()
        except (FileNotFoundError, UnicodeDecodeError):
            return None

    def keep_receipt(self, found: Found, receipt: str) -> None:
        """Store a receipt; it is on the disk when this returns."""
        path = self._receipt(found)
        if not write_new(path, receipt.encode()) and path.read_text() != receipt:
            path.unlink()
            write_new(path, receipt.encode())

    def pinned_key(self) -> str | None:
        """Return the key this server had when it was first met."""
        key = _read(self.folder / "servers.json").get(self.server)
        return key if isinstance(key, str) else None

    def pin_key(self, key: str) -> None:
        """Remember the key of this server."""
        path = self.folder / "servers.json"
        write_over(path, json.dumps(_read(path) | {self.server: key}).encode())

    def _upload(self, found: Found) -> Path:
        return self.folder / "uploads" / f"{self._name(found)}.json"

    def _receipt(self, found: Found) -> Path:
        return self.folder / "receipts" / f"{self._name(found)}.receipt"

    def _name(self, found: Found) -> str:
        facts = [self.server, self.camera, str(found.path), found.size, found.mtime_ns]
        return sha256(json.dumps(facts).encode()).hex()[:32]


def _read(path: Path) -> dict[str, Any]:
    """Return a small JSON file; one that is not there or not whole is an empty one."""
    try:
        value = json.loads(path.read_text())
    except (FileNotFoundError, ValueError):
        return {}
    return value if isinstance(value, dict) else {}
