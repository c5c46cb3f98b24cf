"""The table says something about every kind of entry, and nothing about any other."""

from __future__ import annotations

from custodes.custody.events import KINDS
from custodes.worker.reactions import REACTIONS, named


def test_every_kind_of_entry_stands_in_the_table_and_no_other() -> None:
    assert set(REACTIONS) == set(KINDS)


def test_a_reaction_is_found_again_by_the_name_it_is_stored_under() -> None:
    for kind, reactions in REACTIONS.items():
        names = [reaction.__name__ for reaction in reactions]
        assert len(set(names)) == len(names)
        assert [named(kind, name) for name in names] == list(reactions)


def test_a_reaction_that_a_release_gave_up_is_no_longer_found() -> None:
    assert named("recording.ingested", "given_up") is None
    assert named("never.heard_of", "look_at_original") is None
