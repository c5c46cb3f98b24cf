"""A real worker with a pipeline made for tests: one reaction that takes as long as it is told.

``slow`` writes a line when it begins and one when it ends; in between it waits
until the file ``go`` is there. It fails for as long as ``broken-SUBJECT`` is.
"""

from __future__ import annotations

import faulthandler
import os
import signal
import time
from pathlib import Path
from types import MappingProxyType

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "custodes.site.settings")
django.setup()

from django.conf import settings  # noqa: E402

from custodes.kernel.errors import Refused  # noqa: E402
from custodes.worker import reactions  # noqa: E402
from custodes.worker.errand import Asked  # noqa: E402

# A test that waits in vain asks where every thread stands.
faulthandler.register(signal.SIGUSR1)

FOLDER: Path = settings.CUSTODES.home


def slow(asked: Asked) -> None:
    """Take until told to go on."""
    _say(asked, "begins")
    while not (FOLDER / "go").exists():
        asked.keep_going()
        time.sleep(0.02)
    if (FOLDER / f"broken-{asked.subject}").exists():
        _say(asked, "fails")
        raise Refused("The disk was full.")
    _say(asked, "ends")


def after(asked: Asked) -> None:
    """Come second in the line."""
    _say(asked, "after")


def _say(asked: Asked, word: str) -> None:
    line = f"{asked.subject} {word} {os.getpid()} {asked.handle_for('x')}\n"
    with (FOLDER / "said.log").open("a") as file:
        file.write(line)


reactions.REACTIONS = MappingProxyType(
    {
        **dict.fromkeys(reactions.REACTIONS, ()),
        "recording.ingested": (slow, after),
        "recording.completed": (after,),
    }
)

if __name__ == "__main__":
    from custodes.worker.running import run

    run()
