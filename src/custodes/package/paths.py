"""Paths in a package, and the lists of what is in it (RFC 8493 section 2.1.3)."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Final

from custodes.package.errors import PackageMalformed

MAX_FILES: Final = 10_000
# The longest path a recipient's systems take (CPS: 260 characters).
MAX_PATH: Final = 260
_FORBIDDEN: Final = re.compile(r"[^A-Za-z0-9._\-+=@(),]+")
_PART: Final = re.compile(r"(?! )[A-Za-z0-9._\-+=@(), ]{1,255}(?<! )\Z")
_LINE: Final = re.compile(r"([0-9a-f]{64})  (.+)\Z")


def is_path(text: str) -> bool:
    """Say whether a path may stand in a package: plain characters, no way out of it."""
    parts = text.split("/")
    return len(text) <= MAX_PATH and all(
        part not in (".", "..") and _PART.match(part) for part in parts
    )


def safe_name(name: str) -> str:
    """Return a file's name with what a package does not allow made into underscores."""
    stem = _FORBIDDEN.sub("_", name)[-120:].lstrip(".")
    return stem or "file"


def read_manifest(data: bytes) -> dict[str, str]:
    """Return path → SHA-256 in hex; raises PackageMalformed."""
    try:
        text = data.decode("ascii")
    except UnicodeDecodeError:
        raise PackageMalformed(
            "A list of files holds characters that have no place there."
        ) from None
    listed: dict[str, str] = {}
    for line in text.split("\n")[:-1]:
        found = _LINE.match(line)
        if found is None or not is_path(found[2]) or found[2] in listed:
            raise PackageMalformed(f"A list of files has a line that is none: {line[:80]!r}.")
        listed[found[2]] = found[1]
    if (text and not text.endswith("\n")) or len(listed) > MAX_FILES:
        raise PackageMalformed("A list of files breaks off, or is too long.")
    return listed


def write_manifest(digests: Mapping[str, str]) -> bytes:
    """Return the list, sorted by path."""
    return "".join(f"{digests[path]}  {path}\n" for path in sorted(digests)).encode()
