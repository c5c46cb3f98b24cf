"""Thousands of races of somebody who places a hold against the eraser, each for one recording.

Two processes with connections of their own start at the same moment: one places a hold
through its action, the other disposes of the recording through the sweep's. Afterwards every
recording is looked at: erased or held, never both, never neither, and the record tells
the same. The baseline is an eraser that looks first and deletes then, without the lock; how
often it erases what is held shows that the races are real. The last line is the ratio
of its time for a race to ours.
"""

from __future__ import annotations

import argparse
import os
import random
import shutil
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import timedelta
from multiprocessing import get_context
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import TYPE_CHECKING, Any

from .home import start
from .rounds import say_ratio
from .sweep import alone

if TYPE_CHECKING:
    from custodes.retention.models import Sweep
    from custodes.retention.policy import Policy

    Erase = Callable[[int, Policy, Sweep], object]

_FORK = get_context("fork")
_JITTER = 0.004


def main(arguments: Sequence[str] = ()) -> float:
    """Return how many times as long as ours the eraser without a lock takes for a race."""
    parser = argparse.ArgumentParser(prog="custodes bench hold_races")
    parser.add_argument("--races", type=int, default=10_000)
    parser.add_argument("--database-url", default="", help="an empty PostgreSQL database")
    parser.add_argument("--home", default=None)
    chosen = parser.parse_args([*arguments])
    home = Path(tempfile.mkdtemp(prefix="custodes-bench-", dir=chosen.home))
    os.environ["CUSTODES_DATABASE_URL"] = chosen.database_url
    try:
        return _measure(home, chosen.races)
    finally:
        shutil.rmtree(home)


def _measure(home: Path, races: int) -> float:
    plain = max(races // 10, 1)
    alone(_build, home, races + plain)
    ours = _race(home, range(1, races + 1), _erase)
    erased, held, both, neither = alone(_look, home, 1, races)
    print(f"{races:,} races in {ours:.1f} s: the hold won {held:,}, the eraser {erased:,}; "
          f"both erased and held: {both}; neither: {neither}", flush=True)  # fmt: skip
    assert (both, neither) == (0, 0), "a race had two winners, or none"
    bare = _race(home, range(races + 1, races + plain + 1), _erase_without_a_lock)
    *_, both, _ = alone(_look, home, races + 1, races + plain)
    print(f"without the lock {both:,} of {plain:,} ended both erased and held")
    return say_ratio((bare / plain) / (ours / races))


def _race(home: Path, numbers: range, erase: Erase) -> float:
    """Let a holder and an eraser meet at each recording; return how long all took."""
    line = _FORK.Barrier(2)
    runners = [
        _FORK.Process(target=_hold_each, args=(home, numbers, line)),
        _FORK.Process(target=_erase_each, args=(home, numbers, line, erase)),
    ]
    began = time.perf_counter()
    for runner in runners:
        runner.start()
    for runner in runners:
        runner.join()
        assert runner.exitcode == 0, "a runner fell"
    return time.perf_counter() - began


def _hold_each(home: Path, numbers: range, line: Barrier) -> None:
    start(home)
    from custodes.custody.rules import SYSTEM
    from custodes.kernel.clock import now
    from custodes.recordings.models import Recording
    from custodes.retention.actions.hold import Wanted, raise_hold
    from custodes.retention.rules.holds import HoldKind, Scope

    handles = dict(Recording.objects.values_list("pk", "handle"))
    chance = random.Random(1)
    for number in numbers:
        at, scope = now(), Scope(recordings=frozenset({handles[number]}))
        look = at.date() + timedelta(days=90)
        _set_off(line, chance)
        raise_hold(Wanted(HoldKind.COMPLAINT, "CO/1", look, scope), by=SYSTEM, at=at)


def _erase_each(home: Path, numbers: range, line: Barrier, erase: Erase) -> None:
    start(home)
    from custodes.kernel.clock import now
    from custodes.retention.condition import policy_at
    from custodes.retention.models import Sweep

    policy, sweep, chance = policy_at(now()), Sweep.objects.get(), random.Random(2)
    for number in numbers:
        _set_off(line, chance)
        erase(number, policy, sweep)


def _set_off(line: Barrier, chance: random.Random) -> None:
    line.wait(60)
    time.sleep(chance.random() * _JITTER)


def _erase(number: int, policy: Policy, sweep: Sweep) -> None:
    from custodes.custody.rules import SYSTEM
    from custodes.kernel.clock import now
    from custodes.retention.actions.dispose import dispose

    dispose([number], policy, sweep, by=SYSTEM, at=now())


def _erase_without_a_lock(number: int, policy: Policy, sweep: Sweep) -> None:  # noqa: ARG001
    """Look, decide, and only then delete: what the sweep must not do."""
    from django.db import transaction

    from custodes.kernel.clock import now
    from custodes.recordings.actions.dispose import find_footage, forget_footage
    from custodes.retention.facts import facts_of
    from custodes.retention.rules.decision import Verdict, decide

    facts = facts_of([number])[number]
    if decide(facts, policy.schedule, now()).verdict is Verdict.DISPOSE:
        with transaction.atomic():
            forget_footage(find_footage([number]))


def _look(home: Path, first: int, last: int) -> tuple[int, int, int, int]:
    """Return how many were erased, held, both and neither, by the tables and by the record."""
    start(home)
    from custodes.custody.models import Entry
    from custodes.recordings.models import Original, Recording
    from custodes.retention.models import HeldRecording

    handles = dict(
        Recording.objects.filter(pk__gte=first, pk__lte=last).values_list("handle", "pk")
    )

    def told(kind: str) -> set[int]:
        subjects = Entry.objects.filter(kind=kind).values_list("subject", flat=True)
        return {handles[subject] for subject in subjects if subject in handles}

    every = set(handles.values())
    gone = set(Recording.objects.filter(state="disposed").values_list("pk", flat=True))
    whole = set(Original.objects.exclude(wrapped=b"").values_list("recording", flat=True))
    kept = set(HeldRecording.objects.values_list("recording", flat=True))
    erased = every & (gone | (every - whole) | told("recording.deleted"))
    held = every & (kept | told("hold.placed"))
    return len(erased), len(held), len(erased & held), len(every - erased - held)


def _build(home: Path, number: int) -> None:
    """Make recordings whose time is over, each with a key, and a sweep to erase them in."""
    start(home)
    from custodes.cli.first_start import prepare
    from custodes.custody.rules import SYSTEM
    from custodes.fleet.models import Camera
    from custodes.intake.models import Upload
    from custodes.kernel.clock import now
    from custodes.kernel.ids import new_handle
    from custodes.recordings.models import Original, Recording
    from custodes.retention.actions.schedule import publish_first
    from custodes.retention.models import Sweep

    prepare()
    at = now()
    publish_first(by=SYSTEM, at=at)
    camera = Camera.objects.create(serial="C1", model="X", mount="chest")
    filmed = at - timedelta(days=40)
    same: dict[str, Any] = {
        "camera": camera, "mount": "chest", "source": "axis", "started_at": filmed,
        "ended_at": filmed + timedelta(minutes=1), "received_at": filmed + timedelta(hours=1),
        "seconds": 60, "state": "complete",
    }  # fmt: skip
    numbers = range(1, number + 1)
    Recording.objects.bulk_create(
        [Recording(pk=n, source_key=f"k{n}", **same) for n in numbers], batch_size=1000
    )
    keyed = {n: (new_handle(), os.urandom(40)) for n in numbers}
    Upload.objects.bulk_create(
        [
            Upload(pk=n, handle=kid, door="axis", source_key=f"k{n}", name="a", kind="video",
                   kid=kid, epoch=1, wrapped=wrapped, began_at=filmed, heard_at=filmed)
            for n, (kid, wrapped) in keyed.items()
        ],
        batch_size=1000,
    )  # fmt: skip
    Original.objects.bulk_create(
        [
            Original(handle=kid, recording_id=n, upload_id=n, number=1, kind="video", name="a",
                     size=1, sha256="0" * 64, chunk_root=b"", kid=kid, epoch=1, wrapped=wrapped,
                     sealed_at=filmed)
            for n, (kid, wrapped) in keyed.items()
        ],
        batch_size=1000,
    )  # fmt: skip
    Sweep.objects.create(rehearsed_at=at, due=number, begun_at=at)
