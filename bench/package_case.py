"""How long the package of a case with ten clips takes, against copying and hashing the clips.

Everything is done by the commands of an installation of its own: a film is brought in, ten
clips are cut of it without encoding anything, and each is made an exhibit. Measured is
``custodes package`` to a folder, in a process of its own, begun anew each time: bytes are
decrypted, hashed, proven and written. The baseline is ``cp``, ``sync`` and ``sha256sum`` of
the same clips, unsealed. Also printed: by how much the process grew at most.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path

import av

from custodes.media.generate import large_h264

from .installation import Installation
from .rounds import copy_and_hash, interleaved, median, say_ratio
from .watching import wait_until_prepared

_WHO = ["--audience", "prosecutor", "--for", "Dana Reed", "--organisation", "CPS"]
_WHO += ["--because", "charge", "--passed-over", "made up"]


def main(arguments: Sequence[str] = ()) -> float:
    """Return the time of building the package ÷ that of copying and hashing; 1.5 is the aim."""
    parser = argparse.ArgumentParser(prog="custodes bench package_case", description=__doc__)
    parser.add_argument("--megabytes", type=int, default=1000, help="all clips together")
    parser.add_argument("--clips", type=int, default=10)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--home", type=Path, default=None)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(dir=options.home, prefix="bench-package-") as folder:
        return _measure(Path(folder), options.megabytes, options.clips, options.rounds)


def _measure(folder: Path, megabytes: int, number: int, rounds: int) -> float:
    case = _Case(folder)
    clips = case.cut(megabytes, number)
    size = sum(clip.stat().st_size for clip in clips)
    print(f"{len(clips)} clips, {size / 1e6:,.0f} MB together")
    seconds = interleaved(
        {
            "copy and hash": lambda: sum(copy_and_hash(clip, folder / "copy") for clip in clips),
            "package": case.package,
            "start": case.start,
        },
        rounds,
    )
    built = median(seconds["package"]) - median(seconds["start"])
    most, least = case.most / 1e6, case.least / 1e6
    print(f"memory at most: {most:,.0f} MB; a command that does nothing: {least:,.0f} MB")
    print(f"package, without starting Python and Django: {built:.2f} s")
    return say_ratio(built / median(seconds["copy and hash"]))


class _Case:
    """An installation with one case, and the packages that are made of it."""

    def __init__(self, folder: Path) -> None:
        self._folder, self._made = folder, 0
        self.most = self.least = 0
        self._place = Installation(folder / "home")
        self._place.run("user", "add", "Ada Okafor", "--username", "ada", "--role", "officer",
                        "--password", "a long enough pass phrase")  # fmt: skip
        self._place.json("case", "new", "01MP/44/26", "--about", "Robbery", "--officer", "ada")

    def cut(self, megabytes: int, clips: int) -> list[Path]:
        """Bring a film in and cut the clips of it; each begins a second after the one before."""
        film, each = self._folder / "film.mp4", megabytes * 1_000_000 // clips
        large_h264(film, int(each * 1.3))
        self._place.run("import", str(film), "--camera", "X1", "--enrol",
                        "--started-at", "2026-11-14T12:00:00Z")  # fmt: skip
        with av.open(str(film)) as opened:
            seconds = (opened.duration or 0) / av.time_base
        film.unlink()
        self._place.start()  # its worker looks at the film, and proves each clip
        wait_until_prepared(self._place)
        [recording] = self._place.json("recordings")
        handle = recording["id"]
        made = []
        for number in range(clips):
            out = self._folder / f"{number}.mp4"
            begins, ends = number * 0.02 * seconds, (number * 0.02 + 0.77) * seconds
            stretch = ["--from", f"{begins:.3f}", "--to", f"{ends:.3f}", "--whole-pictures"]
            cut = self._place.json("clip", handle, *stretch, "--out", str(out), "--because", "it")
            what = ["--item", f"Clip {number}", "--initials", "AO", "--clip", cut["clip"]]
            self._place.json("case", "exhibit", "01MP/44/26", handle, *what)
            made.append(out)
        time.sleep(3 + megabytes / 50)  # the worker proves the last of them
        self._place.stop()
        return made

    def package(self) -> float:
        """Make the package in a process of its own, and return the seconds."""
        self._made += 1
        out = self._folder / f"package-{self._made}"
        seconds, memory = self._run("package", "01MP/44/26", *_WHO, "--out", str(out), "--json")
        began = time.perf_counter()
        subprocess.run(["sync", "-f", str(out)], check=True)
        seconds += time.perf_counter() - began
        self.most = max(self.most, memory)
        subprocess.run(["rm", "-r", str(out)], check=True)
        return seconds

    def start(self) -> float:
        """Return the seconds a command takes that does nothing to speak of."""
        seconds, self.least = self._run("case", "list")
        return seconds

    def _run(self, *arguments: str) -> tuple[float, int]:
        """Run a command, and return its seconds and the most bytes it had in memory."""
        command = [str(Path(sys.executable).parent / "custodes"), *arguments]
        began = time.perf_counter()
        with subprocess.Popen(
            command, env=self._place.environment(), stdout=subprocess.PIPE, text=True
        ) as process:
            said = process.stdout.read() if process.stdout else ""
            _, status, used = os.wait4(process.pid, 0)
            process.returncode = os.waitstatus_to_exitcode(status)
        if process.returncode:
            raise RuntimeError(said)
        return time.perf_counter() - began, used.ru_maxrss * 1024


if __name__ == "__main__":
    main(sys.argv[1:])
