"""How fast footage plays from the sealed store, against a plain static file server.

First frame: a player asks for the beginning, jumps to the tables at the end, comes
back and decodes one picture. Throughput: the whole file in open-ended ranges, as a
browser asks for them. The baseline serves the same file, unsealed, from the same
web server (granian) in answers of the same length, and knows no sessions. Both are
measured once the worker has looked at the film: it would take the processor from both.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import av

from custodes.media.generate import large_h264

from .installation import Installation, free_port
from .rounds import Limits, interleaved, median, say_ratio
from .static_server import StaticServer
from .uploading import enrolled
from .watching import Person, RangedFile, media_path, wait_until_prepared

_AIM_MS = 300


def main(arguments: Sequence[str] = ()) -> float:
    """Measure; the ratio is our throughput over the static server's, so 0.5 or more is the aim."""
    options = _options(arguments)
    with tempfile.TemporaryDirectory(dir=options.home, prefix="bench-playback-") as folder:
        return _measure(Path(folder), options)


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="custodes bench playback", description=__doc__)
    parser.add_argument("--megabytes", type=int, default=500)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--plays", type=int, default=40, help="first frames to wait for")
    parser.add_argument("--faststart", action="store_true", help="tables first, not last")
    parser.add_argument("--home", default=None)
    options = parser.parse_args(arguments)
    Limits.begin(full=options.megabytes >= parser.get_default("megabytes"))
    return options


def _measure(folder: Path, options: argparse.Namespace) -> float:
    source = folder / "source.mp4"
    large_h264(source, options.megabytes * 1_000_000, faststart=options.faststart)
    place = Installation(folder / "home").start()
    port = free_port()
    try:
        uploader, known = enrolled(place), set[str]()
        person = Person(place)
        uploader.upload(source, "played.mp4")
        handle = person.wait_until_listed(known)
        person.wait_until_playable(handle)
        wait_until_prepared(place)
        sealed = lambda: RangedFile(place.port, media_path(handle), person.cookies)  # noqa: E731
        plain = lambda: RangedFile(port, "/", "")  # noqa: E731
        with StaticServer(port, source):
            _first_frames(sealed, plain, options.plays)
            measures = {"static": lambda: _through(plain), "custodes": lambda: _through(sealed)}
            seconds = interleaved(measures, options.rounds)
    finally:
        place.stop()
    for name, each in seconds.items():
        print(f"{name}: median {source.stat().st_size / median(each) / 1e6:.0f} MB/s")
    return say_ratio(median(seconds["static"]) / median(seconds["custodes"]))


def _first_frames(
    sealed: Callable[[], RangedFile], plain: Callable[[], RangedFile], plays: int
) -> None:
    _first_frame(sealed)
    ours, static = [], []
    for _ in range(plays):
        ours.append(_first_frame(sealed))
        static.append(_first_frame(plain))
    late = sorted(ours)[-(-len(ours) * 95 // 100) - 1] * 1000
    print(f"first frame: median {median(ours) * 1000:.0f} ms, p95 {late:.0f} ms; ", end="")
    verdict = Limits.verdict("the first frame", held=late <= _AIM_MS)
    print(f"{verdict} the {_AIM_MS} ms asked for")
    print(f"first frame from the static server: median {median(static) * 1000:.0f} ms")


def _first_frame(opened: Callable[[], RangedFile]) -> float:
    began = time.perf_counter()
    with opened() as file, av.open(file, mode="r") as film:
        next(film.decode(video=0))
    return time.perf_counter() - began


def _through(opened: Callable[[], RangedFile]) -> float:
    began = time.perf_counter()
    room = memoryview(bytearray(1 << 20))
    with opened() as file:
        while file.readinto(room):
            pass
        assert file.tell() == file.size, "the file ended early"
    return time.perf_counter() - began


if __name__ == "__main__":
    main()
