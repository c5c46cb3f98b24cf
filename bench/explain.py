"""How long it takes to say why one recording is kept, among a million.

Builds an archive (archive.py) with holds of thousands of recordings, reviews and
versions of the schedule, then asks for recordings drawn at random, as the command and the
page do. The baseline reads the recording's own row by its handle, by bare SQL. The last
line is the ratio of the two.
"""

from __future__ import annotations

import argparse
import random
import shutil
import sqlite3
import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from pathlib import Path
from typing import TYPE_CHECKING

from .home import start
from .rounds import Limits, say_ratio
from .sweep import PEOPLE, alone, build_one

if TYPE_CHECKING:
    from custodes.people.rules import Viewer

TARGET_MS = 20
_HOLDS, _HELD, _REVIEWS, _VERSIONS = 40, 500, 5_000, 10


def main(arguments: Sequence[str] = ()) -> float:
    """Return how many times the bare SQL of the row an explanation takes."""
    parser = argparse.ArgumentParser(prog="custodes bench explain")
    parser.add_argument("--recordings", type=int, default=1_000_000)
    parser.add_argument("--questions", type=int, default=500)
    parser.add_argument("--home", default=None)
    chosen = parser.parse_args([*arguments])
    Limits.begin(full=chosen.recordings >= parser.get_default("recordings"))
    home = Path(tempfile.mkdtemp(prefix="custodes-bench-", dir=chosen.home))
    try:
        took = alone(build_one, home, chosen.recordings, False)
        print(f"{chosen.recordings:,} recordings built in {took:.0f} s", flush=True)
        asked = alone(ask, home, chosen.questions)
    finally:
        shutil.rmtree(home)
    return _said(*asked)


def _said(ours: list[float], bare: list[float]) -> float:
    """Say how long the answers took."""
    p95 = sorted(ours)[len(ours) * 95 // 100]
    verdict = Limits.verdict("explain", held=p95 <= TARGET_MS)
    print(f"explain: median {statistics.median(ours):.2f} ms, p95 {p95:.2f} ms, {verdict} "
          f"{TARGET_MS} ms")  # fmt: skip
    print(f"bare SQL of its row: median {statistics.median(bare):.3f} ms")
    return say_ratio(statistics.median(ours) / statistics.median(bare))


def ask(home: Path, questions: int) -> tuple[list[float], list[float]]:
    """Place holds, ask, and return how long the answers took, ours and by bare SQL."""
    start(home)
    from custodes.kernel.clock import now
    from custodes.recordings.models import Recording
    from custodes.retention.queries import explain

    viewer = _hold_and_review()
    chance, count = random.Random(4), Recording.objects.count()
    numbers = [chance.randrange(count) + 1 for _ in range(questions)]
    found = dict(Recording.objects.filter(pk__in=numbers).values_list("pk", "handle"))
    handles = [found[number] for number in numbers]
    explain(viewer, handles[0], now())
    ours = [_timed(lambda: explain(viewer, handle, now())) for handle in handles]  # noqa: B023
    database = sqlite3.connect(home / "custodes.sqlite3")
    one = "SELECT * FROM recordings_recording WHERE handle = ?"
    bare = [_timed(lambda: database.execute(one, (h,)).fetchone()) for h in handles]  # noqa: B023
    return ours, bare


def _hold_and_review() -> Viewer:
    """Place holds through their action, and lay reviews and old versions beside them."""
    from dataclasses import replace

    from custodes.custody.rules import SYSTEM
    from custodes.kernel.clock import now
    from custodes.people.models import Person
    from custodes.recordings.models import Recording
    from custodes.retention.actions.hold import Wanted, raise_hold
    from custodes.retention.actions.schedule import publish_first
    from custodes.retention.models import Review, ScheduleVersion
    from custodes.retention.rules.default import DEFAULT
    from custodes.retention.rules.holds import HoldKind, Scope
    from custodes.retention.writing import write_schedule

    at = now()
    publish_first(by=SYSTEM, at=at)
    for number in range(2, _VERSIONS + 2):
        version = replace(DEFAULT, version=number, effective_at=at - timedelta(days=200 - number))
        ScheduleVersion.objects.create(
            version=number, effective_at=version.effective_at, document=write_schedule(version),
            because="a bench", proposed_by="", approved_by="", made_at=at,
        )  # fmt: skip
    recordings = Recording.objects.order_by("?").values_list("pk", "handle")
    drawn = list(recordings[: max(_HOLDS * _HELD, _REVIEWS)])
    for first in range(0, _HOLDS * _HELD, _HELD):
        named = frozenset(handle for _, handle in drawn[first : first + _HELD])
        if named:
            wanted = Wanted(HoldKind.COMPLAINT, f"CO/{first}", at.date() + timedelta(days=90),
                            Scope(recordings=named))  # fmt: skip
            raise_hold(wanted, by=SYSTEM, at=at)
    Review.objects.bulk_create(
        Review(recording_id=pk, by="a reviewer", at=at, reason="needed", keep_until=at.date())
        for pk, _ in drawn[:_REVIEWS]
    )
    return Person.objects.get(username=PEOPLE[0]).as_viewer("cli")


def _timed(what: Callable[[], object]) -> float:
    began = time.perf_counter()
    what()
    return (time.perf_counter() - began) * 1000
