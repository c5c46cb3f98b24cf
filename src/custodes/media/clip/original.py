"""An original as something to cut: its tables, when its packets are shown, and their bytes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

import numpy as np

from custodes.kernel.errors import Refused
from custodes.media.clip_proof.edits import clock_of
from custodes.media.packets import NoClipProofs, Window, read_movie
from custodes.media.packets.boxes import Box, Numbers, head_of, number
from custodes.media.packets.mp4 import MAX_MOOV, is_mp4, outermost
from custodes.media.packets.track import Movie, PcmStream
from custodes.media.sandbox.ports import ReadAt


class CannotCut(Refused):
    """No clip can be made of this file in the way that was asked for."""

    advice = "Nothing was made. The original can be handed out whole."


@dataclass(frozen=True, slots=True)
class Source:
    """One track of an original, packet by packet in decode order; times in its own ticks.

    ``shown`` is when each packet is presented. ``entries`` are its sample entries as they
    are stored, heads included. Of uncompressed sound the rows are pieces of its stream.
    """

    number: int
    header: Mapping[str, Any]
    entries: tuple[bytes, ...]
    entries_version: bytes
    offset: Numbers
    size: Numbers
    shown: Numbers
    duration: Numbers
    sync: Numbers
    entry: Numbers
    pcm: PcmStream | None

    @property
    def timescale(self) -> int:
        """Return how many ticks a second has."""
        return int(self.header["timescale"])

    def ticks(self, seconds: Fraction) -> int:
        """Return the nearest tick."""
        return round(seconds * self.timescale)


@dataclass(frozen=True, slots=True)
class Film:
    """What is cut: one track of pictures and all of sound; ``left_out`` are the others."""

    video: Source
    sounds: tuple[Source, ...]
    left_out: tuple[int, ...]


def read_film(reader: ReadAt) -> Film:
    """Read the tables of an original; raises CannotCut with a sentence why not."""
    window = Window(reader)
    try:
        if not is_mp4(window.peek(0, 16)):
            raise CannotCut("Clips are made of MP4 and QuickTime files; this is another kind.")
        movie = read_movie(window)
        stored = _entries(window)
        places = _places(movie)
    except NoClipProofs as refused:
        raise CannotCut(refused.reason) from None
    sources = [_source(movie, nth, stored[nth], places[nth]) for nth in range(len(movie.tracks))]
    pictures = [each for each in sources if each.header["handler"] == "vide" and len(each.size)]
    if not pictures:
        raise CannotCut("There is no track of pictures in this file to cut by.")
    sounds = tuple(each for each in sources if each.header["handler"] == "soun" and len(each.size))
    taken = {pictures[0].number, *(each.number for each in sounds)}
    left_out = tuple(each.number for each in sources if each.number not in taken)
    return Film(pictures[0], sounds, left_out)


def _places(movie: Movie) -> list[list[tuple[int, int, int]]]:
    found: list[list[tuple[int, int, int]]] = [[] for _ in movie.tracks]
    lanes = [found[track] for track, _ in movie.lanes]
    for lane, index, offset, size in movie.places:
        lanes[lane].append((index, offset, size))
    return found


def _source(
    movie: Movie, nth: int, stored: tuple[bytes, list[bytes]], places: list[tuple[int, int, int]]
) -> Source:
    track = movie.tracks[nth]
    version, entries = stored
    if track.pcm is None:
        places.sort()
    table = np.array(places, np.int64).reshape(-1, 3)
    times = track.times
    if track.pcm is None and len(times) != len(table):
        raise CannotCut("The tables of this file do not agree with its packets.")
    flags = np.frombuffer(bytes(times.flags), np.uint8).astype(np.int64)
    return Source(
        number=nth,
        header=track.header,
        entries=tuple(entries),
        entries_version=version,
        offset=table[:, 1],
        size=table[:, 2],
        shown=np.array(times.pts, np.int64) + delay_of(track.header),
        duration=np.array(times.duration, np.int64),
        sync=flags & 1,
        entry=flags >> 1,
        pcm=track.pcm,
    )


def delay_of(header: Mapping[str, Any]) -> int:
    """Return what is added to a time in the tables to have that of presentation, in ticks."""
    clock = clock_of(header)
    if not clock.simple:
        raise CannotCut("The edit list of this file rearranges it; it cannot be cut by its times.")
    return round(Fraction(clock.empty) * clock.timescale) - clock.media_time


def _entries(window: Window) -> list[tuple[bytes, list[bytes]]]:
    """Return for each track the version of its list of sample entries, and these as stored."""
    for kind, head, start, end in outermost(window, 0):
        if kind == b"moov":
            moov = Box(window.view(start, end - start, MAX_MOOV)[head:])
            return [_entries_of(Box(trak)) for trak in moov.all(b"trak")]
    raise CannotCut("The file has no tables.")


def _entries_of(trak: Box) -> tuple[bytes, list[bytes]]:
    stbl = trak.within(b"mdia").within(b"minf").within(b"stbl")
    stsd = stbl.need(b"stsd", 8)
    found = []
    rest = stsd[8:]
    for _ in range(min(number(stsd, 4), 127)):
        known = head_of(rest[:16], len(rest))
        if known is None or known[2] > len(rest):
            break
        found.append(bytes(rest[: known[2]]))
        rest = rest[known[2] :]
    return bytes(stsd[:4]), found
