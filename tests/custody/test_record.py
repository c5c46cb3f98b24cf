"""History is written with the act or not at all, and can be checked from its bytes."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import transaction
from tests.world.force import CLERK, NOON

from custodes.custody.actions import record
from custodes.custody.bodies import open_body
from custodes.custody.errors import NotInATransaction
from custodes.custody.events import Event, NoteAdded, PersonAdded, RecordingOpened, UploadDiscarded
from custodes.custody.models import Entry
from custodes.custody.queries import history_of
from custodes.custody.report import lines
from custodes.kernel.clock import rfc3339
from custodes.kernel.digest import sha256
from custodes.kernel.errors import Damaged
from custodes.kernel.ids import new_handle
from custodes.ledger.entry import commit_body, parse_entry
from custodes.ledger.tree import leaf_hash

pytestmark = pytest.mark.django_db(transaction=True)


def note(subject: str, text: str = "hello", minutes: int = 0) -> Entry:
    with transaction.atomic():
        return record(
            NoteAdded(text=text), subject=subject, by=CLERK, at=NOON + timedelta(minutes=minutes)
        )


class ActFailed(Exception):
    pass


def note_that_fails() -> None:
    with transaction.atomic():
        record(NoteAdded(text="x"), subject=new_handle(), by=CLERK, at=NOON)
        raise ActFailed


def test_an_entry_outside_the_transaction_of_its_act_is_refused() -> None:
    with pytest.raises(NotInATransaction):
        record(NoteAdded(text="x"), subject=new_handle(), by=CLERK, at=NOON)

    assert not Entry.objects.exists()


def test_when_the_act_fails_its_entry_is_gone_with_it() -> None:
    with pytest.raises(ActFailed):
        note_that_fails()

    assert not Entry.objects.exists()


def test_entries_count_on_without_a_hole_after_one_was_undone() -> None:
    note("a" * 22)
    with pytest.raises(ActFailed):
        note_that_fails()

    assert note("c" * 22).index == 1


def test_the_entries_of_a_subject_are_chained_by_their_leaves() -> None:
    subject = new_handle()
    first, _, third = note(subject), note(new_handle()), note(subject)

    public = parse_entry(bytes(third.data))

    assert public.number == 1
    assert public.previous == leaf_hash(bytes(first.data))


def test_time_in_the_log_never_runs_backwards() -> None:
    later = note(new_handle(), minutes=5)

    earlier = note(new_handle(), minutes=-60)

    assert parse_entry(bytes(earlier.data)).at == parse_entry(bytes(later.data)).at


def test_nothing_private_stands_in_the_public_bytes() -> None:
    with transaction.atomic():
        added = PersonAdded(person="Adaeze Okafor", username="okafor", roles="officer")
        entry = record(added, subject=new_handle(), by=CLERK, at=NOON, because="joined")

    for secret in (b"Okafor", b"okafor", b"clerk", b"joined"):
        assert secret not in bytes(entry.data)
        assert secret not in bytes(entry.body)


def test_the_body_is_what_the_public_entry_committed_to() -> None:
    entry = note(new_handle(), "seen at the door")

    seed, fields = open_body(bytes(entry.body), entry.index, entry.body_key)

    assert fields["text"] == "seen at the door"
    assert commit_body(seed, fields) == parse_entry(bytes(entry.data)).body


def test_a_body_moved_to_another_entry_does_not_open() -> None:
    subject = new_handle()
    first, second = note(subject, "one"), note(subject, "two")
    Entry.objects.filter(pk=second.pk).update(body=first.body)

    with pytest.raises(Damaged, match=f"entry {second.index}"):
        history_of(subject)


def test_history_reads_as_sentences_with_the_names_of_the_time() -> None:
    subject = new_handle()
    note(subject)

    assert [line.sentence for line in lines(history_of(subject))] == ["the clerk added a note."]


def test_times_and_large_numbers_in_a_sentence_read_as_a_person_writes_them() -> None:
    subject = new_handle()
    with transaction.atomic():
        opened = RecordingOpened(
            device="", source="test", wearer="Okafor", camera="X1", started=rfc3339(NOON)
        )
        record(opened, subject=subject, by=CLERK, at=NOON)
        gone = UploadDiscarded(size=1_234_567, promised="", name="a.mp4", reason="late")
        record(gone, subject=subject, by=CLERK, at=NOON)

    said = [line.sentence for line in lines(history_of(subject))]

    assert said[0].endswith("from 14 November 2026, 12:00:00 GMT.")
    assert "(1,234,567 of" in said[1]


def test_an_event_outside_the_closed_list_is_refused() -> None:
    class Invented(Event):
        kind = "something.invented"

    with pytest.raises(ValueError, match="closed list"), transaction.atomic():
        record(Invented(), subject=new_handle(), by=CLERK, at=NOON)


def test_the_leaf_is_the_hash_of_the_stored_bytes() -> None:
    entry = note(new_handle())

    assert bytes(entry.leaf) == sha256(b"\x00" + bytes(entry.data))
