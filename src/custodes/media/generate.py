"""Really encoded demonstration footage: for simulated cameras, tests and benches.

:func:`footage` films an invented street. :func:`large_h264` makes a valid file
of gigabytes in seconds by muxing one encoded second over and over. Nothing here
reads untrusted bytes, so it runs outside the sandbox.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Literal

import av
import av.container
import numpy as np

from custodes.media.scene import Street

RATE = 48_000
_CHUNK = 1024
Samples = np.ndarray[tuple[int, int], np.dtype[np.float32]]


def footage(
    path: Path,
    *,
    seconds: float = 20,
    size: tuple[int, int] = (640, 360),
    fps: int = 25,
    started_at: datetime | None = None,
    camera: str = "CAMERA 1",
    seed: int = 1,
    container: Literal["mp4", "mkv"] = "mp4",
    faststart: bool = False,
    sound: bool = True,
) -> Path:
    """Write a recording of a street with the clock and the camera's name burnt in.

    H.264 High 4:2:0 with AAC; width and height must be even. The same arguments
    draw the same pictures.
    """
    started_at = started_at or datetime(2026, 1, 1, 12, 0, tzinfo=UTC)
    street = Street(*size, seed)
    with _output(path, container, faststart=faststart) as output:
        output.metadata["creation_time"] = started_at.astimezone(UTC).isoformat()
        video = _video_stream(output, size, fps, {"preset": "superfast", "crf": "27"})
        audio = output.add_stream("aac", rate=RATE, layout="mono") if sound else None
        voice = _speech(seconds, seed)
        heard = 0
        for number in range(round(seconds * fps)):
            at = number / fps
            now = started_at + timedelta(seconds=at)
            clock = f"{now:%Y-%m-%d %H:%M:%S}.{number % fps * 100 // fps:02d}"
            picture = av.VideoFrame.from_ndarray(street.picture(at, (clock, camera)), "rgb24")
            picture.pts, picture.time_base = number, Fraction(1, fps)
            output.mux(video.encode(picture))
            while audio is not None and heard < (at + 0.5) * RATE and heard < len(voice):
                output.mux(audio.encode(_sound(voice[heard : heard + _CHUNK], heard)))
                heard += _CHUNK
        output.mux(video.encode(None))
        if audio is not None:
            output.mux(audio.encode(None))
    return path


def large_h264(
    path: Path,
    size: int,
    *,
    bit_rate: int = 12_000_000,
    faststart: bool = False,
    container: Literal["mp4", "mkv"] = "mp4",
) -> Path:
    """Write a playable H.264 + AAC file of about ``size`` bytes, moov last unless told.

    Two seconds of noise are encoded once; the packets then follow one another
    with rising times. ``size`` is met to within two seconds of ``bit_rate``.
    """
    fps, dimensions = 30, (1280, 720)
    with _output(path, container, faststart=faststart) as output:
        options = {"preset": "ultrafast", "bf": "0", "sc_threshold": "0"}
        video = _video_stream(output, dimensions, fps, options)
        video.codec_context.bit_rate = bit_rate
        audio = output.add_stream("aac", rate=RATE, layout="mono")
        pictures = list(_encoded_noise(video, dimensions, fps))
        sounds = _encoded_tone(audio, len(pictures) / fps)
        written = frames = samples = 0
        while written < size:
            for piece, key in pictures:
                _mux(output, video, piece, frames, Fraction(1, fps), key=key)
                frames += 1
                written += len(piece)
                while samples * fps < frames * RATE:
                    heard = sounds[samples // _CHUNK % len(sounds)]
                    _mux(output, audio, heard, samples, Fraction(1, RATE), key=True)
                    samples += _CHUNK
                    written += len(heard)
    return path


def _output(path: Path, container: str, *, faststart: bool) -> av.container.OutputContainer:
    options = {"movflags": "faststart"} if faststart and container == "mp4" else {}
    kind = {"mp4": "mp4", "mkv": "matroska"}[container]
    return av.open(str(path), "w", format=kind, options=options)


def _video_stream(
    output: av.container.OutputContainer, size: tuple[int, int], fps: int, options: dict[str, str]
) -> av.VideoStream:
    stream: av.VideoStream = output.add_stream("libx264", rate=fps, options=options)
    stream.width, stream.height = size
    stream.pix_fmt = "yuv420p"
    stream.codec_context.profile = "High"
    stream.codec_context.gop_size = 2 * fps
    stream.codec_context.time_base = Fraction(1, fps)
    return stream


def _speech(seconds: float, seed: int) -> Samples:
    """Return something that sounds like somebody talking in the next room."""
    random = np.random.default_rng(seed)
    count = int(seconds * RATE)
    at = np.arange(count, dtype=np.float32) / RATE
    syllables = np.repeat(random.uniform(0, 1, int(seconds * 4) + 2), RATE // 4)[:count]
    pitch = 110 + 40 * syllables
    phase = np.cumsum(2 * np.pi * pitch / RATE)
    voice = sum(np.sin(phase * n) / n**1.3 for n in range(1, 6))
    spoken = (syllables > 0.35) * np.abs(np.sin(np.pi * 4 * at))
    street = random.normal(0, 0.01, count)
    mixed: Samples = (0.22 * voice * spoken + street).astype(np.float32)
    return mixed


def _sound(samples: Samples, at: int) -> av.AudioFrame:
    frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), format="fltp", layout="mono")
    frame.rate, frame.pts, frame.time_base = RATE, at, Fraction(1, RATE)
    return frame


def _encoded_noise(
    video: av.VideoStream, size: tuple[int, int], fps: int
) -> Iterator[tuple[bytes, bool]]:
    random = np.random.default_rng(1)
    noise = random.integers(60, 190, (size[1] + 64, size[0] + 64, 3), np.uint8)
    packets = []
    for number in range(2 * fps):
        x, y = random.integers(0, 64, 2)
        frame = av.VideoFrame.from_ndarray(
            np.ascontiguousarray(noise[y : y + size[1], x : x + size[0]]), "rgb24"
        )
        frame.pts, frame.time_base = number, Fraction(1, fps)
        packets += video.encode(frame)
    for packet in packets + video.encode(None):
        yield bytes(packet), packet.is_keyframe


def _encoded_tone(audio: av.AudioStream, seconds: float) -> list[bytes]:
    voice = _speech(seconds, 1)
    packets = []
    for at in range(0, len(voice) - _CHUNK, _CHUNK):
        packets += audio.encode(_sound(voice[at : at + _CHUNK], at))
    return [bytes(packet) for packet in packets + audio.encode(None)]


def _mux(
    output: av.container.OutputContainer,
    stream: av.VideoStream | av.AudioStream,
    piece: bytes,
    at: int,
    unit: Fraction,
    *,
    key: bool,
) -> None:
    packet = av.Packet(piece)
    packet.stream, packet.time_base = stream, unit
    packet.pts = packet.dts = at
    packet.duration = 1 if unit.denominator != RATE else _CHUNK
    packet.is_keyframe = key
    output.mux_one(packet)
