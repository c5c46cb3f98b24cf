"""The task that proves clips against their original, in the sandbox.

The original and its clips come as one run of bytes, so that the original is read once
for all of them. Each proof is checked here as whoever gets it will: one that does not
hold is none.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Final

from custodes.media.clip_proof.check import ClipFault, check_clip
from custodes.media.clip_proof.prove import CannotProve, prove_clip
from custodes.media.commitment import MediaCommitment, NoClipProofs, TrackPackets, read_packets
from custodes.media.sandbox.ports import PartReader, ReadAt
from custodes.media.sandbox.tasks import Outside

_ALL_ANEW: Final = (
    "All its pictures were made anew, because both its ends lie in one group of pictures; cut at"
    " whole pictures it would have a proof."
)


def task(reader: ReadAt, params: dict[str, Any], outside: Outside) -> dict[str, Any]:
    """Return the root over the original, and for each clip its proof or why there is none.

    params: ``sizes``, of the original first and then of each clip.
    """
    original, *clips = _parts(reader, params["sizes"])
    try:
        packets = read_packets(original, outside.progress)
        commitment = MediaCommitment(tuple(track.committed() for track in packets))
    except NoClipProofs as refused:
        return {"refused": refused.reason}
    return {
        **commitment.to_cj1(),
        "clips": [_proven(clip, packets, commitment) for clip in clips],
    }


def _parts(reader: ReadAt, sizes: Sequence[int]) -> Iterator[ReadAt]:
    at = 0
    for size in sizes:
        yield PartReader(reader, at, size)
        at += size


def _proven(
    clip: ReadAt, packets: Sequence[TrackPackets], commitment: MediaCommitment
) -> dict[str, Any]:
    try:
        proof = prove_clip(clip, packets)
        check_clip(proof, [dict(track.header) for track in commitment.tracks], clip)
    except NoClipProofs as refused:
        return {"refused": refused.reason}
    except CannotProve as refused:
        return {"refused": str(refused)}
    except ClipFault as fault:
        return {"refused": _ALL_ANEW if fault.code == "clip.all_changed" else fault.sentence}
    return {"proof": proof.to_value()}
