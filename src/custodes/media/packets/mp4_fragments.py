"""Fragments: tables that come in pieces between the packets they describe.

ISO/IEC 14496-12 section 8.8. They are read forward, so that a file can be
followed while it arrives. A recording that broke off keeps its whole packets:
those of its last fragment that are not there are left out, and the header says
``cut``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from custodes.media.packets.boxes import Box, Numbers, columns, number
from custodes.media.packets.mp4_tables import check_apart, check_outside
from custodes.media.packets.mp4_tracks import Mp4Track
from custodes.media.packets.refusal import NoClipProofs
from custodes.media.packets.track import Place, check_packet_count

_LATEST = 1 << 62


@dataclass(slots=True)
class _Defaults:
    entry: int
    duration: int
    size: int
    flags: int


@dataclass(slots=True)
class _Run:
    """One ``trun``, its packets in decode order."""

    offset: Numbers
    size: Numbers
    duration: Numbers
    flags: Numbers
    later: Numbers


class Fragments:
    """Read one ``moof`` after the other; each packet is given a place once."""

    def __init__(
        self, moov: Box, tracks: list[Mp4Track], first_lane: list[int], file_size: int
    ) -> None:
        self.cut = False
        self._tracks = {track.number: nth for nth, track in enumerate(tracks)}
        if len(self._tracks) != len(tracks):
            raise NoClipProofs("Two tracks of this file have the same number.")
        self._all = tracks
        self._first_lane = first_lane
        self._file_size = file_size
        self._floor = max((int((t.offset + t.size).max(initial=0)) for t in tracks), default=0)
        self._count = sum(len(track.track.times) for track in tracks)
        self._defaults = dict(map(_trex, moov.within(b"mvex").all(b"trex")))

    def read(self, data: memoryview, start: int, end: int) -> Iterator[Place]:
        """Give the places of the packets of a ``moof`` that lies at these offsets."""
        if self.cut:
            raise NoClipProofs("A fragment in the middle of this file points past its end.")
        found: list[tuple[Numbers, Numbers, Numbers, Numbers]] = []
        base = start
        for traf in Box(data).all(b"traf"):
            rows, base = self._traf(Box(traf), start, base)
            found += rows
        if not found:
            return iter(())
        lane, index, offset, size = (np.concatenate(column) for column in zip(*found, strict=True))
        order = np.lexsort((size, offset))
        lane, index, offset, size = lane[order], index[order], offset[order], size[order]
        check_apart(offset, size, self._file_size)
        check_outside(offset, size, start, end)
        if np.any((offset < self._floor) & (size > 0)):
            raise NoClipProofs("A fragment of this file claims packets of an earlier one.")
        self._floor = max(self._floor, int((offset + size).max(initial=0)))
        return zip(lane.tolist(), index.tolist(), offset.tolist(), size.tolist(), strict=True)

    def _traf(
        self, traf: Box, start: int, base: int
    ) -> tuple[list[tuple[Numbers, Numbers, Numbers, Numbers]], int]:
        tfhd = traf.need(b"tfhd", 8)
        nth = self._tracks.get(number(tfhd, 4))
        if nth is None or number(tfhd, 4) not in self._defaults:
            raise NoClipProofs("A fragment of this file belongs to no track.")
        defaults, own_base = _tfhd(tfhd, self._defaults[number(tfhd, 4)])
        flags = number(tfhd, 1, 3)
        # s8.8.7: an own base, the moof, or for later ones the end of the one before.
        at = base if own_base is None else own_base
        at = start if flags & 0x020000 and own_base is None else at
        track = self._all[nth]
        tfdt = traf.get(b"tfdt")
        if tfdt is not None:
            track.next_dts = _believable(number(tfdt, 4, 8 if number(tfdt, 0, 1) == 1 else 4))
        rows = []
        origin = at
        for trun in traf.all(b"trun"):
            run, at = _trun(trun, defaults, origin, at, self._file_size)
            rows.append(self._take(nth, defaults.entry, run))
        return rows, at

    def _take(self, nth: int, entry: int, run: _Run) -> tuple[Numbers, Numbers, Numbers, Numbers]:
        track = self._all[nth]
        if not 1 <= entry <= len(track.track.rules):
            raise NoClipProofs("A fragment of this file names a sample entry that is not there.")
        there = run.offset + run.size <= self._file_size
        kept = int(np.argmin(there)) if not there.all() else len(there)
        self.cut = self.cut or kept < len(there)
        if there[kept:].any():
            raise NoClipProofs("The file points at bytes past its own end.")
        dts = track.next_dts + np.cumsum(run.duration) - run.duration
        track.next_dts += int(run.duration.sum())
        _believable(track.next_dts)
        index = self._note(track, entry, run, dts, kept)
        lane = np.full(kept, self._first_lane[nth] + entry - 1)
        return lane, index, run.offset[:kept], run.size[:kept]

    def _note(self, track: Mp4Track, entry: int, run: _Run, dts: Numbers, kept: int) -> Numbers:
        self._count += kept
        check_packet_count(self._count, self._file_size)
        times, pcm = track.track.times, track.track.pcm
        before = len(times)
        rows = zip(run.size.tolist(), dts.tolist(), run.duration.tolist(), strict=True)
        if pcm is not None:
            for size, at, duration in list(rows)[:kept]:
                pcm.add(size, at, duration)
            return np.arange(kept)
        # s8.8.3.1: bit 16 of the sample flags is sample_is_non_sync_sample.
        sync = (run.flags >> 16 & 1 ^ 1) | (entry - 1) << 1
        times.dts.frombytes(dts[:kept].tobytes())
        times.pts.frombytes((dts + run.later)[:kept].tobytes())
        times.duration.frombytes(run.duration[:kept].tobytes())
        times.flags += sync[:kept].astype(np.uint8).tobytes()
        return np.arange(before, before + kept)


def _believable(time: int) -> int:
    if time >= _LATEST:
        raise NoClipProofs("The times of this file are beyond any clock.")
    return time


def _trex(trex: memoryview) -> tuple[int, _Defaults]:
    return number(trex, 4), _Defaults(*(number(trex, at) for at in (8, 12, 16, 20)))


def _tfhd(tfhd: memoryview, given: _Defaults) -> tuple[_Defaults, int | None]:
    flags, at = number(tfhd, 1, 3), 8
    base = None
    if flags & 0x1:
        base, at = number(tfhd, at, 8), at + 8
    values = [given.entry, given.duration, given.size, given.flags]
    for nth, flag in enumerate((0x2, 0x8, 0x10, 0x20)):
        if flags & flag:
            values[nth], at = number(tfhd, at), at + 4
    return _Defaults(*values), base


def _trun(
    trun: memoryview, defaults: _Defaults, origin: int, at: int, file_size: int
) -> tuple[_Run, int]:
    flags, count, field = number(trun, 1, 3), number(trun, 4), 8
    if flags & 0x1:
        shift = int.from_bytes(number(trun, field).to_bytes(4, "big"), "big", signed=True)
        at, field = origin + shift, field + 4
    first_flags = number(trun, field) if flags & 0x4 else None
    field += 4 if flags & 0x4 else 0
    check_packet_count(count, file_size)
    wanted = [flag for flag in (0x100, 0x200, 0x400, 0x800) if flags & flag]
    read = dict(zip(wanted, columns(trun, field, count, len(wanted), "trun"), strict=True))
    duration = read.get(0x100, np.full(count, defaults.duration, np.int64))
    size = read.get(0x200, np.full(count, defaults.size, np.int64))
    marks = read.get(0x400, np.full(count, defaults.flags, np.int64))
    if first_flags is not None and count:
        marks[0] = first_flags
    later = read.get(0x800, np.zeros(count, np.int64)).astype(np.uint32).view(np.int32)
    if not 0 <= at < _LATEST:
        raise NoClipProofs("The file points at bytes past its own end.")
    offset = at + np.cumsum(size) - size
    return _Run(offset, size, duration, marks, later.astype(np.int64)), at + int(size.sum())
