"""A recording with a file in it, and a server for whoever asks."""

from __future__ import annotations

import pytest
from tests.world import force
from tests.world.postgres import postgres

from custodes.custody.genesis import begin_log
from custodes.kernel.clock import now
from custodes.recordings.models import Original

__all__ = ["postgres"]

FOOTAGE = b"frames " * 60_000


@pytest.fixture
def original(db: None) -> Original:
    """Return an original of a log that was begun, filmed by an officer of a team."""
    return an_original()


def an_original() -> Original:
    """Begin a log, and have an officer of a team film something."""
    begin_log(by=force.CLERK, at=now())
    officer = force.person("Ada Okafor", team="Response A", number="4711")
    return force.original(force.recording(force.camera("X100", officer)), FOOTAGE)
