"""Interleaved rounds, medians and a last line with the ratio."""

from __future__ import annotations

import statistics
import subprocess
import threading
import time
from collections.abc import Callable
from pathlib import Path

import psutil

Measure = Callable[[], float]


def interleaved(measures: dict[str, Measure], rounds: int) -> dict[str, list[float]]:
    """Run each measure once a round, in turn, so that the machine's moods hit all alike."""
    seconds: dict[str, list[float]] = {name: [] for name in measures}
    for number in range(1, rounds + 1):
        for name, measure in measures.items():
            seconds[name].append(measure())
        told = "  ".join(f"{name} {each[-1]:.2f}" for name, each in seconds.items())
        print(f"round {number}: {told}", flush=True)
    return seconds


def median(values: list[float]) -> float:
    """Return the middle value."""
    return statistics.median(values)


class Limits:
    """Which figures were over their limit; at full size one of them fails the benchmark.

    The figures of a small run, as of a smoke test, say nothing about a limit.
    """

    full, over = False, list[str]()

    @classmethod
    def begin(cls, *, full: bool) -> None:
        """Say whether this run is as large as the limits are meant for."""
        cls.full, cls.over = full, []

    @classmethod
    def verdict(cls, what: str, *, held: bool) -> str:
        """Return ``within`` or ``OVER``, to be printed beside the figure."""
        if cls.full and not held:
            cls.over.append(what)
        return "within" if held else "OVER"


def say_ratio(ratio: float) -> float:
    """Print the last line of every benchmark."""
    print(f"ratio: {ratio:.3f}")
    return ratio


def copy_and_hash(source: Path, target: Path) -> float:
    """Return the seconds of ``cp`` + fsync, then ``sha256sum``: what one would do by hand."""
    target.unlink(missing_ok=True)
    began = time.perf_counter()
    subprocess.run(["cp", str(source), str(target)], check=True)
    subprocess.run(["sync", str(target)], check=True)
    subprocess.run(["sha256sum", str(target)], check=True, stdout=subprocess.DEVNULL)
    seconds = time.perf_counter() - began
    target.unlink()
    return seconds


def resident_of_tree(pid: int) -> int:
    """Return the resident bytes of a process and all it started."""
    total = 0
    parent = psutil.Process(pid)
    for process in [parent, *parent.children(recursive=True)]:
        try:
            total += process.memory_info().rss
        except psutil.NoSuchProcess:
            continue
    return total


class Memory:
    """The most that a process tree grew to, looked at ten times a second."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self._before = resident_of_tree(pid)
        self._most = self._before
        self._over = threading.Event()
        self._thread = threading.Thread(target=self._look, daemon=True)
        self._thread.start()

    def stop(self) -> int:
        """Return by how many bytes the tree grew at most."""
        self._over.set()
        self._thread.join()
        return self._most - self._before

    def _look(self) -> None:
        while not self._over.wait(0.1):
            self._most = max(self._most, resident_of_tree(self._pid))
