"""Clips: what was tampered with, and either the truth told of it or a lie."""

from __future__ import annotations

from collections.abc import Callable

from tests.verifier import clips
from tests.verifier.cases.entering import CLIP, C, N, case, clip_case
from tests.verifier.clips import Bytes, copied, master, packets_of
from tests.verifier.story import honest_clip, honest_proof, other_footage, story

from custodes.media.clip_proof import ClipProof, prove_clip

case(
    "clip salt of another recording",
    "The tracks' own root, under another salt.",
    but={CLIP: (C, "clip.other_commitment")},
)(lambda: story(honest_clip(), honest_proof()).with_file(salt=other_footage().salt))
case(
    "clip headers of another recording",
    "Tracks of another original.",
    but={CLIP: (C, "clip.other_commitment")},
)(
    lambda: story(honest_clip(), honest_proof()).with_file(
        tracks=other_footage().tracks, media_root=other_footage().media_root
    )
)
clip_case(
    "clip of another recording",
    "A clip of another original, with a proof made for this one.",
    lambda: copied(other_footage().data, (2.0, 5.0)),
    (C, "clip.not_of_original"),
    honest_proof,
)


def _lie(
    edit: Callable[[list[clips.Moved]], list[clips.Moved]],
) -> tuple[Callable[[], bytes], Callable[[], ClipProof]]:
    def tampered() -> bytes:
        return copied(master(), (0.0, 5.0), edit=edit)

    def proof() -> ClipProof:
        return prove_clip(Bytes(copied(master(), (0.0, 5.0))), packets_of(master()))

    return tampered, proof


for _what, _edit, _truth in (
    ("packets swapped", clips.swapped, (C, "clip.timing_altered")),
    ("packet repeated", clips.repeated, (N, "clip.cut_inside_group")),
    ("groups swapped", clips.groups_swapped, (C, "clip.timing_altered")),
    ("sei stripped", clips.without_sei, (N, "clip.cut_inside_group")),
    ("sound replaced", clips.muted, None),
):
    _make, _false = _lie(_edit)
    clip_case(
        f"{_what}, denied",
        "The proof says nothing of it.",
        _make,
        (C, "clip.not_of_original"),
        _false,
    )
    if _truth:
        clip_case(f"{_what}, told", "An honest prover was asked.", _make, _truth)

_FILLER = b"\0\0\0\1\x0c"
for _what, _edit in (
    ("sets in a changed packet", clips.with_sets()),
    ("sets after too many units to take apart", clips.with_sets(before=1025 * _FILLER)),
    ("sets before a byte that is no unit", clips.with_sets(after=b"\0")),
    ("sets before three bytes that are no unit", clips.with_sets(after=b"\0\0\1")),
):
    clip_case(
        _what,
        "A changed picture brings a parameter set that crops all after it.",
        lambda edit=_edit: copied(master(), (0.0, 5.0), edit=edit),  # type: ignore[misc]
        (C, "clip.params_differ"),
    )

_make, _false = _lie(clips.dropped)
clip_case(
    "packet dropped, denied",
    "The proof has one more packet.",
    _make,
    (C, "clip.runs_do_not_tile"),
    _false,
)
clip_case(
    "packet dropped, told",
    "Pictures rest on one that is gone.",
    _make,
    (N, "clip.cut_inside_group"),
)

for _what, _tamper, _said in (
    ("turned", clips.turned, (C, "clip.shown_differently")),
    ("slow motion", clips.slower, (C, "clip.timing_altered")),
    ("sound moved", clips.sound_moved, (C, "clip.timing_altered")),
    ("edit list trims", clips.trimmed, (N, "clip.hides_packets")),
    ("edit list speeds up", clips.rearranged, (C, "clip.edit_list")),
    ("parameter set cropped", clips.cropped, (C, "clip.params_differ")),
    ("cropped by the file", clips.cropped_by_the_file, (C, "clip.shown_differently")),
    ("two tables", clips.two_tables, (N, "clip.unreadable")),
    ("strange box", clips.strange_box, (N, "clip.unknown_box")),
    ("extra track", clips.with_extra_track, (C, "clip.tracks_differ")),
    ("encoded again, denied", clips.encoded_again, (C, "clip.not_of_original")),
):
    clip_case(
        _what,
        "The packets are the original's; the file around them is not.",
        lambda tamper=_tamper: tamper(honest_clip()),  # type: ignore[misc]
        _said,
        honest_proof,
    )
clip_case(
    "switched off and rearranged",
    "A track that players leave out, with an edit list that is not the original's either.",
    lambda: clips.rearranged(clips.switched_off(honest_clip())),
    (C, "clip.shown_differently"),
    honest_proof,
)
clip_case(
    "delayed in matroska",
    "Copied into Matroska, which is told to pass over the first sound.",
    lambda: clips.delayed(clips.HONEST["mkv"]()),
    (N, "clip.hides_packets"),
)
clip_case(
    "cropped in matroska",
    "Copied into Matroska, which is told to leave the lowest lines out.",
    lambda: clips.cropped_in_matroska(clips.HONEST["mkv"]()),
    (C, "clip.shown_differently"),
)
clip_case(
    "sets in place of others",
    "New pictures at the edges, with parameter sets that take the place of the original's.",
    clips.smart_cut_with_sets_in_place_of_others,
    (C, "clip.params_differ"),
)
clip_case(
    "encoded again, told",
    "Every picture is new.",
    lambda: clips.encoded_again(honest_clip()),
    (C, "clip.params_differ"),
)
clip_case(
    "mpeg-ts",
    "A container that is not read: it must be copied into MP4 first.",
    lambda: copied(master(), (2.0, 5.0), container="ts"),
    (N, "clip.unreadable"),
    honest_proof,
)
