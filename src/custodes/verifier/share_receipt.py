"""Check the receipt of something that was shared, as ``custodes verify`` does with the file.

docs/reference/formats/share-receipt.md says what it shows and what not.
"""

from __future__ import annotations

from pathlib import Path

from custodes.kernel.clock import rfc3339
from custodes.ledger.note import Note, NoteInvalid
from custodes.ledger.share_receipt import VERSION, ShareReceiptInvalid, open_share_receipt
from custodes.verifier.claims import Claim, Making
from custodes.verifier.trust import Trust

_LARGEST = 1 << 20


def share_receipt_at(path: Path) -> bytes | None:
    """Return the bytes of a receipt, or None where there is something else."""
    if not path.is_file():
        return None
    with path.open("rb") as file:
        content = file.read(_LARGEST)
    return content if content.startswith(f"{VERSION}\n".encode()) else None


def check_share_receipt(content: bytes, trust: Trust) -> Claim:
    """Say whether a log of the policy signed that this was acknowledged."""
    making = Making("receipt")
    if trust.policy is None:
        return making.without_policy()
    try:
        text = Note.parse(content).text
    except (NoteInvalid, ValueError) as fault:
        return making.contradicted("receipt.malformed", f"This is no receipt: {fault}.")
    origin = next((line[7:] for line in text.split("\n") if line.startswith("origin ")), "")
    keys = trust.policy.log_keys(origin)
    if not keys:
        said = f"The policy names no log {origin[:100]}, so there is nobody to believe."
        return making.not_proven("log.unknown", said)
    try:
        receipt = open_share_receipt(content, keys)
    except ShareReceiptInvalid as fault:
        return making.contradicted("receipt.wrong", f"The log did not sign this: {fault}.")
    said = (
        f"The log {receipt.origin} signed that share {receipt.share} was acknowledged at"
        f" {rfc3339(receipt.at)}, with {len(receipt.files)} files; its entry is {receipt.entry}."
    )
    files = [f"{each.number}: SHA-256 {each.sha256}, {each.size} bytes" for each in receipt.files]
    return making.proven("receipt.signed", said, files)
