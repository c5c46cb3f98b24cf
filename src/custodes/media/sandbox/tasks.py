"""What the child may be asked to do: a closed list of names.

A task is a function ``(reader, params, outside) -> dict``. Its module is imported
before the doors close, and only for the run that needs it, since importing the
decoders costs more than most tasks.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable
from typing import Any, Protocol

from custodes.kernel.errors import Refused
from custodes.media.sandbox.ports import ReadAt, Sink


class Outside(Sink, Protocol):
    """What a task may tell the outside while it works."""

    def progress(self, fraction: float) -> None:
        """Say how far along the task is, from 0 to 1."""
        ...


Task = Callable[[ReadAt, dict[str, Any], Outside], dict[str, Any]]

TASKS = {
    "layers": "custodes.media.sandbox.layers:task",
    "commit": "custodes.media.sandbox.commit:task",
    "describe": "custodes.media.describe:describe",
    "probe": "custodes.media.describe:probe",
    "prove": "custodes.media.clip_proof.proving:task",
    "profile": "custodes.media.profile:task",
    "waveform": "custodes.media.describe:waveform",
    "thumbnail": "custodes.media.describe:thumbnail",
    "filmstrip": "custodes.media.describe:filmstrip_task",
    "clip": "custodes.media.clip.cutting:task",
    "playable": "custodes.media.clip.anew:task",
    "still": "custodes.media.clip.still:task",
    "viewing_copy": "custodes.media.viewing_copy:task",
    "track": "custodes.media.track.reading:task",
}


def load(name: str) -> Task:
    """Import the task's module and return its function; raises Refused."""
    if name not in TASKS:
        raise Refused(f"The sandbox knows no task called {name!r}.")
    module, function = TASKS[name].split(":")
    task: Task = getattr(importlib.import_module(module), function)
    return task
