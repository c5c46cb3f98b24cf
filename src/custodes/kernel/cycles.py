"""How often Python looks for cycles: rarely, where millions of rows are made and none is one."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from contextlib import contextmanager

_RARELY = (50_000, 20, 20)


@contextmanager
def looked_for_rarely() -> Iterator[None]:
    """Look for cycles a hundred times less often, in the whole process, until this ends.

    To look at all there is over and over is up to a fifth of what making it costs.
    """
    before = gc.get_threshold()
    gc.set_threshold(*_RARELY)
    try:
        yield
    finally:
        gc.set_threshold(*before)
