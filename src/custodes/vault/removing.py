"""Remove thousands of sealed objects in a process of its own, while whoever asked goes on.

A removal waits for the disk and reckons nothing: in the process that decides what goes,
the disk and the processor would wait for one another. The process is told all of it at
the start and needs nobody after that; killed, it leaves objects without a key, which
whoever keeps the list removes the next time.
"""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryFile

from custodes.kernel.errors import NotFound
from custodes.vault.store import DiskStore, Store


class Removing:
    """Sealed objects on their way out. Only disposal may begin this, with its reasons recorded."""

    def __init__(self, folder: Path, handles: Iterable[str]) -> None:
        """Begin to remove these objects of the store in a folder; those not there are no fault."""
        with TemporaryFile() as told:
            told.write("\n".join(handles).encode())
            told.seek(0)
            program = [sys.executable, "-I", "-m", __name__, str(folder)]
            self._process = subprocess.Popen(  # noqa: S603 - a fixed program, no shell
                program, stdin=told, stdout=subprocess.DEVNULL, start_new_session=True
            )

    @property
    def is_over(self) -> bool:
        """Say whether it has ended, well or not."""
        return self._process.poll() is not None

    def end(self) -> bool:
        """Wait until it has ended; say whether all of them are gone for good."""
        return self._process.wait() == 0


def shred_all(store: Store, handles: Iterable[str]) -> None:
    """Remove these objects for good, in this process; those not there are no fault."""
    for handle in handles:
        try:
            store.shred(handle, durable=False)
        except NotFound:
            continue  # removed before a crash, or lost: the inventory has said so
    store.make_removals_durable()


if __name__ == "__main__":
    shred_all(DiskStore(Path(sys.argv[1])), sys.stdin.read().split())
