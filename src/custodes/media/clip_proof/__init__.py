"""Clip proofs: what shows that packets of a clip are packets of an original.

Inside: the value as it is written down (value), the times of the original's packets
(times), the shortest list of hashes that leads to the root (fold), making a proof
(prove), and checking one (check, with timing, shown and edits). The format is
docs/reference/formats/clip-proof.md. Neither the original nor a decoder is needed to
check a proof, and checking promises to say *which* of its rules a clip breaks.
"""

from custodes.media.clip_proof.check import ClipFault, ClipFound, check_clip
from custodes.media.clip_proof.prove import prove_clip
from custodes.media.clip_proof.value import ClipProof, ClipProofInvalid, Run, TrackProof

__all__ = [
    "ClipFault",
    "ClipFound",
    "ClipProof",
    "ClipProofInvalid",
    "Run",
    "TrackProof",
    "check_clip",
    "prove_clip",
]
