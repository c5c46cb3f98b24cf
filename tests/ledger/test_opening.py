"""Fields are opened or withheld, and either way they are what the entry committed to."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custodes.ledger.entry import commit_body, disclosure
from custodes.ledger.opening import Opening, OpeningInvalid, open_fields

TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)
NAMES = st.text("abcdefghij_", min_size=1, max_size=12)
BODIES = st.dictionaries(NAMES, TEXTS, min_size=1, max_size=8)
SEEDS = st.binary(min_size=32, max_size=32)


@given(SEEDS, BODIES, st.sets(NAMES))
def test_whatever_is_withheld_the_commitment_is_the_same(
    seed: bytes, fields: dict[str, str], chosen: set[str]
) -> None:
    opening = open_fields(seed, fields, chosen)

    assert opening.commitment() == commit_body(seed, fields)
    assert opening.fields() == {n: v for n, v in fields.items() if n in chosen}
    assert len(opening.open) + len(opening.closed) == len(fields)


@given(SEEDS, BODIES, TEXTS)
def test_another_value_for_an_open_field_is_another_commitment(
    seed: bytes, fields: dict[str, str], other: str
) -> None:
    name = min(fields)
    opening = open_fields(seed, fields, fields)
    forged = disclosure(seed, name, other)
    kept = tuple(given for given in opening.open if given != disclosure(seed, name, fields[name]))

    changed = Opening((*kept, forged), opening.closed).commitment()

    assert (changed == commit_body(seed, fields)) == (other == fields[name])


def test_what_is_withheld_now_can_be_opened_later_from_the_same_entry() -> None:
    seed, fields = b"s" * 32, {"actor": "Okafor", "because": "complaint 7"}

    first = open_fields(seed, fields, {"because"})
    later = open_fields(seed, fields, {"actor", "because"})

    assert "actor" not in first.fields()
    assert later.fields()["actor"] == "Okafor"
    assert first.commitment() == later.commitment() == commit_body(seed, fields)


def test_without_its_seed_nothing_of_a_body_is_opened_or_withheld() -> None:
    assert open_fields(b"", {"actor": "Okafor"}, {"actor"}) == Opening()


@pytest.mark.parametrize(
    "given",
    [
        b"{}",
        b'["","actor","x"]',
        b'["AAAAAAAAAAAAAAAAAAAAAA","actor"]',
        b'["AAAAAAAAAAAAAAAAAAAAAA","actor",1]',
        b'["AAAAAAAAAAAAAAAAAAAAAA", "actor","x"]',
        b"\xff",
    ],
)
def test_what_is_no_disclosure_is_refused(given: bytes) -> None:
    with pytest.raises(OpeningInvalid):
        Opening((given,)).fields()


def test_a_field_is_not_open_twice() -> None:
    seed = b"s" * 32
    twice = (disclosure(seed, "actor", "A"), disclosure(seed, "actor", "B"))

    with pytest.raises(OpeningInvalid, match="twice"):
        Opening(twice).fields()
