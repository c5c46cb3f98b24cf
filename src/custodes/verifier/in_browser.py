"""The same checks as one HTML file, for people who would rather not use a command.

The file is built with the pages and travels in the wheel. It is handed out as it is:
whoever gets it can compare its SHA-256 with one that was published elsewhere.
"""

from __future__ import annotations

import hashlib
from functools import cache
from importlib.resources import files

from custodes.kernel.errors import Refused

NAME = "verify.html"


class NotBuilt(Refused):
    """This installation came without the built pages."""

    advice = "Install Custodes from its wheel, or build the pages: python frontend/npm.py run build"


@cache
def page() -> bytes:
    """Return the file; raises NotBuilt where the pages were not built."""
    found = files("custodes") / "web" / "static" / "built" / NAME
    if not found.is_file():
        raise NotBuilt("The verifier's page is not part of this installation.")
    return found.read_bytes()


def fingerprint() -> str:
    """Return the SHA-256 of the file in hex; raises NotBuilt."""
    return hashlib.sha256(page()).hexdigest()
