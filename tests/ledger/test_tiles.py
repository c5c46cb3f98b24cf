"""Tiles are called and cut as C2SP tlog-tiles says.

Examples in the first tests are those of the specification (C2SP/C2SP, tlog-tiles.md,
commit 5ba5ee8, "Merkle Tree" and "Partial Tiles").
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from custodes.ledger.bundles import BundleInvalid, bundle, entries_in
from custodes.ledger.tiles import (
    NoSuchTile,
    Tile,
    levels_of,
    parse_bundle,
    parse_tile,
    path_of,
    tiles_of_level,
    width_in,
)


def test_tile_1234067_has_the_path_of_the_specification() -> None:
    assert path_of(1234067) == "x001/x234/067"
    assert Tile(0, 1234067).path == "tile/0/x001/x234/067"


def test_a_log_of_70000_entries_has_the_tiles_of_the_specification() -> None:
    tiles = {level: list(tiles_of_level(level, 70_000)) for level in levels_of(70_000)}

    assert [len(tiles[level]) for level in tiles] == [274, 2, 1]
    assert [tiles[level][-1].width for level in tiles] == [112, 17, 1]
    assert sum(tile.is_full for tile in tiles[0]) == 273
    assert tiles[1][0].is_full


def test_a_log_of_256_entries_has_a_full_tile_and_one_above_it() -> None:
    tiles = [tile for level in levels_of(256) for tile in tiles_of_level(level, 256)]

    assert tiles == [Tile(0, 0, 256), Tile(1, 0, 1)]
    assert tiles[1].path == "tile/1/000.p/1"


def test_an_empty_log_has_no_tiles() -> None:
    assert list(levels_of(0)) == []


NUMBERS = st.integers(0, 10**12)
WIDTHS = st.integers(1, 256)


@given(st.integers(0, 63), NUMBERS, WIDTHS)
def test_every_path_reads_back_as_its_tile(level: int, number: int, width: int) -> None:
    tile = Tile(level, number, width)

    assert parse_tile(tile.path) == tile
    assert parse_bundle(f"tile/entries/{path_of(number, width)}") == Tile(0, number, width)


@pytest.mark.parametrize(
    "path",
    [
        "tile/0/0", "tile/00/000", "tile/64/000", "tile/-1/000", "tile/0/000.p/0",
        "tile/0/000.p/256", "tile/0/000.p/01", "tile/0/000.p", "tile/0/x000/001", "tile/0/001/002",
        "tile/0/x001", "tile/0/000/", "tile/0/000\n", "/tile/0/000", "tile/0/\u0660\u0660\u0660",
        "tile/0/x001/../000", "tile/entries/000", "checkpoint", "",
    ],
)  # fmt: skip
def test_any_other_spelling_is_no_tile(path: str) -> None:
    with pytest.raises(NoSuchTile):
        parse_tile(path)
    with pytest.raises(NoSuchTile):
        parse_bundle(path.replace("tile/0/", "tile/entries/").replace("entries/000", "entries/00"))


@given(st.integers(0, 1 << 26), st.integers(0, 3))
def test_the_widths_of_a_level_add_up_to_its_hashes(size: int, level: int) -> None:
    hashes = size >> 8 * level
    last = list(tiles_of_level(level, size, start=max(0, hashes // 256 - 2)))

    assert sum(tile.width for tile in last) == hashes - max(0, hashes // 256 - 2) * 256
    assert all(width_in(level, tile.number, size) == tile.width for tile in last)
    assert all(tile.end <= size for tile in last)
    assert width_in(level, hashes // 256 + 1, size) == 0


@given(st.lists(st.binary(max_size=300), max_size=20))
def test_a_bundle_reads_back_as_its_entries(entries: list[bytes]) -> None:
    assert entries_in(bundle(entries)) == entries


def test_an_entry_stands_after_its_length_in_two_bytes() -> None:
    assert bundle([b"ab", b""]) == b"\x00\x02ab\x00\x00"


@pytest.mark.parametrize("packed", [b"\x00", b"\x00\x02a", b"\x00\x01a\x00"])
def test_a_bundle_that_is_cut_short_is_refused(packed: bytes) -> None:
    with pytest.raises(BundleInvalid):
        entries_in(packed)


def test_an_entry_of_more_than_65535_bytes_is_refused() -> None:
    assert len(entries_in(bundle([bytes(65_535)]))[0]) == 65_535
    with pytest.raises(BundleInvalid):
        bundle([bytes(65_536)])
