"""Wait for what happens by itself, no longer than it may take."""

from __future__ import annotations

import time
from collections.abc import Callable


def eventually(condition: Callable[[], object], *, within: float, every: float = 0.2) -> None:
    """Return once the condition holds; fail when it does not within so many seconds."""
    until = time.monotonic() + within
    while not condition():
        if time.monotonic() > until:
            raise AssertionError(f"it did not happen within {within} seconds")
        time.sleep(every)
