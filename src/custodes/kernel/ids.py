"""Handles: random names that say nothing about what they name."""

from __future__ import annotations

import re
import secrets

from custodes.kernel.digest import b64u

_HANDLE = re.compile(r"[A-Za-z0-9_-]{22}\Z")
_IN_TEXT = re.compile(r"(?<![\w-])[\w-]{22}(?![\w-])", re.ASCII)


def new_handle() -> str:
    """Return 128 random bits as 22 base64url characters, never derived from anything.

    None begins with a dash: a command would take it for an option.
    """
    while (handle := b64u(secrets.token_bytes(16))).startswith("-"):
        pass
    return handle


def is_handle(text: str) -> bool:
    """Say whether the text has the shape of a handle (22 base64url characters)."""
    return _HANDLE.match(text) is not None


def handles_in(text: str) -> list[str]:
    """Return what has the shape of a handle in what a person typed or pasted, in its order."""
    return _IN_TEXT.findall(text)
