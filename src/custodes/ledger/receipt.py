"""What a sender is given for a file that was taken in: lines of text, signed.

Whoever holds the receipt, the file and the installation's public key can show,
without asking anybody, that exactly these bytes were sealed and when, and which
entry of the custody log says so. docs/reference/formats/receipt.md describes it.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import datetime

from custodes.kernel.clock import parse_rfc3339, rfc3339
from custodes.kernel.digest import b64u, sha256, unb64u
from custodes.kernel.ids import is_handle
from custodes.ledger.note import NoteInvalid, SignerKey, VerifierKey, open_note, sign_note

VERSION = "custodes.receipt/v1"
_HASH = 32


class ReceiptInvalid(ValueError):
    """The receipt is not one of this version, or its key did not sign it."""


@dataclass(frozen=True, slots=True)
class Receipt:
    """One file, taken in. ``sha256`` is hex; ``name`` is the digest of the file's name.

    ``entry`` is the index in the custody log of the entry that took it in and
    ``leaf`` that entry's leaf hash; ``at`` is the entry's time.
    """

    origin: str
    recording: str
    original: str
    name: bytes
    sha256: str
    size: int
    entry: int
    leaf: bytes
    at: datetime

    def signed(self, *signers: SignerKey) -> str:
        """Return the receipt as a signed note."""
        return sign_note("\n".join([VERSION, *self._lines()]) + "\n", *signers)

    def is_for(self, sha256_hex: str, size: int) -> bool:
        """Say whether this receipt is for a file of this digest and size."""
        return (self.sha256, self.size) == (sha256_hex, size)

    def _lines(self) -> list[str]:
        return [
            f"origin {self.origin}",
            f"recording {self.recording}",
            f"original {self.original}",
            f"name {b64u(self.name)}",
            f"sha256 {self.sha256}",
            f"size {self.size}",
            f"entry {self.entry}",
            f"leaf {b64u(self.leaf)}",
            f"at {rfc3339(self.at)}",
        ]


def digest_of_name(name: str) -> bytes:
    """Return the digest that stands for a file's name, which may name a person."""
    return sha256(name.encode())


def open_receipt(note: str, key: VerifierKey) -> Receipt:
    """Return what a receipt says; raises ReceiptInvalid unless this key signed exactly it.

    1. The key must have signed the note.
    2. The first line must name this version; the others must be exactly its lines, in order.
    3. Writing what was read must give the same text.
    4. The origin must be the name of the key.
    """
    try:
        text = open_note(note, key)
        receipt = _parse(text)
    except NoteInvalid as error:
        raise ReceiptInvalid(str(error)) from None
    except ValueError as error:
        raise ReceiptInvalid(f"not a receipt: {error}") from None
    if receipt.origin != key.name:
        raise ReceiptInvalid(f"the receipt is of {receipt.origin}, its key of {key.name}")
    return receipt


def _parse(text: str) -> Receipt:
    version, *lines = text.removesuffix("\n").split("\n")
    if version != VERSION:
        raise ReceiptInvalid(f"version {version!r} is not known")
    said = dict(line.partition(" ")[::2] for line in lines)
    if list(said) != [f.name for f in fields(Receipt)] or len(lines) != len(said):
        raise ReceiptInvalid("its lines are not those of a receipt")
    receipt = Receipt(
        origin=said["origin"],
        recording=_handle(said["recording"]),
        original=_handle(said["original"]),
        name=unb64u(said["name"]),
        sha256=said["sha256"],
        size=int(said["size"]),
        entry=int(said["entry"]),
        leaf=unb64u(said["leaf"]),
        at=parse_rfc3339(said["at"]),
    )
    digest = bytes.fromhex(receipt.sha256)
    if receipt._lines() != lines or digest.hex() != receipt.sha256:
        raise ReceiptInvalid("a line has another spelling than the format's")
    if any(len(each) != _HASH for each in (digest, receipt.name, receipt.leaf)):
        raise ReceiptInvalid("a hash of it has another length than SHA-256")
    if receipt.size < 0 or receipt.entry < 0:
        raise ReceiptInvalid("a number of it is below nothing")
    return receipt


def _handle(text: str) -> str:
    if not is_handle(text):
        raise ReceiptInvalid(f"{text!r} is not a handle")
    return text
