"""Receipts: signed proof, for the sender, that a file was taken in.

Made again from the record whenever somebody asks; the same file always gets the
same receipt, byte for byte. Only what has a custody entry gets one.
"""

from __future__ import annotations

from datetime import datetime

from custodes.custody import strongroom
from custodes.ledger.receipt import Receipt, digest_of_name


def receipt_key() -> str:
    """Return the public key of receipts, as ``custodes dock add`` prints it for a dock."""
    return str(strongroom.signer().verifier)


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
    signer = strongroom.signer()
    receipt = Receipt(
        origin=signer.name,
        recording=recording,
        original=original,
        name=digest_of_name(name),
        sha256=sha256,
        size=size,
        entry=entry,
        leaf=leaf,
        at=at,
    )
    return receipt.signed(signer)
