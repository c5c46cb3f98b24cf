"""What our own readers say is in a file."""

from __future__ import annotations

import hashlib
from collections.abc import Callable

from tests.media.packets.films import Packet

from custodes.media.commitment import commit
from custodes.media.packets import Movie, Window, read_movie


class Bytes:
    """A file in memory that writes down what is read of it."""

    def __init__(self, data: bytes) -> None:
        self.size = len(data)
        self.data = data
        self.reads: list[tuple[int, int]] = []

    def read_at(self, offset: int, length: int) -> bytes:
        self.reads.append((offset, length))
        return self.data[offset : offset + length]


class Arriving(Bytes):
    """A file that arrives: reading before a given offset is there calls ``until``."""

    def __init__(self, data: bytes, until: Callable[[int], None]) -> None:
        super().__init__(data)
        self._until = until

    def read_at(self, offset: int, length: int) -> bytes:
        self._until(offset + length)
        return super().read_at(offset, length)


def movie_of(data: bytes) -> tuple[Movie, list[list[bytes]]]:
    """Return the movie of a file and, by track, the payload of each packet in decode order."""
    window = Window(Bytes(data))
    movie = read_movie(window)
    payloads: list[dict[int, bytes]] = [{} for _ in movie.tracks]
    for nth, (lane, index, offset, size) in enumerate(movie.places):
        track = movie.lanes[lane][0]
        pcm = movie.tracks[track].pcm is not None
        packet = movie.tracks[track].prefix + bytes(window.view(offset, size))
        payloads[track][nth if pcm else index] = packet
    return movie, [[found[n] for n in sorted(found)] for found in payloads]


def as_we_read(data: bytes) -> list[list[Packet]]:
    """Return the packets of each track."""
    movie, payloads = movie_of(data)
    tracks = []
    for track, packets in zip(movie.tracks, payloads, strict=True):
        times = track.times
        rows = zip(packets, times.dts, times.pts, times.duration, times.flags, strict=True)
        tracks.append([Packet(p, d, t, u, bool(f & 1)) for p, d, t, u, f in rows])
    return tracks


def unit_digests(data: bytes) -> list[list[bytes]]:
    """Return, by track, the unit digest of each packet: what a stream copy must keep."""
    movie, payloads = movie_of(data)
    found = []
    for track, packets in zip(movie.tracks, payloads, strict=True):
        if track.pcm is not None:
            found.append([hashlib.sha256(b"".join(packets)).digest()])
        else:
            found.append([track.rules[0](memoryview(packet)) for packet in packets])
    return found


def media_root(data: bytes) -> bytes:
    """Return the media root of a file."""
    return commit(Bytes(data)).media_root


def params(data: bytes) -> list[list[str]]:
    """Return the committed parameter sets of each track."""
    return [list(track.header["params"]) for track in commit(Bytes(data)).tracks]
