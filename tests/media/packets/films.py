"""Small films made here with FFmpeg's encoders, and what FFmpeg says is in them."""

from __future__ import annotations

import io
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np

FRAGMENTED = {"movflags": "frag_keyframe+empty_moov+default_base_moof"}
FASTSTART = {"movflags": "faststart"}
_NAMES = {"mkv": "matroska", "mp4": "mp4", "mov": "mov"}


@dataclass(frozen=True, slots=True)
class Packet:
    """One packet as a reader sees it; times in the track's own units."""

    data: bytes
    dts: int
    pts: int
    duration: int
    sync: bool


def film(
    container: str = "mp4",
    video: str | None = "libx264",
    sound: str | None = "aac",
    *,
    frames: int = 40,
    muxer: dict[str, str] | None = None,
    encoder: dict[str, str] | None = None,
) -> bytes:
    """Make a film of 64 x 48 pixels at 25 pictures a second, a moving bar and a tone."""
    with _written(container, muxer) as (file, out):
        pictures = _video_stream(out, video, encoder or {}) if video else None
        tones = out.add_stream(sound, rate=48000) if sound else None
        for number in range(frames):
            if pictures is not None:
                out.mux(pictures.encode(_picture(number)))
            if tones is not None:
                for frame in _tone(number, tones):
                    out.mux(tones.encode(frame))
        for stream in (pictures, tones):
            if stream is not None:
                out.mux(stream.encode(None))
        out.close()
        return Path(file).read_bytes()


@contextmanager
def _written(container: str, muxer: dict[str, str] | None) -> Iterator[tuple[str, Any]]:
    # Moving the tables to the front opens the file again by its name.
    with (
        tempfile.NamedTemporaryFile(suffix=f".{container}") as file,
        av.open(file.name, "w", format=_NAMES[container], options=muxer or {}) as out,
    ):
        yield file.name, out


def _video_stream(out: Any, codec: str, options: dict[str, str]) -> Any:
    stream = out.add_stream(codec, rate=25)
    stream.width, stream.height = 64, 48
    stream.pix_fmt = "yuvj420p" if codec == "mjpeg" else "yuv420p"
    stream.options = {"threads": "1", "g": "12", **options}
    if codec == "libx265":
        stream.options["x265-params"] = "log-level=none:pools=1:keyint=12"
    return stream


def _picture(number: int) -> av.VideoFrame:
    pixels = np.full((48, 64, 3), 40, np.uint8)
    pixels[:, number % 64 : number % 64 + 8] = (200, number * 5 % 256, 90)
    frame = av.VideoFrame.from_ndarray(pixels, "rgb24")
    frame.pts = number
    frame.time_base = Fraction(1, 25)
    return frame


def _tone(number: int, stream: Any) -> list[av.AudioFrame]:
    at = np.arange(number * 1920, (number + 1) * 1920)
    wave = (np.sin(at * 440 * 2 * np.pi / 48000) * 8000).astype(np.int16)
    frame = av.AudioFrame.from_ndarray(np.repeat(wave, 2).reshape(1, -1), "s16", "stereo")
    frame.sample_rate, frame.pts, frame.time_base = 48000, number * 1920, Fraction(1, 48000)
    resampler = av.AudioResampler(
        format=stream.format, layout="stereo", rate=48000, frame_size=stream.frame_size or None
    )
    return [frame] if stream.codec_context.name != "pcm_s16le" else resampler.resample(frame)


def remuxed(data: bytes, container: str, muxer: dict[str, str] | None = None) -> bytes:
    """Copy every packet into another container, without decoding anything."""
    with av.open(io.BytesIO(data)) as source, _written(container, muxer) as (file, out):
        streams = {s.index: out.add_stream_from_template(s) for s in source.streams}
        for packet in _with_decode_times([packet for packet in source.demux() if packet.size]):
            packet.stream = streams[packet.stream.index]
            out.mux(packet)
        out.close()
        return Path(file).read_bytes()


def _with_decode_times(packets: list[Any]) -> list[Any]:
    """Give the first packets of a Matroska file the decode times that it does not store."""
    for packet in packets:
        mine = [other for other in packets if other.stream.index == packet.stream.index]
        if packet.dts is None:
            known = next(n for n, other in enumerate(mine) if other.dts is not None)
            lead = known - next(n for n, other in enumerate(mine) if other is packet)
            packet.dts = mine[known].dts - lead * packet.duration
    return packets


def as_ffmpeg_reads(data: bytes) -> list[list[Packet]]:
    """Return the packets of each track as libavformat gives them, edit lists ignored."""
    options = {"ignore_editlist": "1"} if data[4:8] == b"ftyp" else {}
    with av.open(io.BytesIO(data), options=options) as source:
        tracks: list[list[Packet]] = [[] for _ in source.streams]
        for packet in source.demux():
            if packet.size:
                tracks[packet.stream.index].append(
                    Packet(
                        bytes(packet),
                        packet.dts if packet.dts is not None else 0,
                        packet.pts if packet.pts is not None else 0,
                        packet.duration or 0,
                        packet.is_keyframe,
                    )
                )
    return tracks
