"""A home that is swept by processes of its own, so that one can be killed in the middle.

``python -m tests.world.sweeping fill N`` makes N recordings through the real actions;
``sweep`` goes on with a sweep that was cut off, or rehearses and begins one, a recording
at a time, and says after each how many have gone; ``tell`` says what became of all.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from datetime import timedelta
from typing import Any

import django

DUE = timedelta(minutes=1, days=31)


def fill(number: int) -> None:
    from tests.world import force  # noqa: PLC0415 - once Django is up

    from custodes.cli.first_start import prepare  # noqa: PLC0415
    from custodes.recordings.actions.arrive import complete  # noqa: PLC0415

    prepare()
    camera = force.camera()
    for key in range(number):
        recording = force.recording(camera, f"r{key}")
        force.original(recording, body=b"footage %d" % key)
        complete(recording, by=force.CLERK, at=recording.received_at)


def sweep() -> None:
    from tests.world import force, keeping  # noqa: PLC0415

    from custodes.retention.actions import outlook  # noqa: PLC0415
    from custodes.retention.actions import sweep as engine  # noqa: PLC0415

    outlook._BATCH = engine._REMOVED_TOGETHER = 1
    at = force.NOON + DUE

    def say(gone: int, due: int) -> None:
        sys.stdout.write(f"{gone} {due}\n")
        sys.stdout.flush()

    keeping.server_runs_until(at)
    if engine.go_on(by=force.CLERK, at=at, progress=say) is None:
        engine.run(engine.rehearse(by=force.CLERK, at=at), by=force.CLERK, at=at, progress=say)


def tell() -> dict[str, Any]:
    from custodes.custody import strongroom  # noqa: PLC0415
    from custodes.custody.models import Entry  # noqa: PLC0415
    from custodes.custody.tiles import faults_at_the_edge  # noqa: PLC0415
    from custodes.recordings.models import Original, Recording  # noqa: PLC0415
    from custodes.retention.models import Sweep, Tombstone, Unlinking  # noqa: PLC0415

    deleted = Entry.objects.filter(kind="recording.deleted").values_list("subject", flat=True)
    gone = Recording.objects.filter(state="disposed").values_list("handle", flat=True)
    stones = Tombstone.objects.values_list("handle", flat=True)
    return {
        "sweeps": list(Sweep.objects.values("due", "disposed", "kept", "interrupted")),
        "running": Sweep.objects.filter(ended_at=None).count(),
        "gone": sorted(gone),
        "deleted": sorted(Counter(deleted).elements()),
        "stones": sorted(stones),
        "stages": sorted(set(Tombstone.objects.values_list("stage", flat=True))),
        "originals": Original.objects.count(),
        "sealed": len(list(strongroom.vault().store.sealed_handles())),
        "listed": Unlinking.objects.count(),
        "faults": faults_at_the_edge(),
    }


if __name__ == "__main__":
    django.setup()
    match sys.argv[1:]:
        case ["fill", number]:
            fill(int(number))
        case ["sweep"]:
            sweep()
        case _:
            sys.stdout.write(json.dumps(tell()))
