"""How long a made-up year takes, from an empty folder to its totals, against what it may take.

Runs ``custodes simulate met-2017`` as anybody would: a hundredth of the year in 30 s, or
with ``--whole`` all of it in 30 minutes, on two cores. Nothing else does what it does, so its
baseline is the limit: the last line is how many times the limit holds what it took. Leaves
with status 1 when that was more.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from .rounds import Limits, say_ratio

_HUNDREDTH, _WITHIN = 0.01, 30.0
_WHOLE, _WHOLE_WITHIN = 1.0, 30 * 60.0


def main(arguments: Sequence[str] = ()) -> float:
    """Return how many times the limit holds what the simulation took."""
    parser = argparse.ArgumentParser(prog="custodes bench simulate")
    parser.add_argument("--scale", type=float, default=_HUNDREDTH, help="how much of the year")
    parser.add_argument("--whole", action="store_true", help="all of it, within 30 minutes")
    parser.add_argument("--within", type=float, default=None, help="another limit, in seconds")
    parser.add_argument("--home", default=None)
    chosen = parser.parse_args([*arguments])
    scale = _WHOLE if chosen.whole else chosen.scale
    within = chosen.within or (_WHOLE_WITHIN if scale > _HUNDREDTH else _WITHIN)
    Limits.begin(full=scale >= _HUNDREDTH or chosen.within is not None)
    folder = Path(tempfile.mkdtemp(prefix="custodes-bench-", dir=chosen.home))
    try:
        seconds, totals = _lived(folder / "year", scale)
    finally:
        shutil.rmtree(folder)
    _say(seconds, within, totals)
    return say_ratio(within / seconds)


def _lived(home: Path, scale: float) -> tuple[float, dict[str, Any]]:
    """Live through it; return how long that took, start included, and what came of it."""
    custodes = str(Path(sys.executable).parent / "custodes")
    command = [custodes, "simulate", "met-2017", "--json", "--scale", str(scale)]
    began = time.monotonic()
    done = subprocess.run([*command, "--home", str(home)], stdout=subprocess.PIPE, check=True)
    totals: dict[str, Any] = json.loads(done.stdout)
    return time.monotonic() - began, totals


def _say(seconds: float, within: float, totals: dict[str, Any]) -> None:
    verdict = Limits.verdict("the simulation", held=seconds <= within)
    memory = totals["peak_rss_bytes"] / 1e6
    print(f"time: {seconds:.1f} s, {verdict} {within:g}; {memory:.0f} MB at most")
    print(
        f"{totals['recordings']:,} recordings, {totals['deleted']:,} deleted; "
        f"{sum(totals['cases'].values()):,} cases, {totals['complaints']:,} complaints, "
        f"{totals['shared']:,} shared"
    )
