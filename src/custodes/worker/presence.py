"""Who works: heartbeats, and what becomes of the work of a worker that died.

A worker counts its beats up in its row. Another one that sees the count stand
still for long enough, by its own clock, takes it for dead; clocks of different
machines are never compared. On the same machine a process that is gone is seen
at once. Taking a live worker for dead does no harm but double work: every
reaction may be done twice.
"""

from __future__ import annotations

import os
import secrets
import socket
import time
from collections.abc import Callable
from functools import cache
from pathlib import Path

from django.db import transaction
from django.db.models import F

from custodes.kernel.clock import now
from custodes.worker.models import Worker

BEAT_EVERY = 3.0
# A worker whose beats stand still for so long is dead. With the beat this is
# well inside the 30 seconds after which work must go on.
SILENCE = 18.0


class Presence:
    """This worker's own row, and its watch over the others."""

    def __init__(self) -> None:
        self.name = f"{socket.gethostname()[:30]}-{os.getpid()}-{secrets.token_hex(4)}"
        self._seen: dict[str, tuple[int, float]] = {}

    def arrive(self) -> None:
        """Enter this worker in the list."""
        Worker.objects.create(name=self.name, place=_place(), pid=os.getpid(), heard_at=now())

    def beat(self) -> None:
        """Say that this worker lives; if it was taken for dead meanwhile, it enters anew."""
        mine = Worker.objects.filter(name=self.name)
        if not mine.update(beats=F("beats") + 1, heard_at=now()):
            self.arrive()

    def leave(self) -> None:
        """Say that this worker goes; whatever it left half done may be taken over at once."""
        Worker.objects.filter(name=self.name).update(has_left=True)

    def bury_the_dead(self, take_over: Callable[[str], None]) -> None:
        """Have the work of every dead worker taken over, then strike it off the list."""
        for worker in Worker.objects.exclude(name=self.name):
            if self._is_dead(worker):
                _bury(worker.name, worker.beats, take_over)

    def _is_dead(self, worker: Worker) -> bool:
        if worker.has_left or (worker.place == _place() and not _is_running(worker.pid)):
            return True
        beats, since = self._seen.get(worker.name, (-1, 0.0))
        if beats != worker.beats:
            self._seen[worker.name] = (worker.beats, time.monotonic())
            return False
        return time.monotonic() - since > SILENCE


@transaction.atomic
def _bury(name: str, beats: int, take_over: Callable[[str], None]) -> None:
    # The row is locked while the work is taken over, so that two who see the same
    # death do not both; it goes last, so that a crash here leaves it to be seen again.
    dead = Worker.objects.select_for_update().filter(name=name, beats=beats).first()
    if dead is not None:
        take_over(name)
        dead.delete()


def _is_running(pid: int) -> bool:
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except (OSError, IndexError):
        return False
    return state not in {"Z", "X"}  # proc(5): a zombie runs no more


@cache
def _place() -> str:
    """Return what says that a process number means the same process: machine, boot, namespace."""
    boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
    return f"{socket.gethostname()[:80]} {boot} {Path('/proc/self/ns/pid').readlink()}"
