"""That one entry is in a log, as a text that can be checked offline (C2SP tlog-proof).

The proof carries a signed checkpoint word for word; which keys may sign it, and
how many witnesses are enough, comes from the verifier's own policy, never from
the proof. What the entry says is not in it: whoever checks brings the entry.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass

from custodes.ledger.checkpoint import CheckpointInvalid, decimal, decoded
from custodes.ledger.policy import Held, Policy, verify_note
from custodes.ledger.tree import HASH_SIZE, verify_inclusion

VERSION = "c2sp.org/tlog-proof@v1"
# No tree has 2^64 leaves (RFC 6962 s2.1.1: a path is as long as the tree is high).
_MOST_HASHES = 64
_MOST_BYTES = 1 << 21


class ProofInvalid(ValueError):
    """The text is not a proof, or what it claims does not hold. ``code`` is a stable word."""

    code = "proof-malformed"


class NotIncluded(ProofInvalid):
    """The path does not lead from this entry to the root that the checkpoint signs."""

    code = "not-included"


@dataclass(frozen=True, slots=True)
class LogProof:
    """The place of an entry, its path to the root, and the note that signs the root.

    ``extra`` is signed by nobody; ours never has any.
    """

    index: int
    path: tuple[bytes, ...]
    note: str
    extra: bytes = b""

    def __str__(self) -> str:
        extra = [f"extra {_base64(self.extra)}"] if self.extra else []
        lines = [VERSION, *extra, f"index {self.index}", *map(_base64, self.path)]
        return "\n".join(lines) + "\n\n" + self.note

    @classmethod
    def parse(cls, text: str) -> LogProof:
        """Read a proof in its one spelling; raises ProofInvalid. The note is not looked at."""
        if len(text) > _MOST_BYTES:
            raise ProofInvalid("the proof is too long to be one")
        head, separator, note = text.partition("\n\n")
        version, *lines = head.split("\n")
        if version != VERSION or not separator:
            raise ProofInvalid(f"it does not begin with {VERSION}, or has no checkpoint")
        try:
            extra = decoded(_after("extra ", lines.pop(0))) if _begins(lines, "extra ") else b""
            index = decimal(_after("index ", lines.pop(0) if lines else ""))
            proof = cls(index, tuple(map(decoded, lines)), note, extra)
        except CheckpointInvalid as error:
            raise ProofInvalid(str(error)) from None
        if len(lines) > _MOST_HASHES or any(len(step) != HASH_SIZE for step in proof.path):
            raise ProofInvalid(f"the path is not at most {_MOST_HASHES} hashes of 32 bytes")
        if str(proof) != text:
            raise ProofInvalid("a line has another spelling than the format's")
        return proof


def verify_proof(proof: LogProof, leaf: bytes, policy: Policy) -> Held:
    """Return what holds of the checkpoint, if the entry of this leaf hash is under it.

    1. The leaf hash is the caller's: made from the entry they hold, not from the proof.
    2. The policy names the log, and a key of it signed the checkpoint.
    3. Which witnesses cosigned, and whether they are enough, is in the answer.
    4. The path leads from the leaf at the index to the root of the checkpoint.

    (tlog-proof, "Verifying a tlog proof".) Raises NoteInvalid for the second and
    NotIncluded for the fourth; whether the third suffices is for the caller to say.
    """
    held = verify_note(policy, proof.note)
    signed = held.checkpoint
    if not verify_inclusion(leaf, proof.index, signed.size, proof.path, signed.root):
        raise NotIncluded(
            f"entry {proof.index} is not shown to be among the {signed.size} of the checkpoint"
        )
    return held


def _base64(raw: bytes) -> str:
    return base64.b64encode(raw).decode()


def _begins(lines: list[str], word: str) -> bool:
    return bool(lines) and lines[0].startswith(word)


def _after(word: str, line: str) -> str:
    if not line.startswith(word):
        raise ProofInvalid(f"where the line {word.strip()!r} belongs stands another")
    return line.removeprefix(word)
