"""Processes that append to one log and publish it, each with a connection of its own.

Each does what it is told a line at a time, and answers with a line: ``begin`` makes the log,
``append`` writes, ``end`` counts and exports it.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.db import transaction
from django.db.models import Max

from custodes.cli.first_start import prepare
from custodes.custody import guard
from custodes.custody.actions import record_all
from custodes.custody.appending import Happening
from custodes.custody.census import take_census
from custodes.custody.checkpoints import publish
from custodes.custody.events import NoteAdded
from custodes.custody.log import size_of_log
from custodes.custody.models import Chain, Entry
from custodes.custody.publishing import export_to
from custodes.custody.rules import SYSTEM
from custodes.custody.tiles import faults_at_the_edge
from custodes.kernel.clock import now
from custodes.kernel.ids import new_handle

REPOSITORY = Path(__file__).resolve().parents[2]
_START = "import django; django.setup(); from tests.custody.appender import main; main()"
SHARED = [f"{letter * 21}A" for letter in "abcde"]


class Appender:
    """A process that appends to the log of a home folder."""

    def __init__(self, home: Path, database_url: str) -> None:
        environment = {
            **os.environ,
            "CUSTODES_HOME": str(home),
            "CUSTODES_DATABASE_URL": database_url,
            "DJANGO_SETTINGS_MODULE": "custodes.site.settings",
        }
        self._process = subprocess.Popen(
            [sys.executable, "-c", _START],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE,
            text=True, cwd=REPOSITORY, env=environment,
        )  # fmt: skip
        assert self.answer() == "ready"

    def tell(self, *words: object) -> None:
        """Have it do a step, without waiting for it."""
        assert self._process.stdin is not None
        self._process.stdin.write(" ".join(map(str, words)) + "\n")
        self._process.stdin.flush()

    def answer(self) -> Any:
        """Return what it says of the step it was told last."""
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        assert line, self._process.communicate()[1]
        return json.loads(line)

    def close(self) -> None:
        """End it."""
        self._process.kill()
        self._process.communicate()


def begin() -> str:
    """Make the tables and the first entry."""
    prepare()
    return "begun"


def append(seed: str, batches: str) -> int:
    """Write batches about subjects of all processes and of this one; publish after each."""
    chance, written = random.Random(seed), 0
    own = [new_handle() for _ in range(20)]
    for _ in range(int(batches)):
        about = chance.choices([*SHARED, *own], k=chance.randint(1, 40))
        with transaction.atomic():
            record_all([Happening(NoteAdded(text=seed), s) for s in about], by=SYSTEM, at=now())
        publish(now())
        written += len(about)
    return written


def end(folder: str) -> dict[str, Any]:
    """Count the log, publish and export it; return how its tables agree with each other."""
    take_census(by=SYSTEM, at=now())
    chains = dict(Chain.objects.values_list("subject", "next_number"))
    publish(now())
    kept = guard.last_kept()
    counted = Entry.objects.filter(index__lt=size_of_log() - 1).values("subject")
    ends = counted.annotate(end=Max("number")).values_list("subject", "end")
    export_to(Path(folder))
    return {
        "indexes": list(Entry.objects.order_by("index").values_list("index", flat=True)),
        "chains": chains == {subject: last + 1 for subject, last in ends},
        "shared": min(chains[subject] for subject in SHARED),
        "edge": faults_at_the_edge(),
        "kept": kept.size if kept else 0,
        "refused": guard.why_refused(),
    }


def main() -> None:
    """Do what each line says, and answer it."""
    _say("ready")
    for line in sys.stdin:
        step, *words = line.split()
        _say(_STEPS[step](*words))


def _say(answer: object) -> None:
    sys.stdout.write(json.dumps(answer) + "\n")
    sys.stdout.flush()


_STEPS: dict[str, Callable[..., Any]] = {"begin": begin, "append": append, "end": end}
