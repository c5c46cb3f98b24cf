"""The census shows what was counted and what was not, and nothing else can be shown with it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custodes.kernel.digest import b64u, sha256
from custodes.ledger.census import (
    BLOCK,
    ENDINGS,
    LEAF_BYTES,
    CensusInvalid,
    CensusLeaf,
    Counted,
    NotCounted,
    Standing,
    block_root,
    census_root,
    path_in,
)
from custodes.ledger.tree import EMPTY_ROOT, leaf_hash, root_of


def handle(number: int) -> str:
    return b64u(sha256(str(number).encode())[:16])


def leaf(number: int) -> CensusLeaf:
    last = sha256(b"last" + str(number).encode())
    return CensusLeaf(handle(number), number % 7, last, Standing.STANDS)


class Census:
    """A census over made-up subjects, in blocks as the database keeps them."""

    def __init__(self, numbers: range) -> None:
        self.leaves = sorted((leaf(n) for n in numbers), key=lambda each: each.subject)
        packed = [each.to_bytes() for each in self.leaves]
        self.count, self.root = census_root(packed)
        self.blocks = [b"".join(packed[at : at + BLOCK]) for at in range(0, len(packed), BLOCK)]
        self.roots = [block_root(block) for block in self.blocks]

    def path(self, index: int) -> Counted:
        number, within = divmod(index, BLOCK)
        return path_in(self.blocks[number], within, number, self.roots)


SMALL = Census(range(1300))


def test_a_leaf_has_the_bytes_the_format_says() -> None:
    written = CensusLeaf("A" * 22, 258, b"\x07" * 32, Standing.DELETED).to_bytes()

    assert written == b"A" * 22 + b"\0\0\0\0\0\0\x01\x02" + b"\x07" * 32 + b"\x02"
    assert len(written) == LEAF_BYTES
    assert CensusLeaf.parse(written).standing is Standing.DELETED


def test_a_census_of_nobody_has_the_root_of_an_empty_tree() -> None:
    assert census_root([]) == (0, EMPTY_ROOT)
    assert NotCounted(None, None).shows_absence_of(handle(1), EMPTY_ROOT, 0)
    assert not NotCounted(None, None).shows_absence_of(handle(1), SMALL.root, SMALL.count)


def test_the_root_is_that_of_the_plain_tree() -> None:
    assert SMALL.root == root_of(leaf_hash(each.to_bytes()) for each in SMALL.leaves)
    assert SMALL.root == root_of(SMALL.roots)


@given(st.integers(1, 600), st.data())
def test_every_subject_has_a_path_and_no_changed_leaf_fits_it(
    size: int, data: st.DataObject
) -> None:
    census = Census(range(size))
    counted = census.path(data.draw(st.integers(0, size - 1)))

    assert counted.is_under(census.root, census.count)
    assert Counted.from_value(counted.to_value()) == counted
    for wrong in (
        replace(counted.leaf, number=counted.leaf.number + 1),
        replace(counted.leaf, last=sha256(b"another")),
        replace(counted.leaf, standing=Standing.DELETED),
        replace(counted.leaf, subject=handle(size)),
    ):
        assert not replace(counted, leaf=wrong).is_under(census.root, census.count)
    assert not replace(counted, index=counted.index + 1).is_under(census.root, census.count)


@given(st.integers(10_000, 20_000))
def test_who_was_not_counted_stands_between_two_neighbours(number: int) -> None:
    missing = handle(number)
    at = sum(each.subject < missing for each in SMALL.leaves)
    before = SMALL.path(at - 1) if at else None
    after = SMALL.path(at) if at < SMALL.count else None

    absence = NotCounted(before, after)
    assert absence.shows_absence_of(missing, SMALL.root, SMALL.count)
    assert not absence.shows_absence_of(SMALL.leaves[at].subject, SMALL.root, SMALL.count)


def test_neighbours_with_somebody_between_them_show_nothing() -> None:
    between = SMALL.leaves[5].subject

    around = NotCounted(SMALL.path(4), SMALL.path(6))
    assert not around.shows_absence_of(between, SMALL.root, SMALL.count)
    assert not NotCounted(None, SMALL.path(6)).shows_absence_of(between, SMALL.root, SMALL.count)
    assert not NotCounted(SMALL.path(4), None).shows_absence_of(between, SMALL.root, SMALL.count)


def test_the_ends_of_the_order_need_one_neighbour() -> None:
    first, last = SMALL.path(0), SMALL.path(SMALL.count - 1)

    assert NotCounted(None, first).shows_absence_of("-" * 22, SMALL.root, SMALL.count)
    assert NotCounted(last, None).shows_absence_of("~" * 22, SMALL.root, SMALL.count)


def test_subjects_out_of_order_make_no_census() -> None:
    packed = [each.to_bytes() for each in SMALL.leaves[:3]]

    with pytest.raises(CensusInvalid, match="order"):
        census_root([packed[1], packed[0]])
    with pytest.raises(CensusInvalid, match="order"):
        census_root([packed[0], packed[0]])


@given(st.binary(max_size=80))
def test_bytes_that_are_no_leaf_are_refused(data: bytes) -> None:
    try:
        read = CensusLeaf.parse(data)
    except CensusInvalid:
        return
    assert read.to_bytes() == data


@pytest.mark.parametrize(
    "value",
    [None, [], {}, {"i": 0, "l": "", "p": []}, {"i": True, "l": "", "p": []},
     {"i": 0, "l": 5, "p": []}, {**SMALL.path(3).to_value(), "p": ["!"]},
     {**SMALL.path(3).to_value(), "more": 1}],
)  # fmt: skip
def test_a_value_that_is_no_path_is_refused(value: object) -> None:
    with pytest.raises(CensusInvalid):
        Counted.from_value(value)


def test_the_page_of_the_format_names_every_kind_that_ends_a_subject() -> None:
    page = Path(__file__).resolve().parents[2] / "docs" / "reference" / "formats" / "census.md"

    for kind, standing in ENDINGS.items():
        assert f"`{standing:02x}` {standing.name.lower()} (it has an entry `{kind}`)" in (
            page.read_text()
        )
