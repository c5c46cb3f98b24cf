"""The ends of chains: acts find them in the entries, the census in a table brought up before it."""

from __future__ import annotations

import random

import pytest
from django.db import transaction
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase
from tests.world.force import CLERK, NOON

from custodes.custody import census, chains
from custodes.custody.actions import record_all
from custodes.custody.appending import Happening
from custodes.custody.census import take_census
from custodes.custody.chains import bring_up
from custodes.custody.events import NoteAdded
from custodes.custody.genesis import begin_log
from custodes.custody.models import Chain, Entry, Head
from custodes.kernel.ids import new_handle
from custodes.ledger.entry import parse_entry

SUBJECTS = [new_handle() for _ in range(9)]


def write(chosen: list[int]) -> None:
    notes = [Happening(NoteAdded(text="Seen."), SUBJECTS[nth]) for nth in chosen]
    with transaction.atomic():
        record_all(notes, by=CLERK, at=NOON)


def ends_of_entries() -> dict[str, tuple[int, bytes]]:
    """Find the ends as a stranger would: the last entry of each subject, in the log's order."""
    found = Entry.objects.order_by("index").values_list("subject", "number", "leaf")
    return {subject: (number + 1, bytes(leaf)) for subject, number, leaf in found}


def ends_of_table() -> dict[str, tuple[int, bytes]]:
    found = Chain.objects.values_list("subject", "next_number", "leaf")
    return {subject: (following, bytes(leaf)) for subject, following, leaf in found}


class TestEnds(TestCase):
    """Any mixture of acts and counts, in parts of any size."""

    @settings(max_examples=25)
    @given(
        st.lists(st.lists(st.integers(0, 8), min_size=1, max_size=12), max_size=6),
        st.integers(1, 7),
    )
    def test_the_table_is_what_the_entries_say_and_no_number_is_given_twice(
        self, batches: list[list[int]], part: int
    ) -> None:
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(chains, "_AT_ONCE", part)
            for batch in batches:
                write(batch)
                if random.Random(part).random() < 0.5:
                    bring_up()
            bring_up()

        assert ends_of_table() == ends_of_entries()
        for subject, (following, _) in ends_of_entries().items():
            entries = Entry.objects.filter(subject=subject).order_by("index")
            assert [entry.number for entry in entries] == list(range(following))
            leaves = [None, *(bytes(entry.leaf) for entry in entries)]
            for entry, before in zip(entries, leaves, strict=False):
                assert parse_entry(bytes(entry.data)).previous == before


@pytest.mark.django_db
def test_an_act_neither_reads_nor_writes_the_table() -> None:
    write([0, 1, 0])
    bring_up()
    Chain.objects.update(next_number=99, leaf=b"x" * 32)

    write([0])

    assert Entry.objects.get(subject=SUBJECTS[0], number=2)
    assert not Chain.objects.exclude(next_number=99).exists()
    assert Head.objects.get().chained == 3


@pytest.mark.django_db
def test_a_census_counts_as_far_as_the_table_goes_and_says_so(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    begin_log(by=CLERK, at=NOON)
    write([0, 1])
    bring_up_first = census.bring_up

    def and_somebody_acts() -> None:
        bring_up_first()
        write([1, 2])

    monkeypatch.setattr(census, "bring_up", and_somebody_acts)
    entry = take_census(by=CLERK, at=NOON)

    facts = parse_entry(bytes(entry.data)).facts
    assert (facts["z"], facts["c"]) == (3, 3), "the log, and two subjects; not the third"
    assert Head.objects.get().size == 6
