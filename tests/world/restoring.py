"""A home that was in use for forty days, and what can be opened in one: for drills of restoring.

``python -m tests.world.restoring fill`` makes a recording a day through the real actions,
by the clock on the wall; ``publish`` signs a checkpoint, which is kept beside the
database. Each, and ``look`` alone, opens then every file the database knows, and says of
each recording that it opens, or why not; and what waits to be destroyed.
"""

from __future__ import annotations

import json
import sys
from datetime import datetime, timedelta
from typing import Any

import django

DAYS = 40


def fill(at: datetime) -> None:
    from tests.world import force  # noqa: PLC0415 - once Django is up

    from custodes.cli.first_start import prepare  # noqa: PLC0415
    from custodes.fleet.actions import enrol_camera  # noqa: PLC0415
    from custodes.recordings.actions.arrive import complete  # noqa: PLC0415

    prepare()
    camera, _ = enrol_camera("X100", by=force.CLERK, at=at, model="Test camera")
    for day in range(DAYS, 0, -1):
        recording = force.recording(camera, f"r{day}", started=at - timedelta(days=day))
        force.original(recording, body=b"footage of %d days ago" % day)
        complete(recording, by=force.CLERK, at=recording.received_at)


def publish(at: datetime) -> None:
    from custodes.custody import checkpoints  # noqa: PLC0415

    checkpoints.publish(at)


def look(at: datetime) -> dict[str, Any]:
    from custodes.custody import strongroom  # noqa: PLC0415
    from custodes.recordings.actions.check import expected  # noqa: PLC0415
    from custodes.recordings.models import Original  # noqa: PLC0415
    from custodes.retention.undestroyed import undestroyed  # noqa: PLC0415
    from custodes.vault.scrub import check_object  # noqa: PLC0415

    said = {}
    for original in Original.objects.select_related("recording"):
        finding = check_object(strongroom.vault(), expected(original))
        said[original.recording.handle] = finding.sentence if finding else "opens"
    waiting = undestroyed(at)
    return {"files": said, "waiting": waiting.sentence if waiting else ""}


if __name__ == "__main__":
    django.setup()
    from custodes.kernel.clock import now

    if sys.argv[1] == "fill":
        fill(now())
    if sys.argv[1] in {"fill", "publish"}:
        publish(now())
    sys.stdout.write(json.dumps(look(now())))
