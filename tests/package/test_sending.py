"""A package that is sent piece by piece is the same as one that was written."""

from __future__ import annotations

import tracemalloc
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import bagit
import pytest
from tests.verifier.story import honest_clip, honest_proof, story

from custodes.package import sending
from custodes.package.assembling import Contents, parcel
from custodes.package.errors import CannotPackage
from custodes.package.opening import open_package
from custodes.package.sending import Member, Parcel

MADE = datetime(2026, 11, 14, 21, 14, 7, tzinfo=UTC)


class Film:
    """Bytes that are made when they are read, as often as they are read."""

    def __init__(self, *megabytes: int) -> None:
        self.megabytes = list(megabytes)

    def __iter__(self) -> Iterator[bytes]:
        for _ in range(self.megabytes.pop(0)):
            yield bytes(1 << 20)


def sent(package: Parcel, target: Path) -> Path:
    target.write_bytes(b"".join(package.pieces()))
    assert target.stat().st_size == package.size
    return target


def test_what_is_sent_holds_what_is_written(tmp_path: Path) -> None:
    told = story(honest_clip(), honest_proof())
    written = open_package(told.write(tmp_path / "written"))
    pieces = {path: (content,) for path, content in told.media.items()}
    contents = Contents(told.statement, told.tags, pieces, "A test package")

    target = sent(parcel(contents, "folder"), tmp_path / "sent.zip")

    got = open_package(target)
    assert sorted(got.files) == sorted(written.files)
    for path, stored in written.files.items():
        assert got.files[path].read_at(0, stored.size) == stored.read_at(0, stored.size)


@pytest.mark.parametrize("wide", [0xFFFFFFFF, 1000])
def test_other_programs_read_it_also_past_four_gigabytes(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, wide: int
) -> None:
    # Where the 64-bit fields begin is moved, so that a small file has them.
    monkeypatch.setattr(sending, "_fits", lambda value: value < wide)
    files = [("data/a.mp4", b"a" * 2000), ("data/b.mp4", b"b"), ("c.txt", b"c" * 999)]

    target = sent(Parcel.of("bag", files, about=[], made=MADE), tmp_path / "sent.zip")

    with zipfile.ZipFile(target) as archive:
        assert archive.testzip() is None
        assert {info.date_time for info in archive.infolist()} == {(2026, 11, 14, 21, 14, 6)}
        assert not any(info.flag_bits for info in archive.infolist())
        archive.extractall(tmp_path)
    assert bagit.Bag(str(tmp_path / "bag")).validate()
    assert open_package(target).files["c.txt"].size == 999


def test_sending_takes_no_memory_to_speak_of() -> None:
    tracemalloc.start()
    package = Parcel.of("bag", [("data/film", Film(48, 48))], about=[], made=MADE)
    total = sum(map(len, package.pieces()))
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()

    assert total == package.size > 48 << 20
    assert peak < 4 << 20


@pytest.mark.parametrize("second", [1, 3])
def test_a_file_that_changed_since_it_was_measured_breaks_off(second: int) -> None:
    package = Parcel.of("bag", [("data/film", Film(2, second))], about=[], made=MADE)

    with pytest.raises(CannotPackage, match="changed while it was sent"):
        list(package.pieces())


def test_a_download_that_broke_off_goes_on_with_the_same_bytes() -> None:
    files = [("data/a", b"a" * 70), ("data/film", (b"film" * 9, b"more")), ("c.txt", b"")]
    package = Parcel.of("bag", files, about=[], made=MADE)
    whole = b"".join(package.pieces())
    kept = tuple(Member(m.path, m.content, m.size, m.crc) for m in package.members)

    again = Parcel.again(kept, MADE)

    assert b"".join(again.pieces()) == whole
    for start in range(0, len(whole), 7):
        for end in (start, start + 1, start + 90, len(whole)):
            assert b"".join(again.pieces(start, end)) == whole[start:end]


def test_going_on_late_reads_nothing_that_was_sent() -> None:
    film = Skipped()
    package = Parcel.of("bag", [("data/a", film), ("data/b", b"b" * 9)], about=[], made=MADE)
    head = len(package.heads[0])

    assert b"".join(package.pieces(head + 90, head + 95)) == b"x" * 5
    assert film.asked == [(90, 95)]
    list(package.pieces(head + 100))
    assert len(film.asked) == 1


class Skipped:
    """A hundred bytes that can be read from any place on, and note what is asked of them."""

    def __init__(self) -> None:
        self.asked: list[tuple[int, int]] = []

    def __iter__(self) -> Iterator[bytes]:
        yield b"x" * 100

    def pieces(self, start: int, end: int) -> Iterator[bytes]:
        self.asked.append((start, end))
        yield b"x" * (end - start)
