"""The viewing copy plays, keeps its times, and survives damage."""

from __future__ import annotations

import io
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest

from custodes.media.generate import footage as film
from custodes.media.muxing import SinkFile
from custodes.media.sandbox import BytesReader, Limits, SandboxFailed, run
from custodes.media.sandbox.ports import MemorySink

LIMITS = Limits(seconds=60)


def copied(data: bytes, **params: Any) -> tuple[dict[str, Any], bytes]:
    sink = MemorySink()
    made = run("viewing_copy", BytesReader(data), params, limits=LIMITS, sink=sink)
    return made, bytes(sink.blobs["viewing_copy.mp4"])


def pictures(data: bytes) -> list[float]:
    with av.open(io.BytesIO(data)) as container:
        return [float(frame.time or 0) for frame in container.decode(video=0)]


def sounds(data: bytes) -> list[float]:
    with av.open(io.BytesIO(data)) as container:
        return [float(frame.time or 0) for frame in container.decode(audio=0)]


def encoded(
    path: Path, codec: str, times: list[float], sound_from: float | None = None, size: int = 64
) -> bytes:
    with av.open(str(path), "w") as output:
        video: Any = output.add_stream(codec, rate=25)
        video.width = video.height = size
        video.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
        video.codec_context.time_base = video.time_base = Fraction(1, 1000)
        audio: Any = (
            output.add_stream("aac", rate=48_000, layout="mono") if sound_from is not None else None
        )
        for number, at in enumerate(times):
            frame = av.VideoFrame.from_ndarray(
                np.full((size, size, 3), number * 9 % 256, np.uint8), "rgb24"
            )
            frame.pts, frame.time_base = round(at * 1000), Fraction(1, 1000)
            output.mux(video.encode(frame))
        for number in range(60 if audio is not None else 0):
            tone = np.sin(np.arange(1024, dtype=np.float32) / 20).reshape(1, -1) * 0.5
            heard = av.AudioFrame.from_ndarray(tone, format="fltp", layout="mono")
            heard.rate, heard.time_base = 48_000, Fraction(1, 48_000)
            heard.pts = round((sound_from or 0) * 48_000) + number * 1024
            output.mux(audio.encode(heard))
        output.mux(video.encode(None))
        if audio is not None:
            output.mux(audio.encode(None))
    return path.read_bytes()


def test_matroska_with_h264_and_aac_is_copied_untouched(tmp_path: Path) -> None:
    source = film(tmp_path / "a.mkv", seconds=2, size=(160, 90), container="mkv").read_bytes()
    made, copy = copied(source)

    assert (made["video"], made["sound"], made["left_out"]) == ("copied", "copied", 0)
    with av.open(io.BytesIO(source)) as one, av.open(io.BytesIO(copy)) as two:
        ours = [f.to_ndarray().tobytes() for f in two.decode(video=0)]
        assert ours == [f.to_ndarray().tobytes() for f in one.decode(video=0)]
        assert len(ours) == 50
    assert pictures(copy) == pytest.approx([n / 25 for n in range(50)], abs=0.03)


def test_a_codec_no_browser_plays_is_encoded_as_h264_high(tmp_path: Path) -> None:
    source = encoded(tmp_path / "a.mp4", "libx265", [n / 25 for n in range(25)], 0.0)
    made, copy = copied(source)

    assert (made["video"], made["sound"]) == ("encoded", "copied")
    with av.open(io.BytesIO(copy)) as container:
        context = container.streams.video[0].codec_context
        assert (context.name, context.profile, context.pix_fmt) == ("h264", "High", "yuv420p")
    about = run("probe", BytesReader(copy), {}, limits=LIMITS)
    assert about["browser"]["plays"] is True
    assert about["faults"] == []


def test_a_variable_picture_rate_stays_variable(tmp_path: Path) -> None:
    times = [0.0, 0.04, 0.08, 0.5, 0.54, 1.3, 1.9, 2.0]
    source = encoded(tmp_path / "a.mkv", "libx265", times)
    assert pictures(source) == pytest.approx(times, abs=0.002)
    assert pictures(copied(source)[1]) == pytest.approx(times, abs=0.002)


@pytest.mark.parametrize("reencode", [False, True])
def test_sound_that_starts_later_still_starts_later(tmp_path: Path, reencode: bool) -> None:
    source = encoded(tmp_path / "a.mkv", "libx264", [n / 25 for n in range(50)], 0.5)
    apart = sounds(source)[0] - pictures(source)[0]
    copy = copied(source, reencode=reencode)[1]

    assert apart == pytest.approx(0.5, abs=0.03)
    assert sounds(copy)[0] - pictures(copy)[0] == pytest.approx(apart, abs=0.03)


@pytest.mark.parametrize("reencode", [False, True])
def test_a_transport_stream_far_from_zero_starts_at_zero(tmp_path: Path, reencode: bool) -> None:
    times = [1000 + n / 25 for n in range(50)]
    source = encoded(tmp_path / "a.ts", "libx264", times, 1000.0)
    copy = copied(source, reencode=reencode)[1]
    assert pictures(copy)[0] == pytest.approx(0, abs=0.1)
    assert pictures(copy)[-1] == pytest.approx(1.96, abs=0.1)


def test_large_pictures_come_down_to_720_lines(tmp_path: Path) -> None:
    source = encoded(tmp_path / "a.mkv", "mpeg4", [0.0, 0.04], size=1600)
    made, _ = copied(source)
    assert (made["width"], made["height"]) == (720, 720)


def test_damage_is_counted_and_passed_over(tmp_path: Path) -> None:
    source = bytearray(encoded(tmp_path / "a.avi", "mjpeg", [n / 25 for n in range(60)], size=128))
    half = len(source) // 2
    source[half : half + 3000] = bytes(3000)
    made, copy = copied(bytes(source))

    assert made["pictures"] > 30
    assert len(pictures(copy)) == made["pictures"]


def test_a_file_with_nothing_to_show_is_refused() -> None:
    with pytest.raises(SandboxFailed) as refusal:
        copied(b"\0" * 4000)
    assert refusal.value.kind == "refused"


def test_progress_rises_from_nothing_to_all(tmp_path: Path) -> None:
    source = film(tmp_path / "a.mkv", seconds=4, size=(640, 360), container="mkv").read_bytes()
    told: list[float] = []
    run(
        "viewing_copy",
        BytesReader(source),
        {"reencode": True},
        limits=LIMITS,
        sink=MemorySink(),
        progress=told.append,
    )
    assert told == sorted(told)
    assert all(0 <= fraction <= 1 for fraction in told)
    assert len(told) >= 2


def test_a_muxer_may_patch_near_the_start_and_nowhere_else() -> None:
    sink = MemorySink()
    file = SinkFile(sink, "x")
    file.write(bytes(3 << 20))
    file.seek(40)
    file.write(b"size")
    file.seek(0, io.SEEK_END)
    file.write(b"end")
    file.finish()
    assert sink.blobs["x"] == bytes(40) + b"size" + bytes((3 << 20) - 44) + b"end"

    file.seek(100_000)
    with pytest.raises(OSError, match="went back further"):
        file.write(b"late")
