"""ZIP files that two programs could read in two ways: with two directories, or bytes between."""

from __future__ import annotations

import struct
from collections.abc import Callable
from functools import partial
from pathlib import Path

from tests.verifier.cases.entering import WHOLE, N, changed_after

from custodes.package.bag import zip_bag

_END = struct.Struct("<4s4H2IH")


def _zipped(change: Callable[[bytes], bytes]) -> Callable[[Path], Path]:
    def build(folder: Path) -> Path:
        target = folder.with_suffix(".zip")
        zip_bag(folder, target)
        target.write_bytes(change(target.read_bytes()))
        return target

    return build


def _parts(data: bytes) -> tuple[bytes, bytes, bytes]:
    """Return the files of a ZIP file, its directory, and the end."""
    *_, size, offset, _ = _END.unpack(data[-22:])
    assert offset + size == len(data) - 22
    return data[:offset], data[offset:-22], data[-22:]


def _count(end: bytes) -> int:
    return int(_END.unpack(end)[4])


def _end(count: int, size: int, offset: int, comment: int = 0) -> bytes:
    return _END.pack(b"PK\5\6", 0, 0, count, count, size, offset, comment)


def _second_behind(data: bytes) -> bytes:
    """Let the same package follow once more, whose places count from the start of it all."""
    files, directory, end = _parts(data)
    moved, at = bytearray(directory), 0
    while at < len(moved):
        [header] = struct.unpack_from("<I", moved, at + 42)
        struct.pack_into("<I", moved, at + 42, header + len(data))
        at += 46 + sum(struct.unpack_from("<3H", moved, at + 28))
    return data + files + moved + _end(_count(end), len(moved), len(data) + len(files))


def _second_in_the_comment(data: bytes) -> bytes:
    """Give the end a comment that is another end, of a directory of one file."""
    files, directory, end = _parts(data)
    first = directory[: directory.index(b"PK\1\2", 4)]
    count, size, offset = *_END.unpack(end)[4:6], len(files)
    return files + directory + _end(count, size, offset, 22) + _end(1, len(first), offset)


def _second_directory(data: bytes) -> bytes:
    """Put a directory of one file, with its end, between the files and the real one."""
    files, directory, end = _parts(data)
    first = directory[: directory.index(b"PK\1\2", 4)]
    between = first + _end(1, len(first), len(files))
    count, size = _END.unpack(end)[4:6]
    return files + between + directory + _end(count, size, len(files) + len(between))


def _behind_a_program(data: bytes) -> bytes:
    """Put bytes before it, as programs that unpack themselves do."""
    return b"#!/bin/sh\n" + data


def _wide(data: bytes, *, wides: int = 1, leads_to: int = 0, said: int = 0) -> bytes:
    """Write the end in the ZIP64 form too; ``said`` is how many files the plain one says."""
    files, directory, end = _parts(data)
    many, size, offset = _count(end), len(directory), len(files)
    record = struct.pack("<4sQ2H2I4Q", b"PK\6\6", 44, 45, 45, 0, 0, many, many, size, offset)
    located = struct.pack("<4sIQI", b"PK\6\7", 0, leads_to or size + offset, 1)
    return files + directory + wides * record + located + _end(said or many, size, offset)


changed_after("zip in the wide form", "Both forms say the same.", _zipped(_wide))
for _name, _change in (
    ("zip with a second one behind", _second_behind),
    ("zip with a second end in a comment", _second_in_the_comment),
    ("zip with two ends", lambda data: data + data[-22:]),
    ("zip with a comment", lambda data: data[:-2] + b"\1\0!"),
    ("zip with a comment that is not there", lambda data: data[:-2] + b"\1\0"),
    ("zip with two ends in the wide form", partial(_wide, wides=2)),
    ("zip whose wide form is looked for elsewhere", partial(_wide, leads_to=1)),
    ("zip with a second directory", _second_directory),
    ("zip behind other bytes", _behind_a_program),
    ("zip with two numbers of files", partial(_wide, said=1)),
    ("zip that goes on", lambda data: data + b"\0"),
):
    changed_after(
        _name,
        "Two programs could take two different packages out of it.",
        _zipped(_change),
        only={WHOLE: (N, "whole.malformed")},
    )
