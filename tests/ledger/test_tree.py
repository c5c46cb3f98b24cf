"""The tree agrees with the published reference vectors of Certificate Transparency.

Leaves and roots are the reference data of RFC 6962's first implementation, as
published in google/certificate-transparency (merkletree tests) and
transparency-dev/merkle (testonly/constants.go); they carry over as data.
"""

from __future__ import annotations

import pytest

from custodes.ledger.tree import (
    EMPTY_ROOT,
    LeafHashes,
    RunningTree,
    consistency_proof,
    inclusion_proof,
    leaf_hash,
    node_hash,
    root_of,
    verify_consistency,
    verify_inclusion,
)

LEAVES = [
    bytes.fromhex(text)
    for text in (
        "",
        "00",
        "10",
        "2021",
        "3031",
        "40414243",
        "5051525354555657",
        "606162636465666768696a6b6c6d6e6f",
    )
]
HASHES = [leaf_hash(leaf) for leaf in LEAVES]
ROOTS = [
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
]
INCLUSION = {
    (0, 8): [
        "96a296d224f285c67bee93c30f8a309157f0daa35dc5b87e410b78630a09cfc7",
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "6b47aaf29ee3c2af9af889bc1fb9254dabd31177f16232dd6aab035ca39bf6e4",
    ],
    (5, 8): [
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
        "ca854ea128ed050b41b35ffc1b87b8eb2bde461e9e3b5596ece6b9d5975a0ae0",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    ],
}
CONSISTENCY = {
    (2, 5): [
        "5f083f0a1a33ca076a95279832580db3e0ef4584bdff1f54c8a360f50de3031e",
        "bc1a0643b12e4d2d7c77918f44e0f4f79a838b6cf9ec5b5c283e1f4d88599e6b",
    ],
}


@pytest.mark.parametrize("size", range(9))
def test_every_published_root_is_reproduced_three_ways(size: int) -> None:
    expected = bytes.fromhex(ROOTS[size])
    running = RunningTree()
    for leaf in LEAVES[:size]:
        running.add_leaf(leaf)

    assert running.root() == expected
    assert running.size == size
    assert root_of(HASHES[:size]) == expected
    assert LeafHashes(b"".join(HASHES[:size])).root() == expected


def test_an_empty_tree_has_the_published_root() -> None:
    assert EMPTY_ROOT.hex() == ROOTS[0]


def test_a_leaf_and_a_node_of_the_same_bytes_differ() -> None:
    left, right = HASHES[:2]
    assert leaf_hash(left + right) != node_hash(left, right)


@pytest.mark.parametrize(("index", "size"), INCLUSION)
def test_published_inclusion_proofs_are_made_and_accepted(index: int, size: int) -> None:
    published = [bytes.fromhex(text) for text in INCLUSION[index, size]]

    assert inclusion_proof(HASHES[:size], index) == published
    root = bytes.fromhex(ROOTS[size])
    assert verify_inclusion(HASHES[index], index, size, published, root)


@pytest.mark.parametrize(("first", "second"), CONSISTENCY)
def test_published_consistency_proofs_are_made_and_accepted(first: int, second: int) -> None:
    published = [bytes.fromhex(text) for text in CONSISTENCY[first, second]]

    assert consistency_proof(HASHES, first, second) == published
    roots = bytes.fromhex(ROOTS[first]), bytes.fromhex(ROOTS[second])
    assert verify_consistency(first, second, published, *roots)


def test_a_root_in_the_middle_of_growing_changes_nothing() -> None:
    tree = RunningTree()
    for size, leaf in enumerate(LEAVES, 1):
        tree.add_leaf(leaf)
        assert tree.root().hex() == ROOTS[size]


def test_a_copy_grows_on_its_own() -> None:
    tree = RunningTree()
    tree.add_leaf(LEAVES[0])
    twin = tree.copy()
    twin.add_leaf(LEAVES[1])

    assert tree.root().hex() == ROOTS[1]
    assert twin.root().hex() == ROOTS[2]


def test_a_tree_without_leaves_includes_nothing() -> None:
    assert not verify_inclusion(EMPTY_ROOT, 0, 0, [], EMPTY_ROOT)


def test_proofs_for_leaves_that_are_not_there_are_refused() -> None:
    with pytest.raises(IndexError, match="no leaf 8 among 8"):
        inclusion_proof(HASHES, 8)
    with pytest.raises(IndexError, match="no trees of 5 and 9"):
        consistency_proof(HASHES, 5, 9)


def test_leaf_hashes_of_the_wrong_length_are_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes"):
        LeafHashes(b"x" * 33)
    with pytest.raises(ValueError, match="32 bytes"):
        LeafHashes().append(b"x")
