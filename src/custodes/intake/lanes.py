"""Work on the same bytes side by side: one thread a lane, blocks in order, memory flat.

Hashing, sealing and writing all let go of Python's lock, so lanes of plain
threads use both cores. A lane that fails stops taking blocks; the failure comes
up at the next block or at the end.
"""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable

_DEPTH = 4


class Lane:
    """One thread that does one thing to every block, in order."""

    def __init__(self, work: Callable[[memoryview], object], name: str) -> None:
        self._work = work
        self._blocks: queue.Queue[memoryview | None] = queue.Queue(_DEPTH)
        self._failure: Exception | None = None
        self._thread = threading.Thread(target=self._run, name=name, daemon=True)
        self._thread.start()

    def put(self, block: memoryview) -> None:
        """Hand over a block; waits while the lane is full; raises what the lane raised."""
        if self._failure is not None:
            raise self._failure
        self._blocks.put(block)

    def close(self) -> None:
        """Wait until every block is done; raises what the lane raised."""
        self.stop()
        if self._failure is not None:
            raise self._failure

    def stop(self) -> None:
        """Wait until every block is done or passed over; raises nothing."""
        if self._thread.is_alive():
            self._blocks.put(None)
            self._thread.join()

    def _run(self) -> None:
        while (block := self._blocks.get()) is not None:
            if self._failure is not None:
                continue  # keep emptying, so that nobody waits for a lane that failed
            try:
                self._work(block)
            except Exception as failure:  # noqa: BLE001 - whatever it is, the receiver must hear of it
                self._failure = failure
