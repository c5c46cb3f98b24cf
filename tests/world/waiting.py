"""Wait for what happens by itself, for as long as a busy machine may need."""

from __future__ import annotations

import time
from collections.abc import Callable

# What must happen is waited for so long: a busy machine needs more time, and on a quiet one
# waiting costs nothing. Where quickness itself is promised, the test measures it by itself.
PATIENCE = 90.0


def eventually(condition: Callable[[], object], *, every: float = 0.2) -> None:
    """Return once the condition holds; fail when it does not within PATIENCE seconds."""
    until = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > until:
            raise AssertionError(f"it did not happen within {PATIENCE} seconds")
        time.sleep(every)
