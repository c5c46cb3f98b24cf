"""Packets of MP4 and QuickTime files, from their own tables.

Tables first: the packets are read once, forward, while the file may still be
arriving. Tables last: they are read when they are there, then the packets. The
packets of all tracks come in the order they have in the file.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from custodes.media.packets.boxes import Box, Numbers, head_of
from custodes.media.packets.mp4_fragments import Fragments
from custodes.media.packets.mp4_tables import check_apart, check_outside
from custodes.media.packets.mp4_tracks import Mp4Track, read_tracks
from custodes.media.packets.refusal import NoClipProofs
from custodes.media.packets.track import Movie, Place, check_packet_count
from custodes.media.packets.window import Window

FIRST_BOXES = {b"ftyp", b"moov", b"mdat", b"free", b"skip", b"wide", b"pnot", b"styp", b"uuid"}
MAX_BOXES = 1_000_000
MAX_MOOV = 128 << 20
MAX_MOOF = 32 << 20
_BATCH = 1 << 16


def is_mp4(head: bytes) -> bool:
    """Say whether a file that begins so is MP4 or QuickTime."""
    return head[4:8] in FIRST_BOXES


def read_mp4(window: Window) -> Movie:
    """Return the tracks and the places of their packets; raises NoClipProofs."""
    start, end, head = _find_moov(window)
    if end > window.size:
        raise NoClipProofs("The file is cut short inside its tables (moov): nothing can be found.")
    moov = Box(window.view(start, end - start, MAX_MOOV)[head:])
    tracks = read_tracks(moov, window.size)
    first_lane: list[int] = []
    lanes: list[tuple[int, int]] = []
    for nth, track in enumerate(tracks):
        first_lane.append(len(lanes))
        lanes += [(nth, rule) for rule in range(len(track.track.rules))]
    fragments = None
    if moov.get(b"mvex") is not None:
        fragments = Fragments(moov, tracks, first_lane, window.size)
    order = _FileOrder(tracks, first_lane, (start, end), window.size)
    places = _places(window, order, fragments, end, tracks)
    return Movie([track.track for track in tracks], lanes, places)


def _find_moov(window: Window) -> tuple[int, int, int]:
    """Return start and end of the movie box and the size of its head."""
    media = False
    for kind, head, start, end in outermost(window, 0):
        if kind == b"moov":
            return start, end, head
        media = media or kind == b"mdat"
    if media:
        raise NoClipProofs(
            "The file has no tables (moov): the recording broke off before they were written."
        )
    raise NoClipProofs("The file has no tables (moov), so its packets cannot be found.")


def outermost(window: Window, at: int) -> Iterator[tuple[bytes, int, int, int]]:
    """Give (type, size of head, start, end) of the outermost boxes from an offset on."""
    for _ in range(MAX_BOXES):
        if at + 8 > window.size:
            return
        found = head_of(window.peek(at, 16), window.size - at)
        if found is None:
            return
        kind, head, size = found
        yield kind, head, at, at + size
        at += size
    raise NoClipProofs(f"The file has more than {MAX_BOXES:,} boxes.")


class _FileOrder:
    """Places of all packets the movie box itself describes, in the order of the file."""

    def __init__(
        self,
        tracks: list[Mp4Track],
        first_lane: list[int],
        moov: tuple[int, int],
        file_size: int,
    ) -> None:
        check_packet_count(sum(len(track.offset) for track in tracks), file_size)
        offset = np.concatenate([track.offset for track in tracks])
        size = np.concatenate([track.size for track in tracks])
        order = np.lexsort((size, offset))
        self._offset, self._size = offset[order], size[order]
        check_apart(self._offset, self._size, file_size)
        check_outside(self._offset, self._size, *moov)
        lanes = [first + track.entry for first, track in zip(first_lane, tracks, strict=True)]
        self._lane = np.concatenate(lanes)[order]
        self._index = np.concatenate([np.arange(len(track.offset)) for track in tracks])[order]

    def __iter__(self) -> Iterator[Place]:
        for start in range(0, len(self._offset), _BATCH):
            batch = slice(start, start + _BATCH)
            yield from zip(*(column[batch].tolist() for column in self._columns()), strict=True)

    def _columns(self) -> tuple[Numbers, Numbers, Numbers, Numbers]:
        return self._lane, self._index, self._offset, self._size


def _places(
    window: Window,
    order: _FileOrder,
    fragments: Fragments | None,
    at: int,
    tracks: list[Mp4Track],
) -> Iterator[Place]:
    yield from order
    for kind, head, start, end in outermost(window, at):
        if kind == b"moov":
            raise NoClipProofs("The file has two tables of contents (moov) that may disagree.")
        if kind != b"moof":
            continue
        if fragments is None:
            raise NoClipProofs("The file has fragments that its tables do not announce.")
        if end > window.size:
            fragments.cut = True
            break
        moof = window.view(start, end - start, MAX_MOOF)[head:]
        yield from fragments.read(moof, start, end)
    if fragments is not None and fragments.cut:
        for track in tracks:
            track.track.header["cut"] = True
