"""A log with a few entries, and people outside who watch it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any

from django.db import transaction
from tests.world.force import CLERK, NOON
from tests.world.served import served

from custodes.custody import strongroom
from custodes.custody.actions import record
from custodes.custody.events import NoteAdded
from custodes.custody.genesis import begin_log
from custodes.custody.models import Entry
from custodes.kernel.clock import now
from custodes.kernel.ids import new_handle
from custodes.witness.answering import Witness
from custodes.witness.keys import make_keys, signers
from custodes.witness.memory import Memory
from custodes.witness.wsgi import application_of


def grow(entries: int, minutes: int = 0, subject: str = "") -> None:
    """Add entries, after the first one if there is none."""
    at = NOON + timedelta(minutes=minutes)
    begin_log(by=CLERK, at=at)
    with transaction.atomic():
        for _ in range(entries):
            about = subject or new_handle()
            record(NoteAdded(text="seen"), subject=about, by=CLERK, at=at)


def public_entries() -> list[bytes]:
    return [bytes(data) for data in Entry.objects.order_by("index").values_list("data", flat=True)]


@dataclass
class Watching:
    """A witness that answers on loopback, and the line of the settings that names it."""

    witness: Witness
    url: str

    def line(self, name: str = "w1") -> str:
        return " ".join([name, self.url, *(str(key.verifier) for key in self.witness.signers)])


@contextmanager
def watching(home: Path, name: str = "inspectorate.example/w") -> Iterator[Watching]:
    """Serve a witness that watches our log under the keys it has now."""
    make_keys(home, name)
    memory = Memory(home)
    for signer in strongroom.signers():
        memory.watch(signer.verifier)
    witness = Witness(home, memory, signers(home), now)
    with served(application_of(witness)) as url:
        yield Watching(witness, url)


def configure(settings: Any, **changes: Any) -> None:
    """Change settings for one test."""
    settings.CUSTODES = settings.CUSTODES.model_copy(update=changes)
