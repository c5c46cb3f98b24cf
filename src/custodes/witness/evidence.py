"""What a witness keeps of a log that did not only grow: both signed checkpoints, side by side.

Two checkpoints of one size with different roots, both signed by the log, convict it
by themselves. With different sizes, the log would have to show that one begins with
the other, and could not when it was asked. The same checkpoint is kept once, however
often it is sent.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from custodes.kernel.clock import rfc3339
from custodes.kernel.digest import sha256
from custodes.kernel.durable import fsync_folder

_FOLDER = "evidence"
_PARTS = ("why.txt", "cosigned.note", "refused.note")


@dataclass(frozen=True, slots=True)
class Evidence:
    """One case: why it was kept, what the witness had cosigned, and what was then sent."""

    name: str
    why: str
    cosigned: str
    refused: str


def keep(home: Path, why: str, cosigned: str, refused: str, at: datetime) -> None:
    """Keep both notes, durable when this returns; the same case is kept once."""
    text, _, _ = refused.rpartition("\n\n")
    folder = home / _FOLDER / sha256(text.encode()).hex()[:32]
    if (folder / "refused.note").exists():
        return
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    for name, content in zip(_PARTS, (f"{rfc3339(at)}\n{why}\n", cosigned, refused), strict=True):
        _write(folder / name, content)
    for each in (folder, folder.parent, home):
        fsync_folder(each)


def kept(home: Path) -> list[Evidence]:
    """Return every case, oldest first."""
    cases = [
        Evidence(folder.name, *((folder / part).read_text() for part in _PARTS))
        for folder in (home / _FOLDER).glob("*")
        if (folder / "refused.note").exists()
    ]
    return sorted(cases, key=lambda case: case.why)


def _write(path: Path, content: str) -> None:
    with path.open("w", encoding="utf-8") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())
