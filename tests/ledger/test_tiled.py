"""From tiles come the same roots and proofs as from all leaves, and in few reads."""

from __future__ import annotations

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.ledger.logs import Log, leaves
from tests.ledger.test_tree import CONSISTENCY, HASHES, INCLUSION, ROOTS

from custodes.ledger import tree
from custodes.ledger.tiled import TiledTree
from custodes.ledger.tree import LeafHashes, verify_consistency, verify_inclusion

# 66,000 leaves reach the third level of tiles; smaller trees are beginnings of it.
BIG = Log(66_000)
ALL = LeafHashes(b"".join(BIG.leaves))
# The edges of tiles, and anything between.
SIZES = st.one_of(
    st.integers(1, 1100),
    st.sampled_from([255, 256, 257, 511, 512, 513]),
)


def test_the_reference_trees_of_rfc_6962_come_out_of_tiles() -> None:
    log = Log()
    log.add(HASHES)

    assert [TiledTree(log, size).root().hex() for size in range(9)] == ROOTS
    for (index, size), path in INCLUSION.items():
        assert [step.hex() for step in TiledTree(log, size).inclusion_proof(index)] == path
    for (first, second), proof in CONSISTENCY.items():
        assert [step.hex() for step in TiledTree(log, second).consistency_proof(first)] == proof


@settings(max_examples=400)
@given(SIZES, st.data())
def test_roots_and_proofs_are_those_of_the_whole_tree(size: int, data: st.DataObject) -> None:
    whole, tiled = ALL[:size], TiledTree(BIG, size)
    index, first = data.draw(st.integers(0, size - 1)), data.draw(st.integers(0, size))

    assert tiled.root() == whole.root()
    assert tiled.leaf(index) == whole[index]
    assert tiled.inclusion_proof(index) == tree.inclusion_proof(whole, index)
    assert tiled.consistency_proof(first) == tree.consistency_proof(whole, first, size)


@pytest.mark.parametrize("size", [65_535, 65_536, 65_537, 65_792, 66_000])
def test_a_tree_of_three_levels_of_tiles_is_the_whole_tree_too(size: int) -> None:
    whole, tiled = ALL[:size], TiledTree(BIG, size)

    assert tiled.root() == whole.root()
    assert tiled.inclusion_proof(40_000) == tree.inclusion_proof(whole, 40_000)
    assert tiled.consistency_proof(40_000) == tree.consistency_proof(whole, 40_000, size)


def test_thousands_of_random_trees_prove_every_honest_claim_and_no_changed_one() -> None:
    chance = random.Random(6962)
    for _ in range(2_000):
        size = chance.randrange(1, 66_001)
        index, first = chance.randrange(size), chance.randrange(1, size + 1)
        tiled, older = TiledTree(BIG, size), TiledTree(BIG, first)
        leaf, root = ALL[index], tiled.root()
        path, steps = tiled.inclusion_proof(index), tiled.consistency_proof(first)

        assert verify_inclusion(leaf, index, size, path, root)
        assert verify_consistency(first, size, steps, older.root(), root)

        assert not verify_inclusion(leaf, index, size, changed(path, chance), root)
        assert not verify_inclusion(leaf, (index + 1) % size, size, path, root) or size == 1
        assert not verify_consistency(first, size, changed(steps, chance), older.root(), root)


def changed(proof: list[bytes], chance: random.Random) -> list[bytes]:
    """Flip a bit of one hash, or add one where there is none."""
    if not proof:
        return [bytes(32)]
    at = chance.randrange(len(proof))
    flipped = int.from_bytes(proof[at], "big") ^ 1 << chance.randrange(256)
    return [*proof[:at], flipped.to_bytes(32, "big"), *proof[at + 1 :]]


@given(st.lists(st.integers(0, 600), max_size=12))
def test_however_the_leaves_arrive_the_tiles_are_the_same(batches: list[int]) -> None:
    grown = Log()
    for count in batches:
        grown.add(leaves(count, len(grown.leaves)))

    assert grown.stored == Log(sum(batches)).stored
    assert TiledTree(grown, sum(batches)).root() == LeafHashes(b"".join(grown.leaves)).root()


def test_a_proof_reads_at_most_two_tiles_a_level() -> None:
    for size, index in ((66_000, 31_337), (65_999, 0), (65_537, 65_536), (66_000, 65_999)):
        BIG.reads = 0
        TiledTree(BIG, size).inclusion_proof(index)
        assert BIG.reads <= 6

    BIG.reads = 0
    TiledTree(BIG, 66_000).consistency_proof(50_001)
    assert BIG.reads <= 6


def test_adding_a_leaf_writes_nothing_until_a_tile_is_full() -> None:
    log = Log(255)
    assert log.stored == {}

    log.add(leaves(1, 255))

    assert [(place, len(hashes)) for place, hashes in log.stored.items()] == [
        ((0, 0), 8192),
        ((1, 0), 32),
    ]


def test_no_proof_is_made_of_what_is_not_there() -> None:
    tiled = TiledTree(BIG, 300)

    for index in (-1, 300):
        with pytest.raises(IndexError):
            tiled.inclusion_proof(index)
        with pytest.raises(IndexError):
            tiled.leaf(index)
    for first in (-1, 301):
        with pytest.raises(IndexError):
            tiled.consistency_proof(first)


def test_a_reader_that_gives_too_few_hashes_is_not_believed() -> None:
    class Short(Log):
        def tile(self, tile: object) -> bytes:
            return super().tile(tile)[:-32]  # type: ignore[arg-type]

    log = Short()
    log.leaves = leaves(10)

    with pytest.raises(ValueError, match=r"tile/0/000\.p/10 holds 288 bytes"):
        TiledTree(log, 10).root()
