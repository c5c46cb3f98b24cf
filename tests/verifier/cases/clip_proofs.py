"""Honest clips, with a proof that was tampered with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from tests.verifier.cases.entering import C, N, clip_case
from tests.verifier.story import honest_clip, honest_proof

from custodes.media.clip_proof import ClipProof, Run, TrackProof


def _with_tracks(
    change: Callable[[TrackProof], TrackProof], nth: int = 0
) -> Callable[[], ClipProof]:
    def proof() -> ClipProof:
        tracks = list(honest_proof().tracks)
        tracks[nth] = change(tracks[nth])
        return ClipProof(tuple(tracks))

    return proof


def _overlapping(track: TrackProof) -> TrackProof:
    (run,) = track.runs
    assert run.original is not None
    return replace(track, runs=(run, Run(run.end - 10, run.end, run.original)))


def _twice(track: TrackProof) -> TrackProof:
    (run,) = track.runs
    assert run.original is not None
    half = (run.end - run.start) // 2
    return replace(
        track,
        runs=(
            Run(0, half, run.original),
            Run(half, run.end, run.original),
        ),
    )


for _what, _change, _said in (
    ("runs overlap", _overlapping, (C, "clip.runs_do_not_tile")),
    ("original shown twice", _twice, (C, "clip.runs_out_of_order")),
    ("times unreadable", lambda t: replace(t, times=b"\0"), (N, "clip.times_malformed")),
    (
        "sibling changed",
        lambda t: replace(t, siblings=(bytes(32), *t.siblings[1:])),
        (C, "clip.not_of_original"),
    ),
    (
        "sibling left over",
        lambda t: replace(t, siblings=(*t.siblings, bytes(32))),
        (C, "clip.not_of_original"),
    ),
    ("sibling lacking", lambda t: replace(t, siblings=t.siblings[1:]), (C, "clip.not_of_original")),
    ("two tracks of one", lambda t: replace(t, of=1), (C, "clip.tracks_differ")),
    ("track that is not there", lambda t: replace(t, of=7), (C, "clip.tracks_differ")),
    (
        "all called changed",
        lambda t: TrackProof(0, (Run(0, t.runs[0].end),)),
        (N, "clip.all_changed"),
    ),
):
    clip_case(
        _what,
        "An honest clip with a proof that was tampered with.",
        honest_clip,
        _said,
        _with_tracks(_change),
    )
