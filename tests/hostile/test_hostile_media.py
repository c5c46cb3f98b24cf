"""Films that lie, that are no films, or that name another's evidence: kept, proven, never believed.

All are delivered first, through both doors and ``custodes import``; the worker then
looks at every one of them in the sandbox.
"""

from __future__ import annotations

import hashlib
import os
import struct
import time
from dataclasses import dataclass
from pathlib import Path

import psutil
import pytest
from tests.conftest import footage_folder
from tests.hostile.doors import Axis, Tus
from tests.hostile.place import Place
from tests.world.waiting import PATIENCE

from custodes.media.sandbox.starting import AWAITED

_SECRET = b"#EXTM3U"
# Of the real hostile footage, what is not made again below.
REAL = ("bitflips_mdat", "hls_crossread", "hls_ssrf", "stsz_huge_count")


def patched(film: bytes, box: bytes, offset: int, value: bytes) -> bytes:
    """Return the film with bytes changed at an offset from the start of a box's type."""
    at = film.index(box) + offset
    return film[:at] + value + film[at + len(value) :]


def lies(film: bytes, other: str) -> dict[str, bytes]:
    """Return what is sent, by file name. ISO/IEC 14496-12 has the offsets."""
    playlist = (
        "#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n"
        f"{other}\n#EXTINF:5,\nfile:///etc/passwd\n#EXTINF:5,\nhttp://127.0.0.1:9/x\n#EXT-X-ENDLIST\n"
    ).encode()
    # tkhd v0: width and height are 16.16 numbers, 76 bytes behind the version field.
    wide = patched(film, b"tkhd", 4 + 76, struct.pack(">II", 0xFFFF << 16, 0xFFFF << 16))
    # avc1: 24 bytes of sample entry, then width and height.
    wide = patched(wide, b"avc1", 4 + 24, struct.pack(">HH", 0xFFFF, 0xFFFF))
    # mvhd v0: created, modified, timescale, duration.
    long = patched(film, b"mvhd", 4 + 4 + 12, b"\xff" * 4)
    return {
        "dimensions.mp4": wide,
        "durations.mp4": patched(long, b"mdhd", 4 + 4 + 12, b"\xff" * 4),
        "no-timescale.mp4": patched(film, b"mvhd", 4 + 4 + 8, b"\0" * 4),
        "samples.mp4": patched(film, b"stsz", 4 + 8, struct.pack(">I", 0x7FFFFFFF)),
        "times.mp4": patched(film, b"stts", 4 + 4, b"\xff" * 12),
        "offsets.mp4": patched(film, b"stco", 4 + 8, b"\xff" * 4),
        "box-of-nothing.mp4": struct.pack(">I4s", 4, b"moov") * 5000,
        "box-too-long.mp4": struct.pack(">I4sQ", 1, b"moov", 2**63) + film,
        "boxes-in-boxes.mp4": b"".join(
            struct.pack(">I4s", 8 * (4000 - n), b"moov") for n in range(4000)
        ),
        "truncated.mp4": film[: len(film) // 2],
        "without-an-end.mp4": film[:-7],
        "one-byte.mp4": b"\0",
        "page.mp4": b"<!DOCTYPE html><script>alert(document.cookie)</script>" * 40,
        "drawing.mp4": b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>',
        "playlist.mp4": playlist,
        "playlist.m3u8": playlist,
        "concat.mkv": f"ffconcat version 1.0\nfile '{other}'\nfile /etc/passwd\n".encode(),
        "zeros.mkv": bytes(200_000),
        "ebml.mkv": b"\x1a\x45\xdf\xa3" + b"\xff" * 64 + b"\x01" * 4000,
        "two-in-one.mp4": film + b"PK\x03\x04" + bytes(40),
    }


@dataclass(frozen=True)
class Kept:
    """One delivered lie."""

    handle: str
    name: str
    content: bytes


@pytest.fixture(scope="module")
def kept(
    place: Place, axis: Axis, tus: Tus, film: bytes, tmp_path_factory: pytest.TempPathFactory
) -> list[Kept]:
    """Return everything delivered, once the worker has looked at all of it."""
    victim = axis.delivered(film, "20240514_115930_VICTIM.mp4")
    [(sealed,)] = place.ask(
        "SELECT o.handle FROM recordings_original o JOIN recordings_recording r"
        " ON o.recording_id = r.id WHERE r.handle = ?",
        victim,
    )
    path = next((place.installation.home / "vault").rglob(f"*{sealed}*"))
    sent = lies(film, str(path))
    if (folder := footage_folder()) is not None:
        real = [folder / "hostile" / f"{name}.mp4" for name in REAL]
        sent |= {f"real-{p.name}": p.read_bytes() for p in real}
    folder = tmp_path_factory.mktemp("card")
    handles = {}
    for number, (name, content) in enumerate(sent.items()):
        handles[name] = _by_some_door(place, axis, tus, number, name, content, folder)
    place.worker_goes_on()
    return [Kept(handles[name], name, content) for name, content in sent.items()]


def _by_some_door(
    place: Place, axis: Axis, tus: Tus, number: int, name: str, content: bytes, folder: Path
) -> str:
    place.personal.add(name)
    if number % 3 == 0:
        return axis.delivered(content, f"20240514_115930_{number}-{name}")
    if number % 3 == 1 or Path(name).suffix not in {".mp4", ".mkv"}:
        return tus.delivered(content, name, kind="video")
    file = folder / name
    file.write_bytes(content)
    ran = place.custodes("import", str(file), "--camera", "SERIALQX2", "--json",
                         "--started-at", "2026-02-03T04:05:06Z")  # fmt: skip
    [line] = ran.lines
    assert line["state"] == "taken in", line
    handle: str = line["recording"]
    return handle


def test_every_lie_is_kept_as_it_came_and_proven(place: Place, kept: list[Kept]) -> None:
    for one in kept:
        verified = place.custodes("verify", one.handle, "--json")
        assert verified.json["verdict"] == "PROVEN", one.name
        [(sha256,)] = place.ask(
            "SELECT o.sha256 FROM recordings_original o JOIN recordings_recording r"
            " ON o.recording_id = r.id WHERE r.handle = ?",
            one.handle,
        )
        assert sha256 == hashlib.sha256(one.content).hexdigest(), one.name


def test_every_lie_has_a_page_that_says_what_it_is(place: Place, kept: list[Kept]) -> None:
    client = place.page_of("mirza")
    for one in kept:
        began = time.monotonic()
        page = client.get(f"/recordings/{one.handle}")
        assert page.status_code == 200, one.name
        assert time.monotonic() - began < 10
        [(described,)] = place.ask(
            "SELECT o.described IS NOT NULL FROM recordings_original o"
            " JOIN recordings_recording r ON o.recording_id = r.id WHERE r.handle = ?",
            one.handle,
        )
        assert described, one.name
    place.is_well()


def test_no_lie_about_a_length_reaches_a_page(place: Place, kept: list[Kept]) -> None:
    longest = place.ask("SELECT max(seconds) FROM recordings_original")
    assert longest[0][0] < 3600


def test_a_playlist_shows_nothing_of_anothers_evidence(place: Place, kept: list[Kept]) -> None:
    lists = [one for one in kept if _SECRET in one.content or b"ffconcat" in one.content]
    assert len(lists) >= 3
    for one in lists:
        copies = place.ask(
            "SELECT c.purpose FROM recordings_copy c JOIN recordings_original o"
            " ON c.original_id = o.id JOIN recordings_recording r ON o.recording_id = r.id"
            " WHERE r.handle = ?",
            one.handle,
        )
        assert copies == [], one.name
        place.post("mirza", f"/recordings/{one.handle}/why", purpose="To review what happened")
        media = place.page_of("mirza").get(f"/recordings/{one.handle}/files/1/media")
        assert media.status_code in {400, 403}


def test_no_lie_is_ever_sent_as_something_a_browser_runs(place: Place, kept: list[Kept]) -> None:
    client = place.page_of("mirza")
    for one in kept:
        place.post("mirza", f"/recordings/{one.handle}/why", purpose="To review what happened")
        for what in ("media", "thumbnail", "filmstrip", "waveform"):
            answer = client.get(f"/recordings/{one.handle}/files/1/{what}")
            if answer.status_code < 300:
                kind = answer.headers["Content-Type"]
                assert kind in {"video/mp4", "video/webm", "image/jpeg", "application/json"}
                assert answer.headers["X-Content-Type-Options"] == "nosniff"
                assert "sandbox" in answer.headers["Content-Security-Policy"]


def test_an_import_of_what_is_no_file_ends_in_a_sentence(place: Place, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.mp4")
    (tmp_path / "link.mp4").symlink_to("/etc/passwd")
    (tmp_path / "folder.mp4").mkdir()
    (tmp_path / "empty.mp4").touch()
    (tmp_path / "line\nbreak.mp4").write_bytes(b"x")
    began, before = time.monotonic(), len(place.kinds())

    ran = place.custodes("import", str(tmp_path), "--camera", "SERIALQX2", "--json")

    assert time.monotonic() - began < 10
    states = {Path(line["file"]).name: line["state"] for line in ran.lines}
    assert states["line\nbreak.mp4"] == "failed"
    assert not {"pipe.mp4", "link.mp4", "folder.mp4"} & set(states)
    assert len(place.kinds()) > before
    for path in ("/dev/zero", str(tmp_path / "pipe.mp4"), str(tmp_path / "link.mp4")):
        assert place.custodes("import", path, "--camera", "SERIALQX2").status != 0
    assert place.custodes("import", str(tmp_path), "--camera", "NOBODYS").status == 1
    place.is_well()


def test_a_file_of_no_bytes_is_kept_and_proven_like_any_other(place: Place, tus: Tus) -> None:
    handle = tus.delivered(b"", "nothing-at-all.bin")
    place.is_well(handle)


def test_the_server_keeps_a_fresh_child_ready_for_whoever_waits_at_a_page(place: Place) -> None:
    def ready() -> bool:
        tree = psutil.Process(place.installation.pid).children(recursive=True)
        return any(each.cmdline()[-len(AWAITED) :] == list(AWAITED) for each in tree)

    until = time.monotonic() + PATIENCE
    while not ready():
        assert time.monotonic() < until
        time.sleep(0.05)
