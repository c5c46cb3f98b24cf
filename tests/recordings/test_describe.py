"""What is learned from the files of a recording whose sender said little of it."""

from __future__ import annotations

from datetime import timedelta

import pytest
from tests.world import force

from custodes.recordings.actions.describe import describe
from custodes.recordings.models import Recording

pytestmark = pytest.mark.django_db


def looked_at(recording: Recording, *seconds: float) -> Recording:
    """Deliver files of these lengths, and describe them one after the other, the last twice."""
    for number, length in enumerate(seconds):
        original = force.original(recording, body=bytes([number]), name=f"{number}.bin")
        for _ in range(2 if number == len(seconds) - 1 else 1):
            describe(original, {"seconds": length}, by=force.CLERK, at=recording.received_at)
    recording.refresh_from_db()
    return recording


def test_every_file_lengthens_a_recording_whose_end_nobody_said() -> None:
    recording = force.recording(force.camera())
    Recording.objects.filter(pk=recording.pk).update(ended_at=None, seconds=0)

    looked_at(recording, 60.1, 30.2, 10.0)

    assert recording.ended_at == recording.started_at + timedelta(seconds=100.3)
    assert recording.seconds == pytest.approx(100.3)


def test_the_end_the_sender_said_stays_however_long_the_files_are() -> None:
    recording = force.recording(force.camera())
    said = recording.ended_at
    assert said is not None

    looked_at(recording, 600.0, 30.0)

    assert recording.ended_at == said
