"""Receipts: signed proof, for the sender, that a file was taken in.

Made again from the record whenever somebody asks; for as long as the log has the same
keys, the same file gets the same receipt, byte for byte. Only what has a custody entry
gets one. Between the two steps of a rotation the old key and the new one both sign it,
so that a dock that knows either goes on.
"""

from __future__ import annotations

from datetime import datetime

from custodes.custody import strongroom
from custodes.ledger.receipt import Receipt, digest_of_name


def receipt_key() -> str:
    """Return the public key of receipts, as ``custodes dock add`` prints it for a dock.

    The newest: a dock that is set up today goes on when the one before is retired.
    """
    return str(strongroom.receipt_signers()[-1].verifier)


def write_receipt(
    recording: str,
    original: str,
    *,
    name: str,
    sha256: str,
    size: int,
    entry: int,
    leaf: bytes,
    at: datetime,
) -> str:
    """Return the signed receipt for a file whose custody entry is committed.

    ``recording`` and ``original`` are handles; ``entry``, ``leaf`` and ``at`` are
    of the entry that took the file in.
    """
    signers = strongroom.receipt_signers()
    receipt = Receipt(
        origin=signers[0].name,
        recording=recording,
        original=original,
        name=digest_of_name(name),
        sha256=sha256,
        size=size,
        entry=entry,
        leaf=leaf,
        at=at,
    )
    return receipt.signed(*signers)
