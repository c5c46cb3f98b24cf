"""The media commitment: a tree over the encoded packets of each track of a file.

With it a clip of a recording can be proven to hold the camera's own packets, long
after the recording itself is gone. The format is written down in
docs/reference/formats/media-commitment.md, so that a second program can make the
same roots; this module must not change what that page says.
"""

from __future__ import annotations

from array import array
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from custodes.kernel import cj1
from custodes.kernel.digest import b64u, sha256, unb64u
from custodes.ledger.tree import LeafHashes, leaf_hash, root_of
from custodes.media.packets import Movie, NoClipProofs, Track, Window, read_movie
from custodes.media.packets.nal import UnitRule
from custodes.media.packets.pcm import SYNC, PcmUnits, unit_times
from custodes.media.packets.track import Times, check_packet_count

if TYPE_CHECKING:
    from custodes.media.sandbox.ports import ReadAt

__all__ = [
    "MediaCommitment",
    "NoClipProofs",
    "TrackCommitment",
    "TrackPackets",
    "commit",
    "leaf_hashes",
    "leaf_hashes_at",
    "read_packets",
    "salted",
]

VERSION: Final = 1
MAX_HEADER: Final = 65_535
_LEAF_KIND: Final = 1
_BATCH: Final = 1 << 14
_Take = Callable[[int, memoryview], None]
#: Which rule is used, given the number of the track and the rule its container asks for.
RuleFor = Callable[[int, UnitRule], UnitRule]

#: The 62 bytes of a leaf.
_LEAF = np.dtype(
    [
        ("kind", "u1"),
        ("index", ">u4"),
        ("dts", ">i8"),
        ("pts", ">i8"),
        ("duration", ">u8"),
        ("flags", "u1"),
        ("units", "V32"),
    ]
)


@dataclass(frozen=True, slots=True)
class TrackCommitment:
    """One track: its committed header, which contains its root and its number of packets."""

    header: Mapping[str, Any]

    @property
    def root(self) -> bytes:
        """Return the root over the packets of the track."""
        return unb64u(self.header["root"])

    @property
    def packets(self) -> int:
        """Return how many leaves the root is over (for PCM: seconds)."""
        return int(self.header["n"])

    def to_bytes(self) -> bytes:
        """Return the header as CJ1: the leaf of the track under the media root."""
        return cj1.dumps(dict(self.header), max_bytes=MAX_HEADER)


@dataclass(frozen=True, slots=True)
class MediaCommitment:
    """Every track of a file, in the container's order, and the root over their headers."""

    tracks: tuple[TrackCommitment, ...]

    @property
    def media_root(self) -> bytes:
        """Return the root over the headers of all tracks."""
        return root_of(leaf_hash(track.to_bytes()) for track in self.tracks)

    def to_cj1(self) -> dict[str, Any]:
        """Return what is stored to make clip proofs later: the root and every header."""
        headers = [dict(track.header) for track in self.tracks]
        return {"v": VERSION, "root": b64u(self.media_root), "tracks": headers}

    @classmethod
    def from_cj1(cls, value: Mapping[str, Any]) -> MediaCommitment:
        """Read what :meth:`to_cj1` gave; raises ValueError when headers and root disagree."""
        if value.get("v") != VERSION:
            raise ValueError(f"media commitment version {value.get('v')!r} is not known")
        found = cls(tuple(TrackCommitment(header) for header in value["tracks"]))
        if b64u(found.media_root) != value["root"]:
            raise ValueError("the track headers are not the ones the root was made of")
        return found


@dataclass(frozen=True, slots=True)
class TrackPackets:
    """The packets of one track: header without n and root, times, and unit digests (32 bytes each).

    For uncompressed sound a packet is a second of it.
    """

    header: Mapping[str, Any]
    times: Times
    digests: bytes | bytearray

    def __len__(self) -> int:
        return len(self.times)

    def digest(self, index: int) -> bytes:
        """Return the unit digest of a packet."""
        return bytes(self.digests[32 * index : 32 * index + 32])

    def committed(self) -> TrackCommitment:
        """Return what is committed to of the track."""
        leaves = leaf_hashes(self.times, self.digests)
        header = {**self.header, "n": len(leaves), "root": b64u(leaves.root())}
        return _checked(TrackCommitment(header))


def commit(reader: ReadAt, progress: Callable[[float], None] | None = None) -> MediaCommitment:
    """Hash a file packet by packet; ``progress`` is told the fraction read so far.

    The file may still be arriving. Raises NoClipProofs, with a sentence why, for
    a file that cannot be read packet by packet; never reads more of it than there is.
    """
    return MediaCommitment(tuple(each.committed() for each in read_packets(reader, progress)))


def read_packets(
    reader: ReadAt,
    progress: Callable[[float], None] | None = None,
    rule_for: RuleFor = lambda _, rule: rule,
) -> list[TrackPackets]:
    """Read a file packet by packet and give its tracks; raises NoClipProofs as :func:`commit`."""
    window = Window(reader, progress)
    movie = read_movie(window)
    gathered = [_Gathered(track) for track in movie.tracks]
    takes = [
        gathered[track].take(rule_for(track, movie.tracks[track].rules[rule]))
        for track, rule in movie.lanes
    ]
    _hash_packets(movie, window, takes)
    return [track.finished(window.size) for track in gathered]


def _hash_packets(movie: Movie, window: Window, takes: list[_Take]) -> None:
    # The window's own fast path, here without a call for each packet. A block stays
    # true after the window has moved on.
    block, start, end = window.block, window.start, window.end
    for lane, index, offset, size in movie.places:
        if start <= offset and offset + size <= end:
            packet = block[offset - start : offset - start + size]
        else:
            packet = window.view(offset, size)
            block, start, end = window.block, window.start, window.end
        takes[lane](index, packet)


class _Gathered:
    """The unit digests of one track, 32 bytes each, in decode order."""

    def __init__(self, track: Track) -> None:
        self._track = track
        self._units = PcmUnits(track.pcm.bytes_per_second) if track.pcm else None
        self._digests = bytearray(32 * len(track.times))

    def take(self, digest_of: UnitRule) -> _Take:
        """Return what is done with each packet of the track under a rule."""
        prefix = self._track.prefix
        if self._units is not None:
            feed = self._units.feed
            return lambda _, packet: feed(_with(prefix, packet))
        digests = self._digests

        def take(index: int, packet: memoryview) -> None:
            at = 32 * index
            if at > len(digests):
                digests.extend(bytes(at - len(digests)))
            digests[at : at + 32] = digest_of(packet)

        if not prefix:
            return take
        return lambda index, packet: take(index, _with(prefix, packet))

    def finished(self, file_size: int) -> TrackPackets:
        """Return the packets, once every one has been taken."""
        times, digests = self._track.times, self._digests
        if self._units is not None and self._track.pcm is not None:
            self._units.close()
            digests = self._units.digests
            check_packet_count(len(digests) // 32, file_size)
            times = _second_times(self._track)
        return TrackPackets(self._track.header, times, digests)


def _checked(track: TrackCommitment) -> TrackCommitment:
    try:
        track.to_bytes()
    except cj1.NotCanonical as fault:
        raise NoClipProofs(f"The description of a track cannot be written down: {fault}.") from None
    return track


def _with(prefix: bytes, packet: memoryview) -> memoryview:
    return memoryview(prefix + packet) if prefix else packet


def _second_times(track: Track) -> Times:
    if track.pcm is None or not len(track.pcm.bytes):
        return Times()
    rows = array("q", chain.from_iterable(unit_times(track.pcm)))
    dts = rows[::2]
    return Times(dts, dts, array("Q", rows[1::2].tobytes()), bytearray([SYNC]) * len(dts))


def leaf_hashes(times: Times, digests: bytes | bytearray) -> LeafHashes:
    """Return the leaf hashes of a track from its times and its packets' unit digests."""
    return leaf_hashes_at(range(len(times)), times, digests)


def leaf_hashes_at(indexes: Sequence[int], times: Times, digests: bytes | bytearray) -> LeafHashes:
    """Return the leaf hashes of packets that have these numbers in their track."""
    if len(digests) != 32 * len(times) or len(indexes) != len(times):
        raise ValueError("there must be one number and one unit digest for each packet")
    hashes = bytearray()
    for start in range(0, len(times), _BATCH):
        batch = slice(start, min(len(times), start + _BATCH))
        hashes += _hashes_of(_leaves(indexes[batch], times, digests, batch))
    return LeafHashes(hashes)


def _leaves(
    indexes: Sequence[int], times: Times, digests: bytes | bytearray, batch: slice
) -> bytes:
    start, end = batch.start, batch.stop
    rows = np.zeros(end - start, _LEAF)
    rows["kind"] = _LEAF_KIND
    rows["index"] = indexes
    rows["dts"] = times.dts[batch]
    rows["pts"] = times.pts[batch]
    rows["duration"] = times.duration[batch]
    rows["flags"] = np.frombuffer(times.flags[batch], np.uint8)
    rows["units"] = np.frombuffer(bytes(digests[32 * start : 32 * end]), "V32")
    return rows.tobytes()


def _hashes_of(leaves: bytes) -> bytes:
    length = _LEAF.itemsize
    return b"".join(leaf_hash(leaves[at : at + length]) for at in range(0, len(leaves), length))


def salted(kind: str, salt: bytes, value: bytes) -> bytes:
    """Return the commitment that goes into a custody entry; kind is media, file or chunks.

    Once the 32-byte salt is destroyed, the entry tells nothing about the content.
    """
    if kind not in ("media", "file", "chunks"):
        raise ValueError(f"there is no commitment of kind {kind!r}")
    if len(salt) != 32 or len(value) != 32:
        raise ValueError("salt and value are 32 bytes each")
    return sha256(b"custodes-%s/v1\n" % kind.encode() + salt + value)
