"""What describe says of recordings made here, through the real sandbox."""

from __future__ import annotations

import struct
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from custodes.kernel.errors import Refused
from custodes.media.filmstrip import strip_for
from custodes.media.generate import footage as film
from custodes.media.opening import opened
from custodes.media.pictures import _TURNS, UPRIGHT, Box, Shaper
from custodes.media.sandbox import BytesReader, FileReader, Limits, SandboxFailed, run
from custodes.media.sandbox.ports import MemorySink

LIMITS = Limits(seconds=60)


@pytest.fixture(scope="module")
def recording(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    path = tmp_path_factory.mktemp("film") / "a.mp4"
    return film(path, seconds=6, size=(320, 180), faststart=True).read_bytes()


def described(data: bytes) -> tuple[dict[str, Any], MemorySink]:
    sink = MemorySink()
    return run("describe", BytesReader(data), {}, limits=LIMITS, sink=sink), sink


def test_an_ordinary_recording_is_described_without_faults(recording: bytes) -> None:
    found, _ = described(recording)
    about = found["probe"]

    assert about["container"] == "MP4"
    assert about["seconds"] == pytest.approx(6, abs=0.05)
    assert about["faults"] == []
    assert about["browser"] == {
        "plays": True,
        "because": "H.264 High in MP4 with AAC plays straight from the sealed store",
    }
    video = about["tracks"][0]
    assert (video["width"], video["height"], video["packets"]) == (320, 180, 150)
    assert video["per_second"] == pytest.approx(25)
    assert about["signed"] == "not signed"


def test_thumbnail_and_filmstrip_are_jpegs_of_the_promised_size(recording: bytes) -> None:
    found, sink = described(recording)
    strip, thumb = found["filmstrip"], found["thumbnail"]

    for name, width, height in (
        ("thumbnail.jpg", thumb["width"], thumb["height"]),
        (
            "filmstrip.jpg",
            strip["columns"] * strip["tile_width"],
            strip["rows"] * strip["tile_height"],
        ),
    ):
        assert jpeg_size(bytes(sink.blobs[name])) == (width, height)
    assert (strip["tiles"], strip["interval"]) == (12, pytest.approx(0.5, abs=0.01))
    assert thumb["width"] == 320


def jpeg_size(data: bytes) -> tuple[int, int]:
    assert data[:2] == b"\xff\xd8"
    at = 2
    while data[at + 1] not in (0xC0, 0xC1, 0xC2):
        at += 2 + int.from_bytes(data[at + 2 : at + 4])
    return int.from_bytes(data[at + 7 : at + 9]), int.from_bytes(data[at + 5 : at + 7])


def test_the_waveform_is_loud_where_there_was_sound_and_says_when_there_is_none(
    recording: bytes, tmp_path: Path
) -> None:
    found, _ = described(recording)
    assert found["waveform"]["sound"] == "heard"
    assert found["waveform"]["peaks_per_second"] == 20
    assert len(found["waveform"]["peaks"]) == pytest.approx(120, abs=3)
    assert 20 < max(found["waveform"]["peaks"]) <= 255

    mute = film(tmp_path / "mute.mp4", seconds=1, size=(160, 90), sound=False).read_bytes()
    assert described(mute)[0]["waveform"]["sound"] == "none"


def test_a_recording_cut_short_is_described_as_far_as_it_goes(recording: bytes) -> None:
    about = described(recording[: len(recording) * 6 // 10])[0]["probe"]

    assert 1 < about["seconds"] < 5
    assert any("cut short" in fault for fault in about["faults"])
    assert any("of the 150 packets its header promises" in fault for fault in about["faults"])


def test_a_lying_header_sizes_nothing_and_is_reported(recording: bytes) -> None:
    at = recording.index(b"mvhd") + 4 + 16
    lying = recording[:at] + b"\xff\xff\xff\xff" + recording[at + 4 :]
    found, _ = described(lying)

    assert found["probe"]["claimed_seconds"] == pytest.approx(4_294_967.295)
    assert found["probe"]["seconds"] == pytest.approx(6, abs=0.05)
    assert found["filmstrip"]["tiles"] == 12
    assert any("4,294,967.3 seconds" in fault for fault in found["probe"]["faults"])


def test_dimensions_are_those_of_the_pictures_not_of_the_header(recording: bytes) -> None:
    at = recording.index(b"avc1", recording.index(b"stsd")) + 4 + 24
    lying = recording[:at] + struct.pack(">HH", 65535, 65535) + recording[at + 4 :]
    video = described(lying)[0]["probe"]["tracks"][0]
    assert (video["width"], video["height"]) == (320, 180)


def test_a_matroska_recording_needs_a_viewing_copy_and_says_so(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mkv", seconds=1, size=(160, 90), container="mkv")
    assert described(path.read_bytes())[0]["probe"]["browser"] == {
        "plays": False,
        "because": "Matroska does not play in browsers",
    }


@pytest.mark.parametrize("data", [b"", b"\0", b"<html>hello</html>" * 50, bytes(5000)])
def test_what_is_no_recording_is_refused_with_a_sentence(data: bytes) -> None:
    with pytest.raises(SandboxFailed) as refusal:
        described(data)
    assert refusal.value.kind == "refused"
    assert refusal.value.reason.endswith(".")


@pytest.mark.parametrize(
    "playlist",
    [
        "#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n{other}\n#EXT-X-ENDLIST\n",
        "#EXTM3U\n#EXTINF:5,\nfile://{other}\n#EXT-X-ENDLIST\n",
        "ffconcat version 1.0\nfile {other}\n",
        (
            '<?xml version="1.0"?><MPD xmlns="urn:mpeg:dash:schema:mpd:2011"><Period>'
            "<AdaptationSet><Representation><BaseURL>{other}</BaseURL></Representation>"
            "</AdaptationSet></Period></MPD>"
        ),
    ],
)
def test_a_playlist_cannot_read_another_persons_evidence(
    tmp_path: Path, recording: bytes, playlist: str
) -> None:
    other = tmp_path / "other.mp4"
    other.write_bytes(recording)
    with pytest.raises(SandboxFailed) as refusal:
        described(playlist.format(other=other).encode())
    assert refusal.value.kind == "refused"


def test_the_format_list_alone_stops_a_playlist_without_any_sandbox(
    tmp_path: Path, recording: bytes
) -> None:
    other = tmp_path / "other.mp4"
    other.write_bytes(recording)
    playlist = f"#EXTM3U\n#EXT-X-TARGETDURATION:5\n#EXTINF:5,\n{other}\n#EXT-X-ENDLIST\n"
    named = tmp_path / "x.m3u8"
    named.write_text(playlist)
    with av.open(str(named)) as trap:  # the trap is real: without our list it opens
        assert trap.streams.video
    with pytest.raises(Refused), opened(BytesReader(playlist.encode())):
        pass


def test_hours_of_recording_do_not_make_a_filmstrip_slow(tmp_path: Path) -> None:
    strip = strip_for(10 * 3600.0)
    assert (strip.count, strip.interval, strip.columns, strip.rows) == (100, 360, 10, 10)
    assert strip_for(4_294_967.0).count == 100


def test_a_sideways_picture_is_turned(recording: bytes) -> None:
    turned = struct.pack(">9i", 0, 65536, 0, -65536, 0, 0, 180 << 16, 0, 1 << 30)
    at = recording.index(b"tkhd") + 4 + 40
    found, _ = described(recording[:at] + turned + recording[at + 36 :])

    assert found["probe"]["tracks"][0]["rotation"] == 90
    assert (found["thumbnail"]["width"], found["thumbnail"]["height"]) == (180, 320)


def test_pictures_of_every_turn_land_where_a_viewer_sees_them() -> None:
    corner = np.zeros((40, 60, 3), np.uint8)
    corner[:10, :10] = 255  # a white corner, top left
    where = {}
    for turn in _TURNS:
        shaper = Shaper(Box(60, 60), "rgb24", full_range=True)
        frame = av.VideoFrame.from_ndarray(corner, "rgb24")
        shaper.size = (40, 60) if turn[0] == 0 else (60, 40)
        shaper._graph = shaper._built(frame, turn, Fraction(1))
        shaper._shape = (60, 40, "rgb24", UPRIGHT)
        out = shaper.shaped(frame).to_ndarray()
        row, column = np.argwhere(out[..., 0] > 200).mean(axis=0)
        where[turn] = (column > out.shape[1] / 2, row > out.shape[0] / 2)
    # The matrix sends x, y to ax + cy, bx + dy: negative means the far side.
    for (a, b, c, d), (right, bottom) in where.items():
        assert right == (a + c < 0)
        assert bottom == (b + d < 0)


def test_single_tasks_do_what_describe_does(tmp_path: Path) -> None:
    path = film(tmp_path / "a.mp4", seconds=1, size=(160, 90))
    with FileReader(path) as reader:
        about = run("probe", reader, {}, limits=LIMITS)
        assert about["seconds"] == pytest.approx(1, abs=0.05)
        for task in ("thumbnail", "filmstrip"):
            sink = MemorySink()
            made = run(task, reader, {"probe": about}, limits=LIMITS, sink=sink)
            assert bytes(sink.blobs[made["name"]][:2]) == b"\xff\xd8"
        assert run("waveform", reader, {}, limits=LIMITS)["sound"] == "heard"
