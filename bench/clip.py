"""How fast a clip is cut out of an hour of 1080p in the sealed store, to the picture.

The film is twenty seconds of the made-up street, encoded once as H.264 High with B-frames
and a whole picture every two seconds, and repeated for an hour; a counter in every packet
keeps the packets apart. It has no sound. Ours: read from the vault, cut in the sandbox,
sealed into the vault, with a child of the sandbox ready as a server keeps it; the first cut
has none, like a command's. The baseline decodes the same range of the same film, which lies
unsealed beside it, and encodes it anew with x264 at a fast preset (veryfast) at two
threads, through PyAV; an ffmpeg binary does no other work. ``--smartcut`` names a Python
that has the package smartcut, which is then timed on the unsealed film as well.
"""

from __future__ import annotations

import argparse
import secrets
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

import av

from custodes.kernel.ids import new_handle
from custodes.media.clip_proof import check_clip, prove_clip
from custodes.media.commitment import read_packets
from custodes.media.sandbox import BytesReader, FileReader, Limits, keep_ready, run
from custodes.media.scene import Street
from custodes.vault.keys import DataKey, KeyRing
from custodes.vault.sealed import SealedWriter
from custodes.vault.store import DiskStore
from custodes.vault.vault import Vault

from .rounds import interleaved, median, say_ratio

_SIZE, _FPS, _SECONDS = (1920, 1080), 30, 20
_LIMITS = Limits(seconds=300)
_SEI = bytes.fromhex("0605") + bytes([24])  # ITU-T H.264 s7.3.2.3: user data, 16 + 8 bytes


def main(arguments: Sequence[str] = ()) -> float:
    """Measure; the ratio is the time of encoding anew over ours, so 20 or more is the aim."""
    parser = argparse.ArgumentParser(prog="custodes bench clip", description=__doc__)
    parser.add_argument("--minutes", type=int, default=60)
    parser.add_argument("--seconds", type=float, default=30.0, help="how long the clip is")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--smartcut", default="", help="a Python with the package smartcut")
    parser.add_argument("--home", default=None)
    options = parser.parse_args(arguments)
    with tempfile.TemporaryDirectory(dir=options.home, prefix="bench-clip-") as folder:
        return _measure(Path(folder), options)


def _measure(folder: Path, options: argparse.Namespace) -> float:
    film = _film(folder / "film.mp4", options.minutes * 60)
    start = options.minutes * 60 / 2 + 1.03  # a second before a whole picture: an average edge
    sealed = _Sealed(folder, film)
    print(f"film: {options.minutes} min of 1080p, {film.stat().st_size / 1e6:.0f} MB")
    end = start + options.seconds
    print(f"with no child ready: {sealed.cut(start, end):.2f} s")
    keep_ready()
    measures = {
        "encoded anew": lambda: _encode(film, start, end),
        "ours": lambda: sealed.cut(start, end),
    }
    if options.smartcut:
        measures["smartcut"] = lambda: _smartcut(options, film, start)
    seconds = interleaved(measures, options.rounds)
    for name, each in seconds.items():
        print(f"{name}: median {median(each):.2f} s")
    _prove(sealed.clip(), film)
    return say_ratio(median(seconds["encoded anew"]) / median(seconds["ours"]))


class _Into:
    """The sandbox's sink: the sealed store."""

    def __init__(self, writer: SealedWriter) -> None:
        self._writer = writer

    def write(self, _name: str, data: bytes) -> None:
        self._writer.write(data)

    def patch(self, _name: str, offset: int, data: bytes) -> None:
        self._writer.patch(offset, data)


class _Sealed:
    """The film in a vault, and the clips that are cut of it."""

    def __init__(self, folder: Path, film: Path) -> None:
        ring = KeyRing.open_or_create(folder / "keys")
        self._vault = Vault(DiskStore(folder / "vault"), ring)
        self._key = DataKey(secrets.token_bytes(32))
        self._film, self._clip = new_handle(), ""
        writer = self._vault.begin(self._film, "original", self._key)
        with film.open("rb") as file:
            while block := file.read(1 << 20):
                writer.write(block)
        writer.finish()

    def cut(self, start: float, end: float) -> float:
        began = time.monotonic()
        handle = new_handle()
        key = self._key.derive("copy: clip")
        writer = self._vault.begin(handle, "clip", key, patchable_head=True)
        params = {"start": start, "end": end, "how": "exact"}
        with self._vault.open(self._film, "original", self._key) as reader:
            run("clip", reader, params, limits=_LIMITS, sink=_Into(writer))
        writer.finish()
        self._clip = handle
        return time.monotonic() - began

    def clip(self) -> bytes:
        with self._vault.open(self._clip, "clip", self._key.derive("copy: clip")) as reader:
            return reader.read_at(0, reader.size)


def _smartcut(options: argparse.Namespace, film: Path, start: float) -> float:
    out = film.with_name(f"{new_handle()}.mp4")
    keep = f"{start},{start + options.seconds}"
    began = time.monotonic()
    command = [options.smartcut, "-m", "smartcut", str(film), str(out), "--keep", keep]
    subprocess.run(command, check=True, capture_output=True)
    return time.monotonic() - began


def _encode(film: Path, start: float, end: float) -> float:
    began = time.monotonic()
    with av.open(str(film)) as source, av.open(str(film.with_name("anew.mp4")), "w") as out:
        pictures = source.streams.video[0]
        pictures.thread_type = "AUTO"
        stream: Any = out.add_stream("libx264", rate=_FPS, options={"preset": "veryfast"})
        stream.width, stream.height, stream.pix_fmt = *_SIZE, "yuv420p"
        stream.codec_context.thread_count = 2
        source.seek(int(start / (pictures.time_base or Fraction(1))), stream=pictures)
        for frame in source.decode(pictures):
            if (frame.time or 0.0) >= end:
                break
            if (frame.time or 0.0) >= start:
                out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return time.monotonic() - began


def _prove(clip: bytes, film: Path) -> None:
    with FileReader(film) as reader:
        original = read_packets(reader)
    proof = prove_clip(BytesReader(clip), original)
    found = check_clip(proof, [t.committed().header for t in original], BytesReader(clip))
    own = sum(len(run) for track in proof.tracks for run in track.proven)
    share = own / found.packets
    print(f"clip: {len(clip) / 1e6:.1f} MB, {found.packets} packets, {share:.1%} proven original")


def _film(path: Path, seconds: int) -> Path:
    packets = list(_street())
    length = _FPS * _SECONDS
    with av.open(str(path), "w", format="mp4", options={"movflags": "faststart"}) as out:
        stream: Any = out.add_stream("libx264", rate=_FPS)
        _set_up(stream)
        stream.codec_context.open()
        for round_number in range(-(-seconds // _SECONDS)):
            for number, (content, pts, dts, key) in enumerate(packets):
                counter = f"{round_number * length + number:08x}".encode()
                mark = _SEI + b"custodes counter" + counter + b"\x80"
                packet = av.Packet(b"\0\0\0\1" + mark + content)
                packet.stream, packet.time_base = stream, Fraction(1, _FPS)
                packet.pts, packet.dts = pts + round_number * length, dts + round_number * length
                packet.duration, packet.is_keyframe = 1, key
                out.mux_one(packet)
    return path


def _street() -> Iterator[tuple[bytes, int, int, bool]]:
    encoder: Any = av.CodecContext.create("libx264", "w")
    encoder.width, encoder.height = _SIZE
    _set_up_context(encoder)
    street = Street(*_SIZE, 1)
    for number in range(_FPS * _SECONDS):
        picture = street.picture(number / _FPS, ("00:00:00.00", "BENCH"))
        frame = av.VideoFrame.from_ndarray(picture, "rgb24")
        frame.pts, frame.time_base = number, Fraction(1, _FPS)
        for packet in encoder.encode(frame):
            yield bytes(packet), packet.pts, packet.dts, bool(packet.is_keyframe)
    for packet in encoder.encode(None):
        yield bytes(packet), packet.pts, packet.dts, bool(packet.is_keyframe)


def _set_up(stream: Any) -> None:  # noqa: ANN401 - PyAV knows two kinds of stream here
    stream.width, stream.height = _SIZE
    _set_up_context(stream.codec_context)


def _set_up_context(context: Any) -> None:  # noqa: ANN401
    context.pix_fmt = "yuv420p"
    context.time_base, context.framerate = Fraction(1, _FPS), Fraction(_FPS)
    context.gop_size, context.max_b_frames = 2 * _FPS, 2
    context.flags |= 1 << 22  # AV_CODEC_FLAG_GLOBAL_HEADER
    context.options = {"preset": "superfast", "crf": "36", "x264-params": "scenecut=0:open-gop=0"}
