"""How long the inventory of a large archive takes, and whether it counts a loss exactly.

Makes an archive, removes objects from its store behind the system's back, and has both
find them, each in a process of its own: ours, with the record, the months and the signed
list; and as one would by hand, with `find` and the difference of two sets in memory. The
last line is how many times as long by hand takes.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .rounds import interleaved, median, say_ratio
from .sweep import build_one

# What South Yorkshire Police lost of its archive in 2023, and never counted.
HELD, LOST = 785_000, 96_174

# The high-water mark of /proc begins anew with the program; ru_maxrss has the parent's.
_SAY = """
import hashlib, json, time
def say(began, missing):
    seconds = time.perf_counter() - began
    status = open("/proc/self/status").read()
    memory = int(status.partition("VmHWM:")[2].split()[0]) // 1024
    digest = hashlib.sha256("".join(sorted(missing)).encode()).hexdigest()
    print(json.dumps({"seconds": seconds, "mb": memory, "count": len(missing), "digest": digest}))
"""
_OURS = """
import django; django.setup()
from custodes.retention.inventory.looking import look
from custodes.retention.rules.inventory import Fault
began = time.perf_counter()
found = look()
say(began, [each.handle for each in found.findings(Fault.MISSING)])
"""
_BY_HAND = """
import os, sqlite3, subprocess
began = time.perf_counter()
home = os.environ["CUSTODES_HOME"]
rows = sqlite3.connect(f"{home}/custodes.sqlite3").execute("SELECT handle FROM recordings_original")
wanted = {handle for (handle,) in rows}
listed = ["find", f"{home}/vault/sealed", "-name", "*.floe", "-printf", "%f\\n"]
names = subprocess.run(listed, capture_output=True, text=True).stdout.split()
there = {name[:-5] for name in names}
say(began, wanted - there)
"""


def main(arguments: Sequence[str] = ()) -> float:
    """Return how many times as long finding what is missing by hand takes."""
    parser = argparse.ArgumentParser(prog="custodes bench inventory")
    parser.add_argument("--recordings", type=int, default=HELD)
    parser.add_argument("--lost", type=int, default=LOST)
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--home", default=None)
    chosen = parser.parse_args([*arguments])
    home = Path(tempfile.mkdtemp(prefix="custodes-bench-", dir=chosen.home))
    try:
        return _measure(home, chosen.recordings, chosen.lost, chosen.rounds)
    finally:
        shutil.rmtree(home)


def _measure(home: Path, recordings: int, lost: int, rounds: int) -> float:
    gone = _robbed(home, recordings, lost)
    digest = hashlib.sha256("".join(sorted(gone)).encode()).hexdigest()
    most: dict[str, int] = {}

    def measured(name: str, program: str) -> float:
        said = _run(home, program)
        assert (said["count"], said["digest"]) == (lost, digest), f"{name} found {said['count']}"
        most[name] = max(most.get(name, 0), said["mb"])
        return float(said["seconds"])

    seconds = interleaved(
        {
            "inventory": lambda: measured("inventory", _OURS),
            "by hand": lambda: measured("by hand", _BY_HAND),
        },
        rounds,
    )
    ours, by_hand = median(seconds["inventory"]), median(seconds["by hand"])
    print(f"{lost:,} of {recordings:,} objects are missing; both found exactly these")
    print(f"inventory: {ours:.2f} s, {most['inventory']} MB at most")
    print(f"by hand, two sets of names: {by_hand:.2f} s, {most['by hand']} MB at most")
    return say_ratio(by_hand / ours)


def _robbed(home: Path, recordings: int, lost: int) -> list[str]:
    """Make the archive, one object a recording, and take some of its objects away."""
    build_one(home, recordings, with_thumbnails=False)
    from custodes.recordings.models import Original

    handles = list(Original.objects.order_by("pk").values_list("handle", flat=True))
    gone = random.Random(lost).sample(handles, lost)
    for handle in gone:
        (home / "vault" / "sealed" / handle[:2] / f"{handle}.floe").unlink()
    return gone


def _run(home: Path, program: str) -> dict[str, Any]:
    done = subprocess.run(
        [sys.executable, "-c", _SAY + program],
        env={**os.environ, "CUSTODES_HOME": str(home)},
        capture_output=True,
        text=True,
        check=True,
    )
    said: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return said
