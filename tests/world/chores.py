"""Things to do in an installation from outside, in a process of its own.

``python -m tests.world.chores`` reads one chore a line, ``[name, arguments]`` in
JSON, and answers each with a line: the result, or what went wrong. The environment
says in which home and on which database.
"""

from __future__ import annotations

import json
import os
import sys
import traceback
from pathlib import Path
from typing import Any

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "custodes.site.settings")
django.setup()

from django.conf import settings  # noqa: E402
from tests.world import force  # noqa: E402

from custodes.cli.first_start import prepare as first_start  # noqa: E402
from custodes.custody import checkpoints, outside  # noqa: E402
from custodes.custody.models import (  # noqa: E402
    Cosignature,
    Entry,
    Outsider,
    PublishedCheckpoint,
)
from custodes.intake.rules import Kind  # noqa: E402
from custodes.kernel.clock import now  # noqa: E402
from custodes.ledger.tree import leaf_hash  # noqa: E402
from custodes.recordings.actions.arrive import complete  # noqa: E402
from custodes.recordings.models import Copy, Original, Recording  # noqa: E402
from custodes.worker.models import Cursor, Errand, Worker  # noqa: E402
from custodes.worker.queries import problems  # noqa: E402


def prepare() -> None:
    """Lay the tables and begin the log."""
    first_start()


def arrive(key: str, clip: str = "", kind: str = "video") -> dict[str, Any]:
    """Let a recording with one file arrive; return its handles."""
    recording = force.recording(force.camera(), key)
    body = Path(clip).read_bytes() if clip else b"not a video " * 100
    name = Path(clip).name if clip else "a.bin"
    original = force.original(recording, body, name, Kind(kind))
    return {"recording": recording.handle, "original": original.handle}


def note(recording: str) -> None:
    """Write another entry about a recording."""
    complete(Recording.objects.get(handle=recording), by=force.CLERK, at=now())


def state() -> dict[str, Any]:
    """Return what an observer may want to know of the background work."""
    return {
        "cursor": list(Cursor.objects.values_list("position", flat=True)),
        "errands": list(
            Errand.objects.order_by("pk").values(
                "entry", "reaction", "subject", "state", "runs", "failures", "said"
            )
        ),
        "kinds": list(Entry.objects.order_by("index").values_list("kind", flat=True)),
        "copies": list(Copy.objects.order_by("pk").values_list("purpose", flat=True)),
        "looked": list(Original.objects.exclude(described=None).values_list("handle", flat=True)),
        "workers": list(Worker.objects.values_list("name", flat=True)),
        "problems": problems(),
    }


def publish_and_ask() -> dict[str, Any]:
    """Publish a checkpoint and have it cosigned; return the note and who had trouble."""
    checkpoints.publish(now())
    outside.have_cosigned(now())
    newest = checkpoints.newest_checkpoint()
    return {
        "note": newest.note if newest else "",
        "trouble": dict(Outsider.objects.values_list("name", "trouble")),
    }


def rewrite() -> int:
    """Change the last entry and forget what was published, as whoever has the keys can."""
    last = Entry.objects.order_by("-index")[0]
    data = bytes(last.data).replace(b'"v":1', b'"v":2')
    Entry.objects.filter(pk=last.pk).update(data=data, leaf=leaf_hash(data))
    Cosignature.objects.all().delete()
    PublishedCheckpoint.objects.all().delete()
    (Path(settings.CUSTODES.home) / "ledger" / "last-checkpoint.note").unlink()
    return last.index + 1


CHORES = {each.__name__: each for each in (prepare, arrive, note, state, publish_and_ask, rewrite)}


def main() -> None:
    """Do chores until there are no more."""
    for line in sys.stdin:
        name, arguments = json.loads(line)
        try:
            said = {"said": CHORES[name](**arguments)}  # type: ignore[operator]
        except Exception:  # noqa: BLE001 - the test shows it
            said = {"failed": traceback.format_exc()}
        sys.stdout.write(json.dumps(said) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
