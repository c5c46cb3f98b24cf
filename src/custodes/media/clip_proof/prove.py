"""Make the proof of a clip that was cut from an original by copying its packets.

The clip and the original are both read here; whoever checks needs the clip only.
Packets that the original does not have become changed runs; nothing is asserted here,
so a proof made of a dishonest clip says so, or does not hold.
"""

from __future__ import annotations

from array import array
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from custodes.media.clip_proof import shown
from custodes.media.clip_proof.fold import siblings_of
from custodes.media.clip_proof.times import pack_times
from custodes.media.clip_proof.value import ClipProof, Run, TrackProof
from custodes.media.commitment import TrackPackets, leaf_hashes, read_packets
from custodes.media.packets.nal import UnitRule, without
from custodes.media.packets.track import Times

if TYPE_CHECKING:
    from custodes.media.sandbox.ports import ReadAt

_CANDIDATES = 64


class CannotProve(ValueError):
    """A track of the clip is of no track of the original."""


def prove_clip(clip: ReadAt, original: Sequence[TrackPackets]) -> ClipProof:
    """Return the proof of a clip; raises NoClipProofs, or CannotProve for a track of its own.

    ``original`` are the packets of the original, as read_packets gives them.
    """
    as_stored = read_packets(clip)
    of = _pair(as_stored, original)
    plain = [_runs(track, original[nth]) for track, nth in zip(as_stored, of, strict=True)]
    bare = _bare(clip, [original[nth].header for nth in of])
    tracks = []
    for nth, track in enumerate(as_stored):
        runs, is_bare = plain[nth], False
        if track.header["codec"] in ("h264", "hevc") and _changed(runs):
            again = _runs(bare[nth], original[of[nth]])
            if _changed(again) < _changed(runs):
                runs, is_bare = again, True
        tracks.append(_track(original[of[nth]], of[nth], runs, bare=is_bare))
    return ClipProof(tuple(tracks))


def _bare(clip: ReadAt, headers: Sequence[Mapping[str, Any]]) -> list[TrackPackets]:
    def rule_for(nth: int, rule: UnitRule) -> UnitRule:
        return without(rule, shown.passed_over(headers[nth]))

    return read_packets(clip, rule_for=rule_for)


def _pair(clip: Sequence[TrackPackets], original: Sequence[TrackPackets]) -> list[int]:
    """Return for each track of the clip the track of the original it shares most with."""
    of: list[int] = []
    for track in clip:
        mine = {track.digest(nth) for nth in range(len(track))}
        free = [
            nth
            for nth, theirs in enumerate(original)
            if nth not in of and theirs.header["handler"] == track.header["handler"]
        ]
        if not free:
            raise CannotProve("The clip has a track that the original does not have.")
        shared = {
            nth: sum(original[nth].digest(at) in mine for at in range(len(original[nth])))
            for nth in free
        }
        of.append(max(free, key=lambda nth: shared[nth]))
    return of


def _changed(runs: Sequence[Run]) -> int:
    return sum(len(run) for run in runs if run.original is None)


def _runs(clip: TrackPackets, original: TrackPackets) -> list[Run]:
    mine = [clip.digest(nth) for nth in range(len(clip))]
    theirs = [original.digest(nth) for nth in range(len(original))]
    places: dict[bytes, list[int]] = {}
    for nth, digest in enumerate(theirs):
        places.setdefault(digest, []).append(nth)
    runs: list[Run] = []
    at = after = 0
    while at < len(mine):
        start = _place(mine, theirs, places, at, after)
        end = at
        if start is None:
            while end < len(mine) and _place(mine, theirs, places, end, after) is None:
                end += 1
        else:
            end += _alike(mine, theirs, at, start)
            after = start + end - at
        runs.append(Run(at, end, start))
        at = end
    return runs


def _place(
    mine: list[bytes], theirs: list[bytes], places: Mapping[bytes, list[int]], at: int, after: int
) -> int | None:
    """Return where in the original the packets from ``at`` on are, not before ``after``."""
    if at and after < len(theirs) and theirs[after] == mine[at]:
        return after
    # Silence repeats itself: what follows tells the copies apart, so the longest is it.
    known = [place for place in places.get(mine[at], []) if place >= after][:_CANDIDATES]
    anchor = _anchor(mine, places, at)
    if anchor is not None and anchor >= after and theirs[anchor] == mine[at]:
        known.append(anchor)
    return max(known, key=lambda place: _alike(mine, theirs, at, place), default=None)


def _anchor(mine: list[bytes], places: Mapping[bytes, list[int]], at: int) -> int | None:
    for nth in range(at, len(mine)):
        found = places.get(mine[nth], [])
        if not found:
            return None
        if len(found) == 1:
            return found[0] - (nth - at) if found[0] >= nth - at else None
    return None


def _alike(mine: list[bytes], theirs: list[bytes], at: int, place: int) -> int:
    most = min(len(mine) - at, len(theirs) - place)
    return next((n for n in range(most) if mine[at + n] != theirs[place + n]), most)


def _track(original: TrackPackets, of: int, runs: Sequence[Run], *, bare: bool) -> TrackProof:
    spans = [run.span for run in runs if run.original is not None]
    if not spans:
        return TrackProof(of, tuple(runs), bare=bare)
    kept = [nth for span in spans for nth in range(*span)]
    times = original.times
    rows = Times(
        array("q", [times.dts[nth] for nth in kept]),
        array("q", [times.pts[nth] for nth in kept]),
        array("Q", [times.duration[nth] for nth in kept]),
        bytearray(times.flags[nth] for nth in kept),
    )
    siblings = siblings_of(leaf_hashes(times, original.digests), spans)
    return TrackProof(of, tuple(runs), pack_times(rows), tuple(siblings), bare)
