"""The tree over all entries is written with the entry, in the same transaction."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from django.db import transaction
from tests.world.force import CLERK, NOON

from custodes.custody.actions import record, record_all
from custodes.custody.appending import Happening
from custodes.custody.errors import NotInATransaction
from custodes.custody.events import NoteAdded
from custodes.custody.log import size_of_log
from custodes.custody.models import Entry, Head, Tile
from custodes.custody.queries import history_of
from custodes.custody.tiles import faults_at_the_edge, tree_of_log
from custodes.kernel.errors import Damaged
from custodes.kernel.ids import new_handle
from custodes.ledger.entry import parse_entry
from custodes.ledger.tree import LeafHashes, leaf_hash, verify_consistency, verify_inclusion

pytestmark = pytest.mark.django_db(transaction=True)

SUBJECTS = [new_handle() for _ in range(7)]


def notes(count: int) -> list[Happening]:
    return [
        Happening(NoteAdded(text=f"note {n}"), SUBJECTS[n % 7], f"reason {n}") for n in range(count)
    ]


def write(count: int) -> range:
    with transaction.atomic():
        return record_all(notes(count), by=CLERK, at=NOON)


def all_leaves() -> LeafHashes:
    entries = Entry.objects.order_by("index").values_list("data", flat=True)
    return LeafHashes(b"".join(leaf_hash(bytes(data)) for data in entries))


def stored() -> dict[tuple[int, int], bytes]:
    return {(tile.level, tile.number): bytes(tile.hashes) for tile in Tile.objects.all()}


def test_the_tree_of_the_log_is_that_of_its_entries_at_every_size() -> None:
    sizes = [write(count).stop for count in (1, 250, 4, 1, 300, 256)]
    leaves = all_leaves()

    assert size_of_log() == len(leaves) == 812
    for size in (0, *sizes):
        assert tree_of_log(size).root() == leaves[:size].root()
    for index in (0, 255, 256, 811):
        proof = tree_of_log().inclusion_proof(index)
        assert verify_inclusion(leaves[index], index, 812, proof, leaves.root())
    for first, second in pairwise(sizes):
        proof = tree_of_log(second).consistency_proof(first)
        roots = leaves[:first].root(), leaves[:second].root()
        assert verify_consistency(first, second, proof, *roots)


def test_only_full_tiles_of_leaves_are_stored() -> None:
    write(255)
    assert stored() == {}

    write(1)

    leaves = all_leaves()
    assert stored() == {(0, 0): b"".join(leaves), (1, 0): leaves.root()}


@transaction.atomic
def fail_after_writing() -> None:
    record(NoteAdded(text="x"), subject=new_handle(), by=CLERK, at=NOON)
    assert len(stored()) == 2
    raise ZeroDivisionError


def test_when_the_act_fails_its_tiles_are_gone_with_it() -> None:
    write(255)

    with pytest.raises(ZeroDivisionError):
        fail_after_writing()

    assert stored() == {}
    assert size_of_log() == 255


def test_many_events_are_entered_as_one_after_the_other_would_be() -> None:
    indexes = write(20)

    assert indexes == range(20)
    assert [told.fields["because"] for told in history_of(SUBJECTS[3])] == [
        "reason 3",
        "reason 10",
        "reason 17",
    ]
    for subject in SUBJECTS:
        entries = list(Entry.objects.filter(subject=subject).order_by("number"))
        assert [entry.number for entry in entries] == list(range(len(entries)))
        for before, after in pairwise(entries):
            assert parse_entry(bytes(after.data)).previous == bytes(before.leaf)


def test_the_chain_of_a_subject_goes_on_over_the_pieces_of_a_large_batch() -> None:
    indexes = write(5_000)

    assert indexes == range(5_000)
    assert Entry.objects.filter(subject=SUBJECTS[0]).count() == 715
    assert tree_of_log().root() == all_leaves().root()
    assert Head.objects.get().size == 5_000


def test_nothing_happening_is_nothing_written() -> None:
    with transaction.atomic():
        assert record_all([], by=CLERK, at=NOON) == range(0)

    assert not Head.objects.exists()


def test_many_events_outside_a_transaction_are_refused() -> None:
    with pytest.raises(NotInATransaction):
        record_all(notes(2), by=CLERK, at=NOON)

    assert not Entry.objects.exists()


def test_a_missing_entry_is_not_passed_over_when_its_tile_is_read() -> None:
    write(10)
    Entry.objects.filter(index=4).delete()

    with pytest.raises(Damaged, match=r"tile/0/000\.p/10 of the custody log is not whole"):
        tree_of_log().root()


def test_an_honest_log_has_no_fault_at_its_edge() -> None:
    assert faults_at_the_edge() == []
    for count in (1, 255, 300):
        write(count)
        assert faults_at_the_edge() == []


def test_each_change_at_the_edge_is_named() -> None:
    write(600)

    def after(change: Callable[[], object]) -> list[str]:
        with transaction.atomic():
            change()
            found = faults_at_the_edge()
            transaction.set_rollback(True)
        return found

    entry, tile = Entry.objects, Tile.objects
    assert after(lambda: entry.filter(index=599).update(data=b"{}")) == [
        "Entry 599 is not what its leaf hash was made of."
    ]
    assert after(lambda: entry.filter(index=599).delete()) == [
        "The log says that it has 600 entries, and its last one is 598."
    ]
    assert after(lambda: entry.filter(index=300).update(leaf=bytes(32))) == [
        "The tile tile/0/001 does not have the leaf hashes of its entries."
    ]
    assert after(lambda: tile.filter(level=1).update(hashes=bytes(64))) == [
        "The tile tile/1/000.p/2 does not end in the root of tile/0/001."
    ]
    assert after(lambda: tile.filter(level=1).delete()) == [
        "The tile tile/1/000.p/2 of the custody log is not whole."
    ]
