"""A file becomes an original: sealed, entered, once."""

from __future__ import annotations

import hashlib

import pytest
from django.db import connection
from tests.world import force

from custodes.custody.models import Entry
from custodes.custody.queries import history_of
from custodes.intake.models import Upload
from custodes.intake.rules import State
from custodes.recordings.actions.check import check_recording
from custodes.recordings.models import Recording
from custodes.recordings.reading import open_original

pytestmark = pytest.mark.django_db(transaction=True)


def kinds(subject: str) -> list[str]:
    return [told.kind for told in history_of(subject)]


def test_a_delivered_file_is_sealed_entered_and_reads_back_the_same() -> None:
    footage = b"frames " * 300_000
    recording = force.recording(force.camera())

    original = force.original(recording, footage)

    assert original.sha256 == hashlib.sha256(footage).hexdigest()
    assert open_original(original).read_at(0, len(footage)) == footage
    assert kinds(recording.handle) == ["recording.opened", "recording.ingested"]


def test_an_empty_file_is_kept_like_any_other() -> None:
    original = force.original(force.recording(force.camera()), b"")

    assert original.size == 0
    assert open_original(original).read_at(0, 10) == b""


def test_the_same_file_delivered_again_is_entered_but_not_kept_twice() -> None:
    recording = force.recording(force.camera())
    first = force.original(recording, b"the same bytes")

    again = force.original(recording, b"the same bytes")

    assert again == first
    assert recording.originals.count() == 1
    assert kinds(recording.handle)[-1] == "recording.offered_again"


def test_another_version_under_a_taken_name_goes_to_quarantine() -> None:
    recording = force.recording(force.camera())
    first = force.original(recording, b"the first bytes")

    force.original(recording, b"other bytes")

    assert recording.originals.get() == first
    quarantined = Upload.objects.get(state=State.QUARANTINED)
    assert "Another version" in quarantined.reason
    assert kinds(quarantined.handle) == ["recording.rejected"]


def test_announcing_a_recording_again_changes_nothing_and_records_nothing() -> None:
    camera = force.camera()
    first = force.recording(camera)
    entries = Entry.objects.count()

    again = force.recording(camera)

    assert again.pk == first.pk
    assert Entry.objects.count() == entries


def test_the_wearer_is_whoever_had_the_camera_then() -> None:
    okafor = force.person("PC Okafor", team="Brixton")

    recording = force.recording(force.camera(wearer=okafor))

    assert recording.wearer == okafor
    assert recording.team == okafor.team


def test_a_check_proves_the_bytes_the_commitment_and_the_chain() -> None:
    recording = force.recording(force.camera())
    force.original(recording, b"a" * 3_000_000)

    proofs = check_recording(recording, by=force.CLERK, at=force.NOON)

    assert [proof.holds for proof in proofs] == [True, True, True]
    assert "bit for bit" in proofs[1].sentence
    assert kinds(recording.handle)[-1] == "recording.checked"


def test_a_dock_that_asks_by_its_own_name_of_a_recording_makes_no_table_be_read_through() -> None:
    force.recording(force.camera("X1"), "a container")
    asked = Recording.objects.filter(source="test", source_key="a container")

    plan = asked.explain()

    if connection.vendor == "sqlite":  # PostgreSQL reads a table of one row through, rightly
        assert "(source_key=?" in plan
