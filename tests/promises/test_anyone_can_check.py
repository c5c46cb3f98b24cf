"""Promise 5. Anyone can check all this without trusting us.

What is checked here is checked with public bytes and the plain ledger library
alone, as a stranger would: no table, no key of ours, no Django.
"""

from __future__ import annotations

import importlib
import json
from collections.abc import Callable, Sequence
from typing import Any

import pytest
from django.apps import apps
from django.db import transaction
from tests.promises.conftest import FOOTAGE
from tests.world import force

from custodes.custody import strongroom
from custodes.custody.actions import record_all
from custodes.custody.appending import Happening
from custodes.custody.bodies import open_body
from custodes.custody.events import NoteAdded
from custodes.custody.models import Entry, Tile
from custodes.custody.tiles import faults_at_the_edge, tree_of_log
from custodes.kernel.clock import now
from custodes.kernel.digest import b64u, sha256
from custodes.ledger.entry import EntryInvalid, commitment_from, disclosure, parse_entry
from custodes.ledger.tree import leaf_hash, root_of, verify_consistency, verify_inclusion
from custodes.people.rules import Role
from custodes.recordings.actions.annotate import add_note
from custodes.recordings.arriving import salt_of
from custodes.recordings.models import Original

pytestmark = pytest.mark.django_db


def why_not_sound(entries: Sequence[bytes]) -> str | None:
    """Return what is wrong with one subject's entries as they were published, or None."""
    previous = None
    subject = None
    for number, data in enumerate(entries):
        try:
            entry = parse_entry(data)
        except (EntryInvalid, ValueError) as error:
            return f"entry {number} is not one: {error}"
        if entry.to_bytes() != data:
            return f"entry {number} is not in canonical form"
        if entry.number != number or entry.previous != previous:
            return f"entry {number} does not follow the one before"
        if subject not in (None, entry.subject):
            return f"entry {number} is of another subject"
        previous, subject = leaf_hash(data), entry.subject
    return None


def published(original: Original) -> list[bytes]:
    entries = Entry.objects.filter(subject=original.recording.handle).order_by("number")
    return [bytes(entry.data) for entry in entries]


@pytest.fixture
def handled(original: Original) -> Original:
    """Return an original whose recording has a history of some length."""
    clerk = force.person("S Mirza", Role.EVIDENCE_UNIT).as_viewer("test")
    for text in ("Seen.", "Seen again.", "Asked about."):
        add_note(clerk, original.recording, text, at=now())
    return original


def test_the_public_entries_alone_make_an_unbroken_chain(handled: Original) -> None:
    entries = published(handled)

    assert len(entries) == 5
    assert why_not_sound(entries) is None


@pytest.mark.parametrize("number", range(4))
@pytest.mark.parametrize("member", ["b", "k", "n", "p", "s", "t", "x"])
def test_a_change_to_any_member_of_any_entry_but_the_last_is_noticed(
    handled: Original, number: int, member: str
) -> None:
    entries = published(handled)
    value = json.loads(entries[number])
    value[member] = changed(value[member])
    entries[number] = json.dumps(value, sort_keys=True, separators=(",", ":")).encode()

    assert why_not_sound(entries) is not None


@pytest.mark.parametrize(
    "tamper",
    [
        lambda entries: entries[:1] + entries[2:],
        lambda entries: entries[1:],
        lambda entries: [entries[0], entries[2], entries[1], *entries[3:]],
        lambda entries: [*entries[:3], entries[2], *entries[3:]],
    ],
    ids=["one left out", "the first left out", "two exchanged", "one told twice"],
)
def test_entries_left_out_or_moved_are_noticed(
    handled: Original, tamper: Callable[[list[bytes]], list[bytes]]
) -> None:
    assert why_not_sound(tamper(published(handled))) is not None


def test_the_stored_leaf_is_the_hash_of_the_published_bytes(handled: Original) -> None:
    for entry in Entry.objects.all():
        assert bytes(entry.leaf) == sha256(b"\x00" + bytes(entry.data))


def test_a_body_opened_field_by_field_is_the_one_that_was_committed_to(handled: Original) -> None:
    for entry in Entry.objects.select_related("body_key"):
        seed, fields = open_body(bytes(entry.body), entry.index, entry.body_key)
        shown = [disclosure(seed, name, value) for name, value in fields.items()]
        committed = parse_entry(bytes(entry.data)).body

        assert commitment_from(sha256(each) for each in shown) == committed
        lied = [disclosure(seed, name, value + "!") for name, value in fields.items()]
        assert commitment_from(sha256(each) for each in lied) != committed


def test_the_file_itself_answers_to_the_commitment_made_when_it_was_sealed(
    handled: Original,
) -> None:
    facts = ingested(handled)
    salt = salt_of(handled)  # given to whoever is given the file

    # Custody format s4.1, written out: a second program would do just this.
    tag = b"custodes-file/v1\n"
    assert facts["fc"] == b64u(sha256(tag + salt + sha256(FOOTAGE)))
    assert facts["fc"] != b64u(sha256(tag + salt + sha256(FOOTAGE + b"!")))
    assert facts["z"] == len(FOOTAGE)


def test_nobody_can_guess_from_the_commitment_what_was_filmed(handled: Original) -> None:
    facts = ingested(handled)

    assert sha256(FOOTAGE).hex() not in json.dumps(facts)
    assert facts["fc"] != b64u(sha256(FOOTAGE))
    assert strongroom.ring().unwrap(handled.key).secret != salt_of(handled)


def ingested(original: Original) -> dict[str, Any]:
    kinds = {parse_entry(data).kind: parse_entry(data) for data in published(original)}
    return dict(kinds["recording.ingested"].facts)


def changed(value: Any) -> Any:
    match value:
        case int():
            return value + 1
        case dict():
            return {**value, "zz": 1}
        case "":
            return b64u(bytes(32))
        case _:
            swapped = "B" if value[0] != "B" else "A"
            return swapped + value[1:] if not value[:4].isdigit() else "2027" + value[4:]


@transaction.atomic
def _write(count: int) -> None:
    happenings = [Happening(NoteAdded(text=str(n)), "s" * 22) for n in range(count)]
    record_all(happenings, by=force.CLERK, at=now())


def test_the_tree_is_over_the_public_bytes_of_every_entry_and_only_grows(
    original: Original,
) -> None:
    before = tree_of_log()
    old = before.root()
    for count in (1, 300, 300):
        _write(count)

    leaves = [leaf_hash(bytes(entry.data)) for entry in Entry.objects.order_by("index")]
    after = tree_of_log()

    assert after.size == len(leaves) > 600
    assert after.root() == root_of(leaves)
    assert verify_inclusion(leaves[2], 2, after.size, after.inclusion_proof(2), after.root())
    steps = after.consistency_proof(before.size)
    assert verify_consistency(before.size, after.size, steps, old, after.root())
    assert faults_at_the_edge() == []


def test_tiles_made_for_a_log_that_was_there_are_those_it_would_have_had(
    original: Original,
) -> None:
    _write(600)
    grown = {tile.pk: bytes(tile.hashes) for tile in Tile.objects.all()}
    Tile.objects.all().delete()

    importlib.import_module("custodes.custody.migrations.0003_tiles").fill(apps, None)

    assert {tile.pk: bytes(tile.hashes) for tile in Tile.objects.all()} == grown
