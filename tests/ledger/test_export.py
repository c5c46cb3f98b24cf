"""From the exported files alone, a second program recomputes the root the checkpoint signs."""

from __future__ import annotations

import base64
import hashlib
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from tests.ledger.logs import Log

from custodes.ledger.checkpoint import Checkpoint
from custodes.ledger.export import CHECKPOINT_ONLY, WITH_TILES, ExportRefused, export
from custodes.ledger.note import SignerKey, sign_note
from custodes.ledger.tiled import TiledTree
from custodes.ledger.tiles import WIDTH, Tile
from custodes.ledger.tree import leaf_hash

ORIGIN = "custodes.police.example/custody"
KEY = SignerKey(ORIGIN, Ed25519PrivateKey.from_private_bytes(bytes(range(32))))


class Entries(Log):
    """A log that has its entries too."""

    def __init__(self, size: int, said: str = "entry") -> None:
        super().__init__()
        self.contents: list[bytes] = []
        self.grow(size, said)

    def grow(self, size: int, said: str = "entry") -> None:
        more = [f"{said} {number}".encode() for number in range(len(self.contents), size)]
        self.contents += more
        self.add([leaf_hash(content) for content in more])

    def entries(self, tile: Tile) -> list[bytes]:
        first = tile.number * WIDTH
        return self.contents[first : first + tile.width]

    def note(self, size: int | None = None, origin: str = ORIGIN) -> str:
        size = len(self.contents) if size is None else size
        return sign_note(Checkpoint(origin, size, TiledTree(self, size).root()).body(), KEY)


# ---- A second program: written from the C2SP page alone, it imports nothing of ours.


def name(number: int) -> str:
    digits = f"{number:d}".zfill(-(-len(f"{number:d}") // 3) * 3)
    groups = [digits[at : at + 3] for at in range(0, len(digits), 3)]
    return "/".join([f"x{group}" for group in groups[:-1]] + groups[-1:])


def mth(hashes: list[bytes]) -> bytes:
    if len(hashes) == 1:
        return hashes[0]
    k = 1 << (len(hashes) - 1).bit_length() - 1
    return hashlib.sha256(b"\x01" + mth(hashes[:k]) + mth(hashes[k:])).digest()


def fetch(prefix: Path, kind: str, number: int, width: int) -> bytes:
    suffix = "" if width == 256 else f".p/{width}"
    return (prefix / f"tile/{kind}/{name(number)}{suffix}").read_bytes()


def check(prefix: Path, *, entries: bool = True) -> int:
    """Return the size of the log if its files lead to its root; raises AssertionError."""
    _, size_line, root, *_ = (prefix / "checkpoint").read_text().split("\n")
    size, leaves = int(size_line), []
    for number in range(-(-size // 256)):
        width = min(256, size - number * 256)
        tile = fetch(prefix, "0", number, width)
        found = [tile[at : at + 32] for at in range(0, len(tile), 32)]
        assert len(found) == width
        if entries:
            packed, at = fetch(prefix, "entries", number, width), 0
            for leaf in found:
                length = int.from_bytes(packed[at : at + 2], "big")
                entry, at = packed[at + 2 : at + 2 + length], at + 2 + length
                assert hashlib.sha256(b"\x00" + entry).digest() == leaf
            assert at == len(packed)
        leaves += found
    level, hashes = 0, leaves
    while len(hashes) >= 256:
        level += 1
        hashes = [mth(hashes[at : at + 256]) for at in range(0, len(hashes) - 255, 256)]
        for number in range(-(-len(hashes) // 256)):
            there = hashes[number * 256 : number * 256 + 256]
            assert fetch(prefix, str(level), number, len(there)) == b"".join(there)
    assert mth(leaves) == base64.b64decode(root)
    return size


# ----


def files(folder: Path) -> dict[str, tuple[int, bytes]]:
    return {
        str(path.relative_to(folder)): (path.stat().st_mtime_ns, path.read_bytes())
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize("size", [1, 255, 256, 257, 1000, 66_000])
def test_the_root_comes_out_of_the_files_alone(size: int, tmp_path: Path) -> None:
    log = Entries(size)

    exported = export(log, log.note(), tmp_path)

    assert check(tmp_path) == exported.size == size
    assert exported.written == len(files(tmp_path)) - 1


def test_a_changed_entry_or_hash_is_seen_from_the_files(tmp_path: Path) -> None:
    log = Entries(600)
    export(log, log.note(), tmp_path)

    for path in ("tile/entries/001", "tile/0/000", "tile/1/000.p/2", "tile/entries/002.p/88"):
        whole = (tmp_path / path).read_bytes()
        (tmp_path / path).write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
        with pytest.raises(AssertionError):
            check(tmp_path)
        (tmp_path / path).write_bytes(whole)
    assert check(tmp_path) == 600


def test_a_later_export_adds_what_is_new_and_writes_no_full_tile_again(tmp_path: Path) -> None:
    log = Entries(600)
    export(log, log.note(), tmp_path)
    before = files(tmp_path)
    log.grow(1400)

    export(log, log.note(), tmp_path)

    after = files(tmp_path)
    assert check(tmp_path) == 1400
    for path in ("tile/0/000", "tile/0/001", "tile/entries/001"):
        assert after[path] == before[path]
    assert "tile/0/002.p/88" in before
    assert "tile/0/002.p/88" not in after, "its full tile is there now"


def test_an_export_covers_no_more_than_its_checkpoint(tmp_path: Path) -> None:
    log = Entries(1000)

    export(log, log.note(300), tmp_path)

    assert check(tmp_path) == 300
    assert "tile/entries/001.p/44" in files(tmp_path)
    assert "tile/entries/001" not in files(tmp_path)


def test_an_export_that_was_stopped_goes_on_where_it_was(tmp_path: Path) -> None:
    class Stopped(Entries):
        def entries(self, tile: Tile) -> list[bytes]:
            if tile.number == 2:
                raise ConnectionError
            return super().entries(tile)

    log = Stopped(1000)
    with pytest.raises(ConnectionError):
        export(log, log.note(), tmp_path)
    assert not (tmp_path / "checkpoint").exists(), "nothing is claimed yet"
    before = files(tmp_path)

    whole = Entries(1000)
    exported = export(whole, whole.note(), tmp_path)

    assert check(tmp_path) == 1000
    assert exported.written == len(files(tmp_path)) - 1 - len(before)
    assert {path: files(tmp_path)[path] for path in before} == before


def test_the_level_says_who_gets_hashes_and_who_gets_entries(tmp_path: Path) -> None:
    log = Entries(300)
    for level, expected in ((CHECKPOINT_ONLY, {"checkpoint"}), (WITH_TILES, None)):
        folder = tmp_path / str(level)
        export(log, log.note(), folder, level=level)
        assert not any("entries" in path for path in files(folder))
        assert expected is None or set(files(folder)) == expected

    assert check(tmp_path / "1", entries=False) == 300


@pytest.mark.parametrize(
    ("there", "now", "why"),
    [
        (Entries(20).note(), Entries(10), "holds 20 entries, more than the 10"),
        (Entries(10, "another").note(), Entries(20), "not those this log begins with"),
        (Entries(10, "another").note(), Entries(10), "not those this log begins with"),
        (Entries(10).note(origin="other.example/log"), Entries(20), "other.example/log"),
        ("hello\n", Entries(20), "is not a checkpoint"),
    ],
)
def test_a_folder_that_this_log_does_not_continue_is_left_alone(
    there: str, now: Entries, why: str, tmp_path: Path
) -> None:
    (tmp_path / "checkpoint").write_text(there)

    with pytest.raises(ExportRefused, match=why):
        export(now, now.note(), tmp_path)

    assert list(files(tmp_path)) == ["checkpoint"]
    assert (tmp_path / "checkpoint").read_text() == there


def test_a_log_whose_tiles_do_not_lead_to_its_checkpoint_is_not_exported(tmp_path: Path) -> None:
    log = Entries(20)

    with pytest.raises(ExportRefused, match="do not lead to the root"):
        export(log, Entries(20, "another").note(), tmp_path)

    assert files(tmp_path) == {}
