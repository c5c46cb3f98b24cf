"""Packets of Matroska and WebM files (RFC 9559), read strictly forward.

Matroska has no tables: each block says whose it is and when. A recording that
broke off keeps its whole blocks; the last, incomplete one is left out and the
header says ``cut``. What follows the first Segment is not read.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from custodes.kernel.digest import b64u
from custodes.media.packets import ebml
from custodes.media.packets.mkv_blocks import Block, read_block
from custodes.media.packets.mkv_tracks import NANOSECONDS, MkvTrack, read_tracks
from custodes.media.packets.refusal import NoClipProofs
from custodes.media.packets.track import Movie, Place, check_packet_count
from custodes.media.packets.window import MAX_PACKET, Window

MAGIC = b"\x1a\x45\xdf\xa3"
MAX_ELEMENTS = 50_000_000
MAX_TRACKS_SIZE = 16 << 20
MAX_DISCARDS = 1000
_LATEST = 1 << 62

_EBML, _SEGMENT, _INFO = 0x1A45DFA3, 0x18538067, 0x1549A966
_TRACKS, _CLUSTER = 0x1654AE6B, 0x1F43B675
_SCALE, _TIMESTAMP, _SIMPLE, _GROUP, _ENCRYPTED = 0x2AD7B1, 0xE7, 0xA3, 0xA0, 0xAF
_BLOCK, _LASTS, _REFERENCE, _DISCARD = 0xA1, 0x9B, 0xFB, 0x75A2
#: Elements that stand directly in a Segment: one of them ends a cluster of unknown size.
_TOP = {_INFO, _TRACKS, _CLUSTER, 0x114D9B74, 0x1C53BB6B, 0x1941A469, 0x1043A770, 0x1254C367}
_OUTSIDE = {_EBML, _SEGMENT}


#: Where something of unknown size ends: where the file does, whenever that is.
_OPEN = 1 << 62


class _Ended(Exception):
    """The file ends where an element of unknown size may end."""


class _CutShort(Exception):
    """The file ends inside an element."""


def is_mkv(head: bytes) -> bool:
    """Say whether a file that begins so is Matroska or WebM."""
    return head[:4] == MAGIC


def read_mkv(window: Window) -> Movie:
    """Return the tracks and the places of their packets; raises NoClipProofs."""
    walk = _Walk(window)
    try:
        tracks = walk.to_the_first_cluster()
    except (_CutShort, _Ended):
        raise NoClipProofs("The file is cut short before its first packet.") from None
    lanes = [(nth, 0) for nth in range(len(tracks))]
    return Movie([track.track for track in tracks], lanes, walk.places())


@dataclass(slots=True)
class _Walk:
    """A walk over the elements of one file, ever forward."""

    window: Window
    at: int = 0
    end: int = 0
    scale: int = 1_000_000
    tracks: list[MkvTrack] = field(default_factory=list)
    lane: dict[int, int] = field(default_factory=dict)
    discards: dict[int, bytearray] = field(default_factory=dict)
    packets: int = 0

    def to_the_first_cluster(self) -> list[MkvTrack]:
        """Read what comes before the packets; leaves ``at`` at the first cluster."""
        self._enter_segment()
        while self.at < self.end:
            kind, size, start = self._head()
            if kind == _CLUSTER:
                break
            if kind == _INFO:
                self._note_scale(self._payload(start, size))
            elif kind == _TRACKS:
                self._note_tracks(self._payload(start, size))
            self.at = self._after(start, size)
        if not self.tracks:
            raise NoClipProofs("The file lists no tracks before its first packet.")
        return self.tracks

    def places(self) -> Iterator[Place]:
        """Give the place of every packet."""
        cut = False
        try:
            yield from self._clusters()
        except _Ended:
            pass
        except _CutShort:
            cut = True
        for nth, track in enumerate(self.tracks):
            if cut:
                track.track.header["cut"] = True
            if nth in self.discards:
                track.track.header["discard"] = b64u(bytes(self.discards[nth]))

    def _enter_segment(self) -> None:
        kind, size, start = self._head(to=self.window.size)
        self.at = self._after(start, size, to=self.window.size)
        kind, size, start = self._head(to=self.window.size)
        if kind != _SEGMENT:
            raise NoClipProofs("The file begins like Matroska but has no Segment.")
        self.at = start
        # A Segment that claims more than the file has is one that broke off.
        self.end = _OPEN if size == ebml.UNKNOWN else start + size

    def _clusters(self) -> Iterator[Place]:
        for _ in range(MAX_ELEMENTS):
            if self.at >= self.end:
                return
            kind, size, start = self._head()
            if kind in _OUTSIDE:
                return
            if kind == _TRACKS:
                raise NoClipProofs("The file lists its tracks twice.")
            if kind == _CLUSTER:
                self.at = start
                yield from self._cluster(self._cluster_end(start, size))
                continue
            self.at = self._after(start, size)

    def _cluster_end(self, start: int, size: int) -> int:
        if size == ebml.UNKNOWN:
            return self.end
        if start + size > self.end:
            raise NoClipProofs("An element of this Matroska file is larger than what holds it.")
        return start + size

    def _cluster(self, end: int) -> Iterator[Place]:
        timestamp: int | None = None
        while self.at < end:
            kind, size, start = self._head(end)
            if kind in _TOP or kind in _OUTSIDE:
                return
            if kind == _TIMESTAMP:
                timestamp = ebml.number(self._payload(start, size, end))
            elif kind in (_SIMPLE, _GROUP):
                data = self._payload(start, size, end)
                read = self._simple if kind == _SIMPLE else self._group
                yield from read(data, start, timestamp)
            elif kind == _ENCRYPTED:
                raise NoClipProofs("The file holds encrypted blocks, whose track is not known.")
            self.at = self._after(start, size, end)

    def _simple(self, data: memoryview, start: int, timestamp: int | None) -> list[Place]:
        block = read_block(data)
        return self._frames(block, start, timestamp, None, key=block.key)

    def _group(self, data: memoryview, start: int, timestamp: int | None) -> list[Place]:
        lasts: int | None = None
        found: memoryview | None = None
        discard, key, block_at = 0, True, 0
        for kind, begin, end in ebml.spans(data):
            payload = data[begin:end]
            if kind == _BLOCK and found is None:
                found, block_at = payload, start + begin
            elif kind == _LASTS:
                lasts = ebml.number(payload)
            elif kind == _REFERENCE:
                key = False
            elif kind == _DISCARD:
                discard = ebml.signed(payload)
        if found is None:
            return []
        block = read_block(found)
        places = self._frames(block, block_at, timestamp, lasts, key=key)
        if discard:
            self._note_discard(block.track, places, discard)
        return places

    def _frames(
        self, block: Block, start: int, timestamp: int | None, lasts: int | None, *, key: bool
    ) -> list[Place]:
        nth = self.lane.get(block.track)
        if nth is None or timestamp is None:
            raise NoClipProofs("A block of this file belongs to no track, or to no time.")
        entry = self.tracks[nth]
        count = len(block.frames)
        self.packets += count
        check_packet_count(self.packets, self.window.size)
        due = (timestamp + block.later) * self.scale
        whole = entry.frame_lasts * count if lasts is None else lasts * self.scale
        if due + whole >= _LATEST:
            raise NoClipProofs("The times of this file are beyond any clock.")
        places = []
        for number, (offset, size) in enumerate(block.frames):
            begun, ends = whole * number // count, whole * (number + 1) // count
            index = self._note(entry, size, due + begun, ends - begun, key=key)
            places.append((nth, index, start + offset, size))
        return places

    def _note(self, entry: MkvTrack, size: int, due: int, lasts: int, *, key: bool) -> int:
        pcm, times = entry.track.pcm, entry.track.times
        if pcm is not None:
            size += len(entry.track.prefix)
            pcm.add(size, due, size * NANOSECONDS // pcm.bytes_per_second)
            return 0
        times.add(due, due, lasts, int(key))
        return len(times) - 1

    def _note_discard(self, number: int, places: list[Place], discard: int) -> None:
        nth = self.lane[number]
        noted = self.discards.setdefault(nth, bytearray())
        if places and len(noted) < MAX_DISCARDS * 12:
            noted += places[-1][1].to_bytes(4, "big") + discard.to_bytes(8, "big", signed=True)
        elif places:
            raise NoClipProofs("The file trims far too many packets (DiscardPadding).")

    def _note_scale(self, info: memoryview) -> None:
        for kind, payload in ebml.children(info):
            if kind == _SCALE:
                self.scale = ebml.number(payload)
        if not 0 < self.scale < 1 << 40:
            raise NoClipProofs("The clock of this file is impossible (TimestampScale).")

    def _note_tracks(self, payload: memoryview) -> None:
        if self.tracks:
            raise NoClipProofs("The file lists its tracks twice.")
        self.tracks = read_tracks(payload)
        self.lane = {track.number: nth for nth, track in enumerate(self.tracks)}

    def _head(self, to: int | None = None) -> tuple[int, int, int]:
        end = to or self.end
        head = self.window.peek(self.at, min(ebml.MAX_HEAD, end - self.at))
        if not head and end == _OPEN:
            raise _Ended
        if self.at + len(head) == self.window.size and not _is_whole(head):
            raise _CutShort
        kind, size, start = ebml.head_of(head)
        return kind, size, self.at + start

    def _payload(self, start: int, size: int, to: int | None = None) -> memoryview:
        self._after(start, size, to)
        return self.window.view(start, size, MAX_PACKET if self.tracks else MAX_TRACKS_SIZE)

    def _after(self, start: int, size: int, to: int | None = None) -> int:
        if size == ebml.UNKNOWN:
            raise NoClipProofs("An element of this file has no size where it must have one.")
        if start + size > (to or self.end):
            raise NoClipProofs("An element of this Matroska file is larger than what holds it.")
        if start + size > self.window.size:
            raise _CutShort
        return start + size


def _is_whole(head: bytes) -> bool:
    """Say whether the last bytes of a file are a whole head, not half of one."""
    if not head:
        return False
    id_length = 9 - head[0].bit_length()
    if id_length > 4:
        return True  # no id at all, which is another fault
    return len(head) > id_length and len(head) >= id_length + 9 - head[id_length].bit_length()
