"""Any ranges of any tree fold to its root, and any times come back as they were."""

from __future__ import annotations

import zlib
from array import array

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from custodes.kernel.digest import sha256
from custodes.ledger.tree import LeafHashes
from custodes.media.clip_proof.fold import DoesNotFold, fold, siblings_of
from custodes.media.clip_proof.times import TimesInvalid, pack_times, unpack_times
from custodes.media.packets.track import Times


def leaves(size: int) -> LeafHashes:
    return LeafHashes(b"".join(sha256(b"%d" % nth) for nth in range(size)))


@st.composite
def ranges(draw: st.DrawFn) -> tuple[int, list[tuple[int, int]]]:
    size = draw(st.integers(1, 300))
    ends = sorted(draw(st.sets(st.integers(0, size), min_size=2, max_size=8)))
    spans = list(zip(ends[::2], ends[1::2], strict=False))
    return size, spans


def known(tree: LeafHashes, spans: list[tuple[int, int]]) -> LeafHashes:
    return LeafHashes(b"".join(b"".join(tree[start:end]) for start, end in spans))


@given(ranges())
def test_ranges_and_their_siblings_fold_to_the_root(
    made: tuple[int, list[tuple[int, int]]],
) -> None:
    size, spans = made
    tree = leaves(size)

    siblings = siblings_of(tree, spans)

    assert fold(size, spans, known(tree, spans), siblings) == tree.root()
    for start, end in spans[:1]:
        alone = siblings_of(tree, [(start, end)])
        assert len(alone) <= 2 * max(1, size.bit_length())


@given(ranges(), st.data())
def test_another_leaf_or_another_sibling_folds_to_another_root(
    made: tuple[int, list[tuple[int, int]]], data: st.DataObject
) -> None:
    size, spans = made
    tree = leaves(size)
    siblings = siblings_of(tree, spans)
    shown = [*known(tree, spans)]
    nth = data.draw(st.integers(0, len(shown) + len(siblings) - 1))
    if nth < len(shown):
        shown[nth] = bytes(32)
    else:
        siblings[nth - len(shown)] = bytes(32)

    assert fold(size, spans, LeafHashes(b"".join(shown)), siblings) != tree.root()


def test_a_sibling_too_few_or_too_many_does_not_fold() -> None:
    tree, spans = leaves(100), [(10, 20), (50, 60)]
    siblings = siblings_of(tree, spans)

    with pytest.raises(DoesNotFold, match="lacking"):
        fold(100, spans, known(tree, spans), siblings[:-1])
    with pytest.raises(DoesNotFold, match="left over"):
        fold(100, spans, known(tree, spans), [*siblings, siblings[0]])


rows = st.lists(
    st.tuples(
        st.integers(-(2**40), 2**40),
        st.integers(-(2**20), 2**20),
        st.integers(0, 2**40),
        st.integers(0, 255),
    ),
    max_size=50,
)


@given(rows)
@settings(max_examples=200)
def test_times_come_back_as_they_were(given_rows: list[tuple[int, int, int, int]]) -> None:
    times = Times()
    for dts, later, duration, flags in given_rows:
        times.add(dts, dts + later, duration, flags)

    assert unpack_times(pack_times(times), len(times)) == times


def test_a_minute_at_a_constant_rate_takes_few_bytes() -> None:
    times = Times()
    for nth in range(1800):
        times.add(nth * 3000, nth * 3000 + (0, 9000, 3000, 0)[nth % 4], 3000, int(nth % 60 == 0))

    assert len(pack_times(times)) < 120


def packed(*numbers: int, flags: bytes = b"\1") -> bytes:
    return zlib.compress(bytes(numbers) + flags)


@pytest.mark.parametrize(
    ("data", "count"),
    [
        (b"", 1),
        (b"no zlib", 1),
        (packed(0, 0), 1),
        (packed(0, 0, 0, 0), 1),
        (packed(0, 0, 1), 1),
        (packed(0, 0, 0x80), 1),
        (packed(*[0x80] * 12, 0, 0, 0), 1),
        (packed(0, 0, 2) + b"more", 1),
        (zlib.compress(bytes(10_000_000)), 1),
        (packed(0, 0, 2), 0),
    ],
    ids=[
        "nothing",
        "not zlib",
        "a number too few",
        "a number too many",
        "a negative duration",
        "a number that breaks off",
        "a number without end",
        "bytes after the end",
        "a bomb",
        "times of no packets",
    ],
)
def test_times_that_are_none_are_refused(data: bytes, count: int) -> None:
    with pytest.raises(TimesInvalid):
        unpack_times(data, count)


def test_a_duration_may_not_run_out_of_bounds() -> None:
    huge = bytes([0xFE] + [0xFF] * 8 + [0x01])
    with pytest.raises(TimesInvalid, match="bounds"):
        unpack_times(zlib.compress(b"\0\0" + huge + b"\1"), 1)
    assert unpack_times(packed(0, 0, 2), 1).duration == array("Q", [1])
