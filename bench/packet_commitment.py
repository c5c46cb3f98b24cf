"""How fast packets are committed to, against plain SHA-256 of the same bytes in the same run.

The file is made here: an MP4 with its tables first, video packets around 25 kB
(16 kB to 34 kB, every thirtieth 100 kB) and sound packets around 340 bytes, as a
30 minute 1080p recording has. Both passes read it in the same way, from memory.
"""

from __future__ import annotations

import argparse
import hashlib
import struct
import sys
import time
from collections.abc import Callable, Sequence

from custodes.media.commitment import commit

BLOCK = 1 << 20


class Memory:
    """A file in memory."""

    def __init__(self, data: bytes) -> None:
        self.size = len(data)
        self._data = data

    def read_at(self, offset: int, length: int) -> bytes:
        return self._data[offset : offset + length]


def box(kind: bytes, *parts: bytes) -> bytes:
    payload = b"".join(parts)
    return struct.pack(">I", len(payload) + 8) + kind + payload


def full(kind: bytes, *parts: bytes) -> bytes:
    return box(kind, bytes(4), *parts)


def table(kind: bytes, *rows: tuple[int, ...]) -> bytes:
    flat = [number for row in rows for number in row]
    return full(kind, struct.pack(f">I{len(flat)}I", len(rows), *flat))


def entry(kind: bytes, *parts: bytes) -> bytes:
    return full(b"stsd", struct.pack(">I", 1), box(kind, bytes(6), b"\0\1", *parts))


VIDEO = entry(
    b"avc1",
    bytes(16) + struct.pack(">HH", 1920, 1080) + bytes(50),
    box(b"avcC", bytes.fromhex("0164002affe1000467640028010003 68ee3c".replace(" ", ""))),
)
SOUND = entry(b"mp4a", bytes(8) + struct.pack(">HHIHH", 2, 16, 0, 48000, 0))


def trak(
    number: int, handler: bytes, stsd: bytes, scale: int, sizes: list[int], offsets: list[int]
) -> bytes:
    lasts = scale // 30 if handler == b"vide" else 1024
    stbl = box(
        b"stbl",
        stsd,
        table(b"stts", (len(sizes), lasts)),
        table(b"stsc", (1, 1, 1)),
        full(b"stsz", struct.pack(f">II{len(sizes)}I", 0, len(sizes), *sizes)),
        table(b"stco", *((offset,) for offset in offsets)),
    )
    tkhd = full(b"tkhd", struct.pack(">8xI", number), bytes(68))
    mdhd = full(b"mdhd", struct.pack(">8xIII", scale, len(sizes) * lasts, 0))
    hdlr = full(b"hdlr", bytes(4), handler, bytes(13))
    return box(b"trak", tkhd, box(b"mdia", mdhd, hdlr, box(b"minf", stbl)))


def recording(megabytes: int) -> bytes:
    """Make the file; its content is noise, the packets of video are one NAL unit each."""
    noise = hashlib.shake_256(b"noise").digest(1 << 20)
    video: list[int] = []
    sound: list[int] = []
    while sum(video) < megabytes << 20:
        frame = len(video)
        video.append(100_000 if frame % 30 == 0 else 16_000 + frame * 7919 % 18_000)
        sound += [320 + frame % 40] * (1 + frame % 2)

    def moov(first: int) -> bytes:
        places: tuple[list[int], list[int]] = ([], [])
        sounds = iter(sound)
        for frame, size in enumerate(video):
            places[0].append(first)
            first += size
            for _ in range(1 + frame % 2):
                places[1].append(first)
                first += next(sounds)
        mvhd = full(b"mvhd", bytes(96))
        tracks = (
            trak(1, b"vide", VIDEO, 90_000, video, places[0]),
            trak(2, b"soun", SOUND, 48_000, sound, places[1]),
        )
        return box(b"moov", mvhd, *tracks)

    head = box(b"ftyp", b"isom", bytes(4))
    pieces = [head, moov(len(head) + len(moov(0)) + 8)]
    pieces.append(struct.pack(">I", sum(video) + sum(sound) + 8) + b"mdat")
    sounds = iter(sound)
    for frame, size in enumerate(video):
        # Not 0x00 at the end: that would be padding.
        pieces.append(struct.pack(">I", size - 4) + b"\x41" + noise[: size - 6] + b"\x80")
        pieces += [noise[: next(sounds)] for _ in range(1 + frame % 2)]
    return b"".join(pieces)


def seconds(work: Callable[[], object], rounds: int = 3) -> float:
    """Return the CPU seconds of the best of three, so that neighbours count for less."""
    best = float("inf")
    for _ in range(rounds):
        begun = time.process_time()
        work()
        best = min(best, time.process_time() - begun)
    return best


def main(arguments: Sequence[str] = ()) -> float:
    """Return the speed of commitment ÷ the speed of SHA-256."""
    parser = argparse.ArgumentParser(prog="custodes bench packet_commitment")
    parser.add_argument("--megabytes", type=int, default=200)
    parser.add_argument("--home", default=None, help="not used: nothing is written")
    data = recording(parser.parse_args([*arguments]).megabytes)
    reader = Memory(data)

    def plain() -> None:
        digest = hashlib.sha256()
        for at in range(0, len(data), BLOCK):
            digest.update(reader.read_at(at, BLOCK))
        digest.digest()

    found = commit(reader)
    sha, packets = seconds(plain), seconds(lambda: commit(reader))
    size = len(data) / 1e6
    count = sum(track.packets for track in found.tracks)
    print(f"{size:,.0f} MB, {count:,} packets, {size * 1e3 / count:.1f} kB each")
    print(f"sha256: {size / sha:,.0f} MB/s")
    print(f"packet commitment: {size / packets:,.0f} MB/s")
    print(f"ratio: {sha / packets:.2f}")
    return sha / packets


if __name__ == "__main__":
    main(sys.argv[1:])
