"""A checkpoint: the name of a log, its size and its root (C2SP tlog-checkpoint v1.0).

The value and its text only. Who signs it is :mod:`custodes.ledger.note`, and who is
believed :mod:`custodes.ledger.policy`. Ours never has extension lines: nobody can
audit them, and ML-DSA-44 signatures do not cover them.
"""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

from custodes.ledger.tree import EMPTY_ROOT, HASH_SIZE

_MOST = 2**63 - 1


class CheckpointInvalid(ValueError):
    """The text is not a checkpoint."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """What a log says of itself: it has ``size`` entries, and this is the root over them."""

    origin: str
    size: int
    root: bytes

    def __post_init__(self) -> None:
        if not self.origin or any(ord(char) < 0x20 for char in self.origin):
            raise CheckpointInvalid("the origin is empty or holds control characters")
        if not 0 <= self.size <= _MOST or len(self.root) != HASH_SIZE:
            raise CheckpointInvalid("a size is 0 or more and a root 32 bytes")
        # RFC 6962 s2.1: without entries there is only one root.
        if self.size == 0 and self.root != EMPTY_ROOT:
            raise EmptyTreeHasOneRoot("an empty log has only one root, and this is another")

    def body(self) -> str:
        """Return the three lines that are signed."""
        return f"{self.origin}\n{self.size}\n{base64.b64encode(self.root).decode()}\n"

    @classmethod
    def parse(cls, text: str, *, extensions: bool = False) -> Checkpoint:
        """Read the text of a note as a checkpoint; raises CheckpointInvalid.

        ``extensions`` lets further lines stand, as a witness must for other logs.
        """
        lines = text.split("\n")
        if len(lines) < 4 or lines.pop() != "":
            raise CheckpointInvalid("a checkpoint is three lines, the last one ended too")
        origin, size, root, *more = lines
        if more and not extensions:
            raise CheckpointInvalid("there are lines after the root, which nobody can audit")
        if not all(more):
            raise CheckpointInvalid("an extension line is empty")
        return cls(origin, decimal(size), decoded(root))


class EmptyTreeHasOneRoot(CheckpointInvalid):
    """Size 0 with a root that is not that of the empty tree; a witness answers it apart."""


def decimal(text: str) -> int:
    """Read a size: ASCII digits without leading zeros; raises CheckpointInvalid."""
    if not (text.isascii() and text.isdigit() and len(text) <= 19) or str(int(text)) != text:
        raise CheckpointInvalid(f"{text[:40]!r} is not a size")
    return int(text)


def decoded(text: str) -> bytes:
    """Read base64 (RFC 4648 s4) in its one spelling; raises CheckpointInvalid."""
    try:
        raw = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        raise CheckpointInvalid(f"{text[:60]!r} is not base64") from None
    if base64.b64encode(raw).decode() != text:
        raise CheckpointInvalid(f"{text[:60]!r} is another spelling than base64's own")
    return raw
