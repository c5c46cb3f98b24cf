"""Inclusion proofs as text, for other programs (C2SP tlog-proof)."""

from __future__ import annotations

import base64
from collections.abc import Sequence


def tlog_proof(index: int, path: Sequence[bytes], note: str) -> str:
    """Return the proof of an entry under a checkpoint, which goes in word for word."""
    hashes = "".join(f"{base64.b64encode(each).decode()}\n" for each in path)
    return f"c2sp.org/tlog-proof@v1\nindex {index}\n{hashes}\n{note}"
