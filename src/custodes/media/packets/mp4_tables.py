"""Sample tables: where each packet of an MP4 track lies and when it is due.

ISO/IEC 14496-12 sections 8.6 and 8.7. A table's claim is checked against its own
room and against the size of the file before anything of that size is made.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from custodes.media.packets.boxes import Box, Numbers, columns, number, table
from custodes.media.packets.refusal import NoClipProofs
from custodes.media.packets.track import check_packet_count

_SYNC = 1


@dataclass(slots=True)
class Chunks:
    """Chunks of a track: where each begins, how many packets it holds, of which entry."""

    offset: Numbers
    samples: Numbers
    entry: Numbers


@dataclass(slots=True)
class Samples:
    """Every packet of a track in decode order; ``entry`` counts from 0."""

    offset: Numbers
    size: Numbers
    entry: Numbers
    dts: Numbers
    pts: Numbers
    duration: Numbers
    sync: Numbers


def sample_sizes(stbl: Box) -> tuple[int, int, memoryview]:
    """Return how many packets there are, the one size of all (0: they differ), and the box."""
    box = stbl.get(b"stsz")
    if box is not None:
        return number(box, 8), number(box, 4), box
    box = stbl.need(b"stz2", 12)
    return number(box, 8), 0, box


def read_samples(stbl: Box, file_size: int) -> Samples:
    """Read the tables of a track, packet by packet."""
    count, one_size, box = sample_sizes(stbl)
    sizes = _sizes(stbl, count, one_size, box, file_size)
    chunks = read_chunks(stbl, count)
    held = np.repeat(np.arange(len(chunks.samples)), chunks.samples)
    first = np.cumsum(chunks.samples) - chunks.samples
    before = np.cumsum(sizes) - sizes
    durations = read_durations(stbl, count)
    dts = np.cumsum(durations) - durations
    return Samples(
        offset=chunks.offset[held] + before - before[first[held]] if count else before,
        size=sizes,
        entry=chunks.entry[held],
        dts=dts,
        pts=dts + _offsets(stbl, count),
        duration=durations,
        sync=_sync(stbl, count),
    )


def _sizes(stbl: Box, count: int, one_size: int, box: memoryview, file_size: int) -> Numbers:
    if one_size:
        if count * one_size > file_size:
            raise NoClipProofs(
                f"The file claims {count:,} packets of {one_size:,} bytes; it is not that large."
            )
        check_packet_count(count, file_size)
        return np.full(count, one_size, np.int64)
    if stbl.get(b"stsz") is None:
        return _compact_sizes(box, count, file_size)
    sizes = table(box, 12, count, ">u4", "stsz")
    check_packet_count(count, file_size)
    return sizes.astype(np.int64)


def _compact_sizes(box: memoryview, count: int, file_size: int) -> Numbers:
    bits = number(box, 7, 1)
    if bits not in (4, 8, 16):
        raise NoClipProofs(f"The file's stz2 box uses fields of {bits} bits, which do not exist.")
    packed = table(box, 12, (count * bits + 7) // 8, ">u1", "stz2")
    check_packet_count(count, file_size)
    if bits == 4:
        return np.stack([packed >> 4, packed & 15], 1).reshape(-1)[:count].astype(np.int64)
    return packed.view(">u2" if bits == 16 else ">u1").astype(np.int64)


def read_chunks(stbl: Box, count: int) -> Chunks:
    """Read chunk offsets and how the ``count`` packets spread over them."""
    offsets = _chunk_offsets(stbl)
    stsc = stbl.need(b"stsc", 8)
    first, per_chunk, entry = columns(stsc, 8, number(stsc, 4), 3, "stsc")
    if len(first) and (first[0] != 1 or np.any(np.diff(first) < 0)):
        raise NoClipProofs("The file's stsc table counts its chunks in no order.")
    # Chunks beyond the offsets there are do not exist, however many are claimed.
    first = np.minimum(first, len(offsets) + 1)
    ends = np.append(first[1:], len(offsets) + 1)
    samples = np.repeat(per_chunk, ends - first) if len(first) else per_chunk
    entries = np.repeat(entry, ends - first) if len(first) else entry
    begins = np.cumsum(samples) - samples
    used = begins < count
    samples = np.minimum(samples, count - begins)[used]
    if samples.sum() != count:
        raise NoClipProofs(
            f"The file's tables say where {samples.sum():,} of its {count:,} packets are."
        )
    return Chunks(offsets[: len(used)][used], samples, entries[used] - 1)


def _chunk_offsets(stbl: Box) -> Numbers:
    box = stbl.get(b"stco")
    if box is not None:
        return table(box, 8, number(box, 4), ">u4", "stco").astype(np.int64)
    box = stbl.need(b"co64", 8)
    wide = table(box, 8, number(box, 4), ">u8", "co64")
    if np.any(wide >= 1 << 62):
        raise NoClipProofs("The file points at bytes past its own end.")
    return wide.astype(np.int64)


def read_runs(stbl: Box, count: int) -> tuple[Numbers, Numbers]:
    """Return the stts table as (packets, duration of each), cut to ``count`` packets."""
    stts = stbl.need(b"stts", 8)
    runs, deltas = columns(stts, 8, number(stts, 4), 2, "stts")
    runs = _cut(runs, count)
    if runs.sum() != count:
        raise NoClipProofs(f"The file gives times for {runs.sum():,} of its {count:,} packets.")
    return runs, deltas


def read_durations(stbl: Box, count: int) -> Numbers:
    """Return the duration of each packet."""
    runs, deltas = read_runs(stbl, count)
    return np.repeat(deltas, runs)


def _offsets(stbl: Box, count: int) -> Numbers:
    ctts = stbl.get(b"ctts")
    offsets = np.zeros(count, np.int64)
    if ctts is not None:
        runs, stored = columns(ctts, 8, number(ctts, 4), 2, "ctts")
        # Version 0 is unsigned in the standard, but QuickTime and many writers mean
        # a signed number there too.
        known = np.repeat(stored.astype(np.uint32).view(np.int32), _cut(runs, count))
        offsets[: len(known)] = known
    return offsets


def _sync(stbl: Box, count: int) -> Numbers:
    stss = stbl.get(b"stss")
    if stss is None:
        return np.full(count, _SYNC, np.int64)
    sync = np.zeros(count, np.int64)
    numbers = table(stss, 8, number(stss, 4), ">u4", "stss").astype(np.int64)
    sync[numbers[(numbers >= 1) & (numbers <= count)] - 1] = _SYNC
    return sync


def _cut(runs: Numbers, count: int) -> Numbers:
    begins = np.cumsum(runs) - runs
    cut: Numbers = np.clip(count - begins, 0, runs)
    return cut


def check_apart(offsets: Numbers, sizes: Numbers, file_size: int) -> None:
    """Refuse packets past the end, and packets that claim the same bytes; sorted by offset."""
    there = int(np.count_nonzero(offsets + sizes <= file_size))
    if there < len(offsets):
        raise NoClipProofs(
            f"The file is cut short: {there:,} of the {len(offsets):,} packets its tables"
            " promise are there."
        )
    some = sizes > 0
    ends = (offsets + sizes)[some]
    if np.any(ends[:-1] > offsets[some][1:]):
        raise NoClipProofs("Two packets of this file claim the same bytes.")


def check_outside(offsets: Numbers, sizes: Numbers, start: int, end: int) -> None:
    """Refuse packets that overlap the tables themselves."""
    if np.any((offsets < end) & (offsets + sizes > start) & (sizes > 0)):
        raise NoClipProofs("A packet of this file claims the bytes of its own tables.")
