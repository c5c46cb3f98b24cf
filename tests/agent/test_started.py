"""When a recording began, as ISO/IEC 14496-12 section 8.2.2 writes it in mvhd."""

from __future__ import annotations

import os
import struct
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from custodes.agent.finding import Found
from custodes.agent.started import Times, times_of

MTIME = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
FILMED = datetime(2026, 3, 1, 11, 30, tzinfo=UTC)
SINCE_1904 = int((FILMED - datetime(1904, 1, 1, tzinfo=UTC)).total_seconds())


def box(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I4s", 8 + len(body), kind) + body


def mvhd(created: int, seconds: int, version: int = 0) -> bytes:
    times = ">QQIQ" if version else ">IIII"
    body = struct.pack(">I", version << 24) + struct.pack(
        times, created, created, 1000, seconds * 1000
    )
    return box(b"ftyp", b"isom") + box(b"moov", box(b"mvhd", body + bytes(80)))


def times(tmp_path: Path, content: bytes) -> Times:
    path = tmp_path / "a.mp4"
    path.write_bytes(content)
    os.utime(path, (MTIME.timestamp(), MTIME.timestamp()))
    found = Found.at(path)
    assert found is not None
    return times_of(found)


@pytest.mark.parametrize("version", [0, 1])
def test_the_container_s_own_time_wins(tmp_path: Path, version: int) -> None:
    said = times(tmp_path, mvhd(SINCE_1904, 90, version))

    assert said == Times(FILMED, FILMED + timedelta(seconds=90), "container")


def test_without_one_it_is_the_file_s_time_less_its_length(tmp_path: Path) -> None:
    said = times(tmp_path, mvhd(0, 90))

    assert said == Times(MTIME - timedelta(seconds=90), MTIME, "file time less its length")


@pytest.mark.parametrize("content", [b"", b"not a container", mvhd(0, 0), mvhd(2**63, 2**40, 1)])
def test_without_both_it_is_the_file_s_time(tmp_path: Path, content: bytes) -> None:
    assert times(tmp_path, content) == Times(MTIME, None, "file time")


def test_a_box_that_claims_to_be_endless_is_no_harm(tmp_path: Path) -> None:
    endless = struct.pack(">I4sQ", 1, b"moov", 2**64 - 1) + box(b"mvhd", b"")

    assert times(tmp_path, endless).source == "file time"
