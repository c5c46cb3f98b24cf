"""How fast one large file is taken in, against ``cp`` + fsync followed by ``sha256sum``.

Everything is counted: HTTP on loopback, SHA-256, chunk tree, packet trees, sealing,
fsync, and the custody entry. Also says how much the server's memory grew.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Sequence
from pathlib import Path

from custodes.media.generate import large_h264

from .installation import Installation
from .rounds import Memory, copy_and_hash, interleaved, median, say_ratio
from .uploading import enrolled


def main(arguments: Sequence[str] = ()) -> float:
    """Measure; the ratio is baseline seconds over ours, so 1.0 or more is the aim."""
    options = _options(arguments)
    with tempfile.TemporaryDirectory(dir=options.home, prefix="bench-intake-") as folder:
        return _measure(Path(folder), options)


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="custodes bench intake", description=__doc__)
    parser.add_argument("--megabytes", type=int, default=2000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--faststart", action="store_true", help="tables first, not last")
    parser.add_argument("--home", default=None)
    return parser.parse_args(arguments)


def _measure(folder: Path, options: argparse.Namespace) -> float:
    source = folder / "source.mp4"
    large_h264(source, options.megabytes * 1_000_000, faststart=options.faststart)
    size = source.stat().st_size
    print(f"one H.264 file of {size / 1e9:.2f} GB, tables {_where(options)}", flush=True)

    place = Installation(folder / "home").start("--no-worker")
    try:
        uploader = enrolled(place)
        uploader.upload(source, "warm-up.mp4")
        memory = Memory(place.pid)
        names = iter(f"{number}.mp4" for number in range(1000))
        seconds = interleaved(
            {
                "by hand": lambda: copy_and_hash(source, folder / "copy.mp4"),
                "custodes": lambda: uploader.upload(source, next(names)).seconds,
            },
            options.rounds,
        )
        grown = memory.stop()
    finally:
        place.stop()
    for name, each in seconds.items():
        print(f"{name}: median {median(each):.2f} s, {size / median(each) / 1e6:.0f} MB/s")
    print(f"server memory: grew by at most {grown / 1e6:.0f} MB while receiving")
    return say_ratio(median(seconds["by hand"]) / median(seconds["custodes"]))


def _where(options: argparse.Namespace) -> str:
    return "first" if options.faststart else "last"


if __name__ == "__main__":
    main()
