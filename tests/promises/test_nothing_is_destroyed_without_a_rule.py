"""Promise 3. Nothing is destroyed unless a rule allows it; a missing row is never a reason.

One place alone destroys what was taken in: retention's, which asks its rules first
(tests/retention/test_sweep.py).
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.db import connection
from tests.world import force

from custodes.custody import strongroom
from custodes.custody.models import Entry
from custodes.intake.actions import Offer, begin_upload, discard, open_reception
from custodes.intake.models import Upload
from custodes.intake.resumable import discard_expired
from custodes.intake.rules import Kind, Promise, State
from custodes.kernel.clock import now
from custodes.recordings.actions.check import check_recording
from custodes.recordings.actions.deliver import finish_what_was_sealed
from custodes.recordings.actions.scrub import scrub_store
from custodes.recordings.models import Original
from custodes.retention.actions.inventory import take_inventory
from custodes.vault.errors import InUse

SOURCES = Path(__file__).resolve().parents[2] / "src" / "custodes"

# Every place that may destroy sealed bytes or keys, and why it may.
MAY_DESTROY = {
    ("cases/actions/material.py", "unlink"): "no bytes: a recording's tie to a matter",
    ("intake/actions.py", "discard_incoming"): "an upload that was never acknowledged",
    ("recordings/actions/arrive.py", "discard_incoming"): "a second delivery of what is held",
    ("recordings/actions/deliver.py", "discard_incoming"): "a second delivery of what is held",
    ("recordings/actions/describe.py", "discard_incoming"): "a copy that was not finished",
    ("recordings/actions/drafts.py", "discard_incoming"): "a copy that a kill cut off",
    ("retention/actions/roll.py", "destroy_epoch"): "keys under which no live key is left",
    ("retention/actions/unlink.py", "shred_all"): "what was disposed of, once that has committed",
    ("retention/actions/unlink.py", "Removing"): "the same, by a process of its own",
}
# Every place that may delete rows, and why none of them is history or evidence.
MAY_DELETE = {
    "fleet/actions.py": "tokens that ran out",
    "custody/census.py": "leaves of old counts; the counts' entries stay",
    "recordings/actions/forget_record.py": "who had to do with what was deleted years ago",
    "retention/actions/accept_loss.py": "what came back, from a list nobody accepted yet",
    "retention/actions/dispose.py": "notes of what the rules said, of what is gone",
    "retention/actions/erase_details.py": "letters and reviews of what was deleted years ago",
    "retention/actions/inventory.py": "a list of what is missing, made anew; losses are entries",
    "retention/actions/night.py": "agreements to a sweep that did not begin; their entries stay",
    "retention/actions/outlook.py": "notes of what no schedule that can be read says any more",
    "retention/actions/roll.py": "names of older inventories; the newest shows the same",
    "retention/actions/unlink.py": "the list of what was still to be removed",
    "people/actions.py": "roles, which the entry lists before they are set anew",
    "worker/lines.py": "errands that are done",
    "worker/presence.py": "workers that are gone",
    "worker/trouble.py": "notes of what failed and works again",
}
SHREDDERS = {"shred", "shred_all", "Removing"}
DESTROYERS = SHREDDERS | {
    "destroy_epoch", "discard_incoming", "unlink", "rmtree", "rmdir", "remove",
}  # fmt: skip


def calls(*names: str, bare: bool = False) -> Iterator[tuple[str, str]]:
    """Yield every call of a method or function of one of these names outside the vault."""
    for path in SOURCES.rglob("*.py"):
        room = path.relative_to(SOURCES)
        if room.parts[0] in {"vault", "agent", "media"} or "migrations" in room.parts:
            continue
        for node in ast.walk(ast.parse(path.read_text())):
            if not isinstance(node, ast.Call) or (bare and (node.args or node.keywords)):
                continue
            called = node.func
            name = getattr(called, "attr", None) or getattr(called, "id", "")
            if name in names:
                yield room.as_posix(), name


def test_only_the_listed_places_destroy_anything_sealed() -> None:
    found = set(calls(*DESTROYERS))
    # Temporary files of our own; no footage is ever in one.
    temporary = {
        ("custody/strongroom.py", "unlink"),
        ("kernel/durable.py", "unlink"),  # what is written beside the file that it replaces
        ("cli/bench.py", "rmtree"),
        ("ledger/export.py", "rmtree"),  # partial tiles, once the full one is there
        ("ledger/monitor/devices.py", "remove"),  # out of a list
    }

    assert {place for place in found if place not in temporary} <= set(MAY_DESTROY)
    assert {place for place, name in found if name in SHREDDERS} == {"retention/actions/unlink.py"}
    assert [place for place, n in found if n == "destroy_epoch"] == ["retention/actions/roll.py"]


def test_only_the_listed_places_delete_rows() -> None:
    # A row's own delete() takes no arguments; a door's verb of that name does.
    assert {place for place, _ in calls("delete", bare=True)} <= set(MAY_DELETE)


@pytest.mark.django_db
def test_rows_that_went_missing_destroy_nothing(original: Original) -> None:
    with connection.cursor() as cursor:
        for table in ("recordings_original", "intake_upload"):
            cursor.execute(f"DELETE FROM {table}")
    later = now() + timedelta(days=365)

    finish_what_was_sealed(later)
    discard_expired(later, by=force.CLERK)
    check_recording(original.recording, by=force.CLERK, at=later)
    scrub_store(by=force.CLERK, at=later)
    take_inventory(by=force.CLERK, at=later)

    assert strongroom.vault().store.holds(original.handle)


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("state", [s for s in State if s is not State.RECEIVING])
def test_only_an_unfinished_upload_can_be_cleared_away(state: State) -> None:
    original = force.original(force.recording(force.camera()))
    Upload.objects.filter(pk=original.upload_id).update(state=state)
    entries = Entry.objects.count()

    discard(original.upload, "because", by=force.CLERK, at=now())

    assert Upload.objects.get(pk=original.upload_id).state == state
    assert strongroom.vault().store.holds(original.handle)
    assert Entry.objects.count() == entries


@pytest.mark.django_db(transaction=True)
def test_even_a_sealed_upload_that_still_says_receiving_keeps_its_bytes() -> None:
    original = force.original(force.recording(force.camera()))
    long_ago = now() - timedelta(days=30)
    Upload.objects.filter(pk=original.upload_id).update(
        state=State.RECEIVING, heard_at=long_ago, expires_at=long_ago
    )

    discard_expired(now(), by=force.CLERK)

    assert strongroom.vault().store.holds(original.handle)


@pytest.mark.django_db(transaction=True)
def test_an_expired_upload_goes_with_an_entry_that_says_why() -> None:
    upload = begun_upload()
    reception = open_reception(upload)
    reception.feed(b"half of it")
    reception.pause()
    reception.abandon()

    assert discard_expired(now() + timedelta(days=30), by=force.CLERK) == 1

    assert upload.handle not in strongroom.vault().store.incoming_handles()
    assert Entry.objects.filter(subject=upload.handle, kind="upload.discarded").count() == 1


@pytest.mark.django_db(transaction=True)
def test_an_upload_that_is_being_written_is_not_cleared_away() -> None:
    upload = begun_upload()
    reception = open_reception(upload)
    reception.feed(b"half of it")
    reception.pause()

    with pytest.raises(InUse):
        strongroom.vault().store.discard_incoming(upload.handle)
    assert discard_expired(now() + timedelta(days=30), by=force.CLERK) == 0

    assert upload.handle in strongroom.vault().store.incoming_handles()
    reception.abandon()


def begun_upload() -> Upload:
    offer = Offer(
        door="test",
        name="a.mp4",
        kind=Kind.OTHER,
        source_key="r1",
        camera=force.camera(),
        promise=Promise(size=20),
        told={},
        lasting=timedelta(hours=1),
    )
    return begin_upload(offer, at=now())
