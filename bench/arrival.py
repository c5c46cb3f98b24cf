"""How long after its last byte a recording is visible, and how long until it plays.

Visible: on the list that an officer sees. Playable: the player is sent film. The
baseline is what one would do by hand before a player could open the file: ``cp``
+ fsync, then ``sha256sum``.
"""

from __future__ import annotations

import argparse
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

from custodes.media.generate import large_h264

from .installation import Installation
from .rounds import Limits, copy_and_hash, interleaved, median, say_ratio
from .uploading import Uploader, enrolled
from .watching import Person

_VISIBLE, _PLAYABLE = 2.0, 5.0


def main(arguments: Sequence[str] = ()) -> float:
    """Measure; the ratio is baseline seconds over seconds until it plays."""
    options = _options(arguments)
    with tempfile.TemporaryDirectory(dir=options.home, prefix="bench-arrival-") as folder:
        return _measure(Path(folder), options)


def _options(arguments: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="custodes bench arrival", description=__doc__)
    parser.add_argument("--megabytes", type=int, default=200)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--faststart", action="store_true", help="tables first, not last")
    parser.add_argument("--home", default=None)
    options = parser.parse_args(arguments)
    Limits.begin(full=options.megabytes >= parser.get_default("megabytes"))
    return options


def _measure(folder: Path, options: argparse.Namespace) -> float:
    source = folder / "source.mp4"
    large_h264(source, options.megabytes * 1_000_000, faststart=options.faststart)
    place = Installation(folder / "home").start()
    try:
        arrivals = _Arrivals(place, enrolled(place), source)
        arrivals.one()
        arrivals.visible.clear()
        by_hand = lambda: copy_and_hash(source, folder / "copy.mp4")  # noqa: E731
        seconds = interleaved({"by hand": by_hand, "playable": arrivals.one}, options.rounds)
    finally:
        place.stop()
    playable = median(seconds["playable"])
    _say("visible", arrivals.visible, _VISIBLE)
    _say("playable", seconds["playable"], _PLAYABLE)
    return say_ratio(median(seconds["by hand"]) / playable)


def _say(what: str, seconds: list[float], aim: float) -> None:
    verdict = Limits.verdict(what, held=max(seconds) <= aim)
    print(
        f"{what} after the last byte: median {median(seconds):.2f} s, most {max(seconds):.2f} s; "
        f"{verdict} the {aim:g} s asked for"
    )


class _Arrivals:
    """One recording after another, each looked for from its last byte on."""

    def __init__(self, place: Installation, uploader: Uploader, file: Path) -> None:
        self._person = Person(place)
        self._uploader = uploader
        self._file = file
        self._known = self._person.recordings()
        self.visible: list[float] = []

    def one(self) -> float:
        """Upload a recording; return the seconds from its last byte until it plays."""
        sent = self._uploader.upload(self._file, f"{len(self._known)}.mp4")
        handle = self._person.wait_until_listed(self._known)
        self.visible.append(time.perf_counter() - sent.last_byte)
        self._known.add(handle)
        self._person.wait_until_playable(handle)
        return time.perf_counter() - sent.last_byte


if __name__ == "__main__":
    main()
