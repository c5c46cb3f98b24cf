"""Clips of a small film: honest ones made by stream copy, and ones that somebody tampered with."""

from __future__ import annotations

import io
import struct
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import av
import numpy as np
import pytest
from tests.media.packets.films import FRAGMENTED, film

from custodes.media.clip import cutting, sets
from custodes.media.commitment import TrackPackets, read_packets
from custodes.media.sandbox.ports import MemorySink

_FORMATS = {"mp4": "mp4", "mkv": "matroska", "ts": "mpegts"}
Span = tuple[float, float]


class Bytes:
    """A file in memory."""

    def __init__(self, data: bytes) -> None:
        self.size, self._data = len(data), data

    def read_at(self, offset: int, length: int) -> bytes:
        return self._data[offset : offset + length]


@lru_cache
def master() -> bytes:
    """Return the original: eight seconds, a whole picture every 12, reordered ones between."""
    return film(frames=200, encoder={"bf": "2"})


@lru_cache
def other_master() -> bytes:
    """Return another recording of the same camera."""
    return film(frames=150, encoder={"bf": "2", "crf": "30"})


@lru_cache
def packets_of(data: bytes) -> list[TrackPackets]:
    return read_packets(Bytes(data))


@dataclass(slots=True)
class Moved:
    """One packet on its way into a clip; times in seconds."""

    packet: Any
    video: bool
    key: bool
    due: float


def copied(
    data: bytes,
    *spans: Span,
    container: str = "mp4",
    muxer: dict[str, str] | None = None,
    edit: Callable[[list[Moved]], list[Moved]] | None = None,
) -> bytes:
    """Copy packets into a clip without decoding any: whole groups that begin in the spans.

    ``edit`` may change the list of packets before they are written.
    """
    with TemporaryDirectory() as folder, av.open(io.BytesIO(data)) as source:
        path = Path(folder) / f"clip.{container}"
        with av.open(str(path), "w", format=_FORMATS[container], options=muxer or {}) as out:
            streams = {s.index: out.add_stream_from_template(s) for s in source.streams}
            moved = _chosen(_all_packets(source), spans)
            for each in edit(moved) if edit else moved:
                each.packet.stream = streams[each.packet.stream.index]
                out.mux(each.packet)
        return path.read_bytes()


def _all_packets(source: Any) -> list[Moved]:
    found = []
    for packet in source.demux():
        if packet.size:
            if packet.dts is None:
                packet.dts = packet.pts
            due = float(packet.pts * packet.time_base)
            found.append(
                Moved(packet, packet.stream.type == "video", bool(packet.is_keyframe), due)
            )
    _mend_decode_times(found)
    return found


def _mend_decode_times(packets: list[Moved]) -> None:
    """Give decode times that grow to packets of a file that stores none (Matroska)."""
    mine = [each.packet for each in packets if each.video]
    if any(after.dts <= before.dts for before, after in pairwise(mine)):
        for packet, due in zip(mine, sorted(each.pts for each in mine), strict=True):
            packet.dts = due - 2 * (mine[0].duration or 40)


def _chosen(packets: list[Moved], spans: Sequence[Span]) -> list[Moved]:
    if not spans:
        return packets
    chosen: list[Moved] = []
    written = 0.0
    for start, end in spans:
        begins, stops = _groups(packets, start, end)
        video = [each for each in packets if each.video][begins[0] : stops[0]]
        sound = [each for each in packets if not each.video and begins[1] <= each.due < stops[1]]
        for each in sorted((*video, *sound), key=lambda each: float(each.packet.dts or 0)):
            base = each.packet.time_base
            earlier = round((begins[1] - written) / base)
            each.packet.pts -= earlier
            each.packet.dts -= earlier
            chosen.append(each)
        written += stops[1] - begins[1]
    return chosen


def _groups(
    packets: list[Moved], start: float, end: float
) -> tuple[tuple[int, float], tuple[int, float]]:
    video = [each for each in packets if each.video]
    keys = [(nth, each.due) for nth, each in enumerate(video) if each.key]
    first = max((key for key in keys if key[1] <= start + 1e-6), default=keys[0])
    lasts = video[-1].due + 0.04
    return first, next((key for key in keys if key[1] >= end - 1e-6), (len(video), lasts))


# Tampering with packets


def swapped(packets: list[Moved]) -> list[Moved]:
    """Exchange what two pictures hold; their times stay."""
    return _contents(packets, lambda video: _exchange(video, 5, 8))


def repeated(packets: list[Moved]) -> list[Moved]:
    """Show one picture in place of the next."""
    return _contents(packets, lambda video: [*video[:20], video[19], *video[21:]])


def groups_swapped(packets: list[Moved]) -> list[Moved]:
    """Exchange two whole groups of pictures."""
    return _contents(packets, lambda v: [*v[:12], *v[24:36], *v[12:24], *v[36:]])


def dropped(packets: list[Moved]) -> list[Moved]:
    """Leave one picture out that others are made from."""
    nth = [n for n, each in enumerate(packets) if each.video][13]
    return packets[:nth] + packets[nth + 1 :]


def _exchange(items: list[Any], one: int, other: int) -> list[Any]:
    items[one], items[other] = items[other], items[one]
    return items


def _contents(packets: list[Moved], change: Callable[[list[Any]], list[Any]]) -> list[Moved]:
    places = [n for n, each in enumerate(packets) if each.video]
    contents = change([bytes(packets[n].packet) for n in places])
    for n, content in zip(places, contents, strict=True):
        packets[n].packet = _with_content(packets[n].packet, content)
    return packets


def _with_content(packet: Any, content: bytes) -> Any:
    made = av.Packet(content)
    made.stream, made.time_base = packet.stream, packet.time_base
    made.pts, made.dts, made.duration = packet.pts, packet.dts, packet.duration
    made.is_keyframe = packet.is_keyframe
    return made


def without_sei(packets: list[Moved]) -> list[Moved]:
    """Take the messages out that an encoder or a camera put beside the pictures."""
    for each in packets:
        if each.video:
            units, data, at = [], bytes(each.packet), 0
            while at < len(data):
                end = at + 4 + int.from_bytes(data[at : at + 4], "big")
                if data[at + 4] & 31 != 6:
                    units.append(data[at:end])
                at = end
            each.packet = _with_content(each.packet, b"".join(units))
    return packets


def with_sets(before: bytes = b"", after: bytes = b"") -> Callable[[list[Moved]], list[Moved]]:
    """Put a parameter set that crops into the last picture of a group, between other bytes."""

    def change(packets: list[Moved]) -> list[Moved]:
        last = [each for each in packets if each.video][23]
        evil = cropping_set(master())
        framed = struct.pack(">I", len(evil)) + evil
        last.packet = _with_content(last.packet, before + framed + bytes(last.packet) + after)
        return packets

    return change


def muted(packets: list[Moved]) -> list[Moved]:
    """Put silence in place of a second of sound."""
    quiet = [bytes(p) for p in _silence()]
    for nth, each in enumerate(packets):
        if not each.video and 1.0 <= each.due < 2.0:
            packets[nth].packet = _with_content(each.packet, quiet[nth % len(quiet)])
    return packets


@lru_cache
def _silence() -> list[Any]:
    encoder = av.CodecContext.create("aac", "w")
    encoder.sample_rate, encoder.layout, encoder.format = 48000, "stereo", "fltp"
    found = []
    for nth in range(8):
        samples = np.zeros((2, 1024), np.float32)
        samples[:, nth] = 1e-3  # no two alike, and none like what was recorded
        frame = av.AudioFrame.from_ndarray(samples, "fltp", "stereo")
        frame.sample_rate, frame.pts = 48000, nth * 1024
        found += encoder.encode(frame)
    return found + encoder.encode(None)


# Tampering with the tables of an MP4 file


def box(data: bytes, *path: str | int) -> tuple[int, int]:
    """Return where the payload of a box begins and ends; a number picks one of several."""
    start, end = 0, len(data)
    names = [name for name in path if isinstance(name, str)]
    picks = {n: path[n + 1] for n, name in enumerate(path[:-1]) if isinstance(path[n + 1], int)}
    at = 0
    for name in names:
        wanted = picks.get(at, 0)
        at += 2 if at in picks else 1
        start, end = _child(data, start, end, name, int(wanted))
    return start, end


def _child(data: bytes, start: int, end: int, name: str, wanted: int) -> tuple[int, int]:
    while start < end:
        size = struct.unpack_from(">I", data, start)[0]
        if data[start + 4 : start + 8] == name.encode():
            if wanted == 0:
                return start + 8, start + size
            wanted -= 1
        start += size
    raise KeyError(name)


def patched(data: bytes, at: int, new: bytes) -> bytes:
    return data[:at] + new + data[at + len(new) :]


def turned(data: bytes) -> bytes:
    """Have players turn the picture upside down."""
    start, _ = box(data, "moov", "trak", 0, "tkhd")
    matrix = struct.pack(">9i", -65536, 0, 0, 0, -65536, 0, 64 << 16, 48 << 16, 1 << 30)
    return patched(data, start + 40, matrix)


def slower(data: bytes) -> bytes:
    """Have players show everything at half speed."""
    for track in (0, 1):
        start, _ = box(data, "moov", "trak", track, "mdia", "mdhd")
        scale = struct.unpack_from(">I", data, start + 12)[0]
        data = patched(data, start + 12, struct.pack(">I", scale // 2))
    return data


def _last_edit(data: bytes, track: int) -> int:
    """Return where the last row of a track's edit list (version 0) begins."""
    start, _ = box(data, "moov", "trak", track, "edts", "elst")
    return start + 8 + 12 * (struct.unpack_from(">I", data, start + 4)[0] - 1)


def sound_moved(data: bytes) -> bytes:
    """Have the sound come a second earlier than it was."""
    at = _last_edit(data, 1) + 4
    later = struct.unpack_from(">i", data, at)[0] + 48000
    return patched(data, at, struct.pack(">i", later))


def trimmed(data: bytes) -> bytes:
    """Have players stop a second early."""
    for track in (0, 1):
        at = _last_edit(data, track)
        duration = struct.unpack_from(">I", data, at)[0]
        data = patched(data, at, struct.pack(">I", duration - 1000))
    return data


def rearranged(data: bytes) -> bytes:
    """Have players run the pictures at twice their speed, by the edit list."""
    return patched(data, _last_edit(data, 0) + 8, b"\0\2\0\0")


_ENTRY = ("moov", "trak", "mdia", "minf", "stbl", "stsd")


def spliced(data: bytes, at: int, old: int, new: bytes, *inner: str) -> bytes:
    """Replace bytes of the first track's sample entry, and set the size of all that is around them.

    The tables have to stand after the packets, whose places then do not change.
    """
    for depth in range(1, len(_ENTRY) + 1):
        start, _ = box(data, *_ENTRY[:depth])
        data = _grown(data, start, len(new) - old)
    for kind in inner:
        data = _grown(data, data.index(kind.encode(), start) + 4, len(new) - old)
    return data[:at] + new + data[at + old :]


def _grown(data: bytes, payload: int, by: int) -> bytes:
    size = struct.unpack_from(">I", data, payload - 8)[0]
    return patched(data, payload - 8, struct.pack(">I", size + by))


def cropped(data: bytes) -> bytes:
    """Tell the decoder, in the parameter set, to leave the lower third of every picture out."""
    start, end = box(data, *_ENTRY)
    at = data.index(b"avcC", start, end) + 10
    length = struct.unpack_from(">H", data, at)[0]
    new = cropping_set(data)
    return spliced(data, at, 2 + length, struct.pack(">H", len(new)) + new, "avc1", "avcC")


def cropping_set(data: bytes) -> bytes:
    """Return the original's parameter set, but for the lower third of every picture."""
    with av.open(io.BytesIO(data)) as source:
        stream = source.streams.video[0]
        crop = av.bitstream.BitStreamFilterContext(
            "h264_mp4toannexb,h264_metadata=crop_bottom=16", stream
        )
        first = bytes(crop.filter(next(source.demux(stream)))[0])
    return next(unit for unit in first.split(b"\0\0\0\1") if unit and unit[0] & 31 == 7)


def cropped_by_the_file(data: bytes) -> bytes:
    """Have players show only the upper part of every picture, by a clean aperture (clap)."""
    start, end = box(data, *_ENTRY)
    aperture = struct.pack(">I4s8i", 40, b"clap", 64, 1, 32, 1, 0, 1, -8, 1)
    at = data.index(b"avc1", start, end) - 4
    at += struct.unpack_from(">I", data, at)[0]
    return spliced(data, at, 0, aperture, "avc1")


def cropped_in_matroska(data: bytes) -> bytes:
    """Have players leave lines out at the bottom, by a PixelCropBottom in place of DisplayUnit."""
    at = data.index(b"\x54\xb2\x81")
    return patched(data, at, b"\x54\xaa\x81\x10")


def switched_off(data: bytes, track: int = 0) -> bytes:
    """Have players leave a track out, as one that is not enabled."""
    start, _ = box(data, "moov", "trak", track, "tkhd")
    return patched(data, start + 3, bytes([data[start + 3] & ~1]))


def delayed(data: bytes) -> bytes:
    """Have players pass over the first 195 ms of sound, by a CodecDelay in place of Language."""
    at = data.rindex(b"\x22\xb5\x9c\x83und", 0, data.index(b"\x1f\x43\xb6\x75"))
    return patched(data, at, b"\x56\xaa\x84" + (195_000_000).to_bytes(4, "big"))


def two_tables(data: bytes) -> bytes:
    """Add a second table of contents at the end."""
    start, end = box(data, "moov")
    return data + data[start - 8 : end]


def strange_box(data: bytes) -> bytes:
    """Add a part of an unknown kind."""
    return data + struct.pack(">I4s", 16, b"evil") + bytes(8)


def with_extra_track(data: bytes) -> bytes:
    """Add a track of sound that was never recorded."""
    with (
        TemporaryDirectory() as folder,
        av.open(io.BytesIO(data)) as source,
        av.open(io.BytesIO(film(video=None, frames=60))) as sound,
    ):
        path = Path(folder) / "clip.mp4"
        with av.open(str(path), "w", format="mp4") as out:
            streams = {s.index: out.add_stream_from_template(s) for s in source.streams}
            third = out.add_stream_from_template(sound.streams.audio[0])
            for packet in source.demux():
                if packet.size:
                    packet.stream = streams[packet.stream.index]
                    out.mux(packet)
            for packet in sound.demux():
                if packet.size:
                    packet.stream = third
                    out.mux(packet)
        return path.read_bytes()


def encoded_again(data: bytes) -> bytes:
    """Decode the pictures and encode them anew; the sound is copied."""
    with TemporaryDirectory() as folder, av.open(io.BytesIO(data)) as source:
        path = Path(folder) / "clip.mp4"
        with av.open(str(path), "w", format="mp4") as out:
            pictures = out.add_stream("libx264", rate=25)
            pictures.width, pictures.height, pictures.pix_fmt = 64, 48, "yuv420p"
            pictures.options = {"threads": "1", "g": "12", "bf": "2", "crf": "28"}
            sound = out.add_stream_from_template(source.streams.audio[0])
            for packet in source.demux():
                if packet.stream.type == "video":
                    for frame in packet.decode():
                        out.mux(pictures.encode(frame))
                elif packet.size:
                    packet.stream = sound
                    out.mux(packet)
            out.mux(pictures.encode(None))
        return path.read_bytes()


class _Written(MemorySink):
    """Takes a clip that is being cut."""

    def progress(self, fraction: float) -> None:
        assert 0 <= fraction <= 1


@lru_cache
def smart_cut() -> bytes:
    """Cut to the picture: those at both edges are made anew, the rest is copied."""
    written = _Written()
    cutting.task(Bytes(master()), {"start": 2.0, "end": 5.0}, written)
    return bytes(written.blobs["clip.mp4"])


def smart_cut_with_sets_in_place_of_others() -> bytes:
    """Cut so, but with parameter sets that have the numbers of the original's."""
    written = _Written()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(sets.Avcc, "free_number", lambda _: 0)
        cutting.task(Bytes(master()), {"start": 2.0, "end": 5.0}, written)
    return bytes(written.blobs["clip.mp4"])


HONEST: dict[str, Callable[[], bytes]] = {
    "mp4": lambda: copied(master(), (2.0, 5.0)),
    "mkv": lambda: copied(master(), (2.0, 5.0), container="mkv"),
    "fragmented": lambda: copied(master(), (2.0, 5.0), muxer=FRAGMENTED),
    "mkv and back": lambda: copied(copied(master(), (2.0, 5.0), container="mkv")),
    "ts and back": lambda: copied(copied(master(), (2.0, 5.0), container="ts")),
    "whole": lambda: copied(master()),
}
