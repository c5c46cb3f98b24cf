"""How fast a full controller of forty cameras is taken in, against one stream.

The baseline is one file of the same total size, received alone in the same run.
Everything is counted: HTTP on loopback, SHA-256, chunk tree, packet trees, sealing,
fsync, and the custody entry. Also says whether any camera had to wait for the others.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from custodes.media.generate import large_h264

from .installation import Installation
from .rounds import Limits, Memory, interleaved, median, say_ratio
from .uploading import Uploader, enrolled

_STARVES = 3.0


def main(arguments: Sequence[str] = ()) -> float:
    """Measure; the ratio is the rate of all over the rate of one, so 0.9 or more is the aim."""
    options = _options(arguments)
    with tempfile.TemporaryDirectory(dir=options.home, prefix="bench-forty-") as folder:
        return _measure(Path(folder), options)


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="custodes bench forty_cameras", description=__doc__)
    parser.add_argument("--megabytes", type=int, default=50, help="of each camera's file")
    parser.add_argument("--cameras", type=int, default=40)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--faststart", action="store_true", help="tables first, not last")
    parser.add_argument("--home", default=None)
    options = parser.parse_args(arguments)
    Limits.begin(full=options.megabytes >= parser.get_default("megabytes"))
    return options


def _measure(folder: Path, options: argparse.Namespace) -> float:
    small, large = folder / "small.mp4", folder / "large.mp4"
    large_h264(small, options.megabytes * 1_000_000, faststart=options.faststart)
    total = small.stat().st_size * options.cameras
    large_h264(large, total, faststart=options.faststart)

    place = Installation(folder / "home").start("--no-worker")
    try:
        uploader = enrolled(place)
        uploader.upload(small, "warm-up.mp4")
        forty = _Forty(uploader, small, options.cameras)
        memory = Memory(place.pid)
        names = iter(f"one-{number}.mp4" for number in range(1000))
        one = lambda: uploader.upload(large, next(names)).seconds  # noqa: E731
        seconds = interleaved({"one": one, "all": forty.upload}, options.rounds)
        grown = memory.stop()
    finally:
        place.stop()
    rates = {
        "one": large.stat().st_size / median(seconds["one"]),
        "all": total / median(seconds["all"]),
    }
    for name, rate in rates.items():
        print(f"{name}: median {median(seconds[name]):.2f} s, {rate / 1e6:.0f} MB/s")
    worst = max(forty.unevenness)
    fair = Limits.verdict("the slowest camera", held=worst <= _STARVES) == "within"
    verdict = "nobody starved" if fair else "SOMEBODY STARVED"
    print(f"slowest camera: {worst:.2f} times the median at most; {verdict}")
    print(f"server memory: grew by at most {grown / 1e6:.0f} MB while receiving")
    return say_ratio(rates["all"] / rates["one"])


class _Forty:
    """Cameras that all begin to upload at the same moment."""

    def __init__(self, uploader: Uploader, file: Path, cameras: int) -> None:
        self._uploader = uploader
        self._file = file
        self._cameras = cameras
        self._round = 0
        self.unevenness: list[float] = []

    def upload(self) -> float:
        """Return the seconds until the last of them has its answer."""
        self._round += 1
        names = [f"camera-{self._round}-{number}.mp4" for number in range(self._cameras)]
        began = time.perf_counter()
        with ThreadPoolExecutor(self._cameras) as pool:
            took = list(pool.map(self._one, names))
        seconds = time.perf_counter() - began
        self.unevenness.append(max(took) / median(took))
        return seconds

    def _one(self, name: str) -> float:
        return self._uploader.upload(self._file, name).seconds


if __name__ == "__main__":
    main()
