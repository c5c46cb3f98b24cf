"""Packages with nothing wrong in them: some prove less because less was given."""

from __future__ import annotations

from pathlib import Path

from tests.verifier import clips
from tests.verifier.cases.entering import (
    LOG,
    LOG_FAILS,
    SEEN,
    TAIL,
    TIME,
    N,
    P,
    case,
    changed_after,
    clip_case,
)
from tests.verifier.clips import HONEST, copied, master
from tests.verifier.story import Plot, Story, honest_clip, honest_proof, story

from custodes.package.bag import zip_bag

case("honest clip", "A clip made by copying packets.")(lambda: story(honest_clip()))
case("honest original", "The whole original.", has_clip=False, has_original=True)(
    lambda: story(original=True)
)
case("honest both", "An original and a clip of it.", has_original=True)(
    lambda: story(honest_clip(), original=True)
)


def _zipped(folder: Path) -> Path:
    target = folder.with_suffix(".zip")
    zip_bag(folder, target)
    return target


changed_after("honest zip", "The same as one file.", _zipped)

for _name in ("mkv", "fragmented", "mkv and back", "ts and back", "whole"):
    clip_case(
        f"honest clip {_name}",
        "Copied through another container; every packet is still the original's.",
        HONEST[_name],
        (P, "clip.untouched"),
    )
clip_case(
    "honest cuts",
    "Two parts of the original, one after the other.",
    lambda: copied(master(), (1.0, 3.0), (5.0, 7.0)),
    (P, "clip.with_cuts"),
)
clip_case(
    "honest muted",
    "A second of sound was replaced, and the proof says so.",
    lambda: copied(master(), (0.0, 5.0), edit=clips.muted),
    (P, "clip.with_changes"),
)
clip_case(
    "honest smart cut",
    "Cut to the picture: those at the edges are new, and the proof says so.",
    clips.smart_cut,
    (P, "clip.with_changes"),
)
case(
    "no policy",
    "Nobody to believe: all that needs a policy is not proven.",
    policy="",
    but={**LOG_FAILS, LOG: (N, "policy.none"), SEEN: (N, "policy.none"), TIME: (N, "policy.none")},
)(lambda: story(honest_clip(), honest_proof()))
case(
    "no census",
    "The log was never counted: the end of the record is not shown.",
    but={TAIL: (N, "tail.no_census")},
)(lambda: story(honest_clip(), honest_proof(), plot=Plot(census=False)))
case(
    "no witness asked",
    "A policy without witnesses.",
    policy="no-witness.txt",
    but={SEEN: (N, "witness.none_asked"), TIME: (N, "time.no_outside_clock")},
)(lambda: story(honest_clip(), honest_proof()))


def _first_only() -> Story:
    told = story(honest_clip(), honest_proof())
    return told.but(checkpoints=told.statement.checkpoints[1:])


case(
    "no earlier checkpoint",
    "Only later bounds are shown; nothing is wrong.",
    but={TIME: (P, "time.upper_only")},
)(_first_only)
case("clip without the root", "What the track headers make need not be said again.")(
    lambda: story(honest_clip(), honest_proof()).with_file(media_root=b"")
)
