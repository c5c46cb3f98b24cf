"""Whatever the tree, honest proofs pass and a proof changed anywhere does not."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

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


def hashes(count: int) -> LeafHashes:
    """Return distinct leaf hashes."""
    return LeafHashes(b"".join(leaf_hash(b"%d" % n) for n in range(count)))


def definition(leaves: list[bytes]) -> bytes:
    """Write RFC 6962 section 2.1 down as it stands: MTH, recursively."""
    if len(leaves) < 2:
        return leaves[0] if leaves else EMPTY_ROOT
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return node_hash(definition(leaves[:split]), definition(leaves[split:]))


SIZES = st.integers(1, 130)


@given(st.integers(0, 300))
def test_roots_are_the_recursive_definition(size: int) -> None:
    leaves = hashes(size)
    expected = definition(list(leaves))

    assert leaves.root() == expected
    assert root_of(iter(leaves)) == expected


@given(SIZES, st.data())
def test_every_leaf_is_proven_where_it_is_and_nowhere_else(size: int, data: st.DataObject) -> None:
    leaves = hashes(size)
    index = data.draw(st.integers(0, size - 1))
    other = data.draw(st.integers(0, size + 3).filter(lambda n: n != index))
    proof, root = inclusion_proof(leaves, index), leaves.root()

    assert verify_inclusion(leaves[index], index, size, proof, root)
    assert not verify_inclusion(leaves[index], other, size, proof, root)
    assert not verify_inclusion(leaf_hash(b"another"), index, size, proof, root)


@given(SIZES, st.data())
def test_every_smaller_tree_is_proven_a_beginning(size: int, data: st.DataObject) -> None:
    leaves = hashes(size)
    first = data.draw(st.integers(0, size))
    proof = consistency_proof(leaves, first, size)
    old, new = leaves[:first].root(), leaves.root()

    assert verify_consistency(first, size, proof, old, new)
    assert not verify_consistency(first, size, proof, leaf_hash(b"another"), new)
    if first:  # every tree begins with the empty one
        assert not verify_consistency(first, size, proof, old, leaf_hash(b"another"))


def tampered(proof: list[bytes], data: st.DataObject) -> list[bytes]:
    """Flip a bit, drop, repeat, add or cut a hash."""
    changed = list(proof)
    kind = data.draw(st.sampled_from(["flip", "drop", "repeat", "add", "cut"]))
    if kind == "add" or not changed:
        return [*changed, leaf_hash(b"one too many")]
    at = data.draw(st.integers(0, len(changed) - 1))
    if kind == "flip":
        bit = data.draw(st.integers(0, 255))
        flipped = int.from_bytes(changed[at], "big") ^ 1 << bit
        changed[at] = flipped.to_bytes(32, "big")
    elif kind == "drop":
        del changed[at]
    elif kind == "repeat":
        changed.insert(at, changed[at])
    else:
        changed[at] = changed[at][:31]
    return changed


@settings(max_examples=300)
@given(SIZES, st.data())
def test_a_changed_inclusion_proof_is_never_accepted(size: int, data: st.DataObject) -> None:
    leaves = hashes(size)
    index = data.draw(st.integers(0, size - 1))
    proof = tampered(inclusion_proof(leaves, index), data)

    assert not verify_inclusion(leaves[index], index, size, proof, leaves.root())


@settings(max_examples=300)
@given(SIZES, st.data())
def test_a_changed_consistency_proof_is_never_accepted(size: int, data: st.DataObject) -> None:
    leaves = hashes(size)
    first = data.draw(st.integers(0, size))
    proof = tampered(consistency_proof(leaves, first, size), data)

    assert not verify_consistency(first, size, proof, leaves[:first].root(), leaves.root())


@given(
    st.integers(-2, 2**70),
    st.integers(-2, 2**70),
    st.lists(st.binary(min_size=31, max_size=33), max_size=80),
    st.binary(min_size=32, max_size=32),
)
def test_nonsense_is_answered_with_no(
    index: int, size: int, proof: list[bytes], root: bytes
) -> None:
    assert not verify_inclusion(leaf_hash(b"x"), index, size, proof, root)
    assert not verify_consistency(index, size, proof, leaf_hash(b"x"), root)


@given(st.lists(st.binary(max_size=8), max_size=40))
def test_a_running_tree_grows_as_the_root_of_its_leaves(contents: list[bytes]) -> None:
    tree = RunningTree()
    for content in contents:
        tree.add_leaf(content)

    assert tree.root() == root_of([leaf_hash(content) for content in contents])
