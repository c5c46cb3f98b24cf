"""Promise 1. The original is written once and never changed."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from tests.promises.conftest import FOOTAGE
from tests.world import force

from custodes.custody import strongroom
from custodes.intake.actions import OBJECT_KIND
from custodes.intake.models import Upload
from custodes.intake.rules import State
from custodes.kernel.clock import now
from custodes.kernel.ids import new_handle
from custodes.people.rules import Role
from custodes.recordings.actions.annotate import add_note, classify
from custodes.recordings.actions.arrive import complete, tell_of_file
from custodes.recordings.actions.check import check_recording
from custodes.recordings.actions.look import Terms, copy_for_viewing, look_at
from custodes.recordings.actions.scrub import scrub_store
from custodes.recordings.models import Category, Original
from custodes.recordings.reading import open_original
from custodes.vault.errors import AlreadyThere
from custodes.worker.looking import BY

pytestmark = pytest.mark.django_db


def sealed_file(original: Original) -> Path:
    folder: Path = settings.CUSTODES.home / "vault" / "sealed" / original.handle[:2]
    return folder / f"{original.handle}.floe"


def fingerprint(original: Original) -> dict[str, Any]:
    """Return everything by which a change of the original would show."""
    path = sealed_file(original)
    with open_original(original) as reader:
        plain = hashlib.sha256(reader.read_at(0, reader.size)).hexdigest()
    row = Original.objects.get(pk=original.pk)
    return {
        "plain": plain,
        "sealed": hashlib.sha256(path.read_bytes()).hexdigest(),
        "written": path.stat().st_mtime_ns,
        "inode": path.stat().st_ino,
        "row": (row.handle, row.name, row.size, row.sha256, bytes(row.chunk_root), row.kid),
    }


def test_nothing_that_can_be_done_to_a_recording_touches_the_original(original: Original) -> None:
    before = fingerprint(original)
    recording = original.recording
    clerk = force.person("S Mirza", Role.EVIDENCE_UNIT).as_viewer("test")
    terms = Terms(by=BY, keep_going=lambda: None, handle_for=lambda *_: new_handle(), last_try=True)

    look_at(original.handle, terms)
    copy_for_viewing(original.handle, terms)
    classify(clerk, recording, Category.objects.filter(is_offered=True)[0].code, at=now())
    add_note(clerk, recording, "Seen.", at=now())
    tell_of_file(recording, original.name, {"StartTime": "1"}, by=force.CLERK, at=now())
    complete(recording, by=force.CLERK, at=now())
    check_recording(recording, by=force.CLERK, at=now())
    scrub_store(by=force.CLERK, at=now())

    assert Original.objects.get(pk=original.pk).described is not None
    assert fingerprint(original) == before
    assert before["plain"] == hashlib.sha256(FOOTAGE).hexdigest()


def test_other_bytes_under_the_same_name_are_kept_apart(original: Original) -> None:
    before = fingerprint(original)

    force.original(original.recording, b"other " + FOOTAGE)

    assert fingerprint(original) == before
    assert original.recording.originals.count() == 1
    assert Upload.objects.filter(state=State.QUARANTINED).count() == 1


def test_the_store_refuses_to_write_a_name_a_second_time(original: Original) -> None:
    before = fingerprint(original)
    key = strongroom.ring().unwrap(original.key)

    with pytest.raises(AlreadyThere):
        strongroom.vault().begin(original.handle, OBJECT_KIND, key)
    assert fingerprint(original) == before
    assert sealed_file(original).stat().st_mode & 0o777 == 0o400


@pytest.mark.parametrize("place", [0.01, 0.5, 0.99])
def test_a_single_changed_bit_is_noticed_and_not_repaired(original: Original, place: float) -> None:
    path = sealed_file(original)
    changed = bytearray(path.read_bytes())
    changed[int(len(changed) * place)] ^= 1
    path.chmod(0o600)
    path.write_bytes(changed)

    proofs = check_recording(original.recording, by=force.CLERK, at=now())

    assert [proof.holds for proof in proofs if original.name in proof.sentence] == [False]
    assert path.read_bytes() == bytes(changed)
