"""What both sides hold once a recipient has acknowledged what was shared: lines, signed.

Whoever has it and the log's public key can show, without asking anybody, which bytes were
acknowledged, when, and which entry of the custody log says so. It names nobody: who the
recipient is stands in that entry. docs/reference/formats/share-receipt.md describes it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from custodes.kernel.clock import parse_rfc3339, rfc3339
from custodes.kernel.digest import b64u, unb64u
from custodes.kernel.ids import is_handle
from custodes.ledger.note import NoteInvalid, SignerKey, VerifierKey, open_note, sign_note

VERSION = "custodes.share-receipt/v1"

_ITEM = re.compile(r"item ([1-9][0-9]{0,3}) ([0-9a-f]{64}) (0|[1-9][0-9]{0,17})\Z", re.ASCII)
_MOST_ITEMS = 995
_HASH = 32


class ShareReceiptInvalid(ValueError):
    """The text is no receipt of this version, or no known key signed it."""


@dataclass(frozen=True, slots=True)
class SharedFile:
    """One thing that was acknowledged: its number in the share, SHA-256 in hex, and size."""

    number: int
    sha256: str
    size: int


@dataclass(frozen=True, slots=True)
class ShareReceipt:
    """That a share was acknowledged. ``entry`` and ``leaf`` are of the case's entry about it."""

    origin: str
    share: str
    entry: int
    leaf: bytes
    at: datetime
    files: tuple[SharedFile, ...]

    def signed(self, *signers: SignerKey) -> str:
        """Return the receipt as a signed note."""
        return sign_note("\n".join([VERSION, *self._lines()]) + "\n", *signers)

    def _lines(self) -> list[str]:
        return [
            f"origin {self.origin}",
            f"share {self.share}",
            f"entry {self.entry}",
            f"leaf {b64u(self.leaf)}",
            f"at {rfc3339(self.at)}",
            *(f"item {each.number} {each.sha256} {each.size}" for each in self.files),
        ]


def open_share_receipt(note: str | bytes, keys: Iterable[VerifierKey]) -> ShareReceipt:
    """Return what a receipt says; raises ShareReceiptInvalid unless one of these keys signed it.

    1. One of the keys must have signed the note, and no known key's signature be wrong.
    2. The first line must name this version; the others must be exactly its lines, in order.
    3. Writing what was read must give the same text.
    4. The origin must be the name of a key that was given.
    """
    known = list(keys)
    try:
        receipt = _parse(open_note(note, *known))
    except NoteInvalid as error:
        raise ShareReceiptInvalid(str(error)) from None
    except ValueError as error:
        raise ShareReceiptInvalid(f"not a receipt: {error}") from None
    if receipt.origin not in {key.name for key in known}:
        raise ShareReceiptInvalid(f"the receipt is of {receipt.origin}, which is no log known here")
    return receipt


def _parse(text: str) -> ShareReceipt:
    version, *lines = text.removesuffix("\n").split("\n")
    if version != VERSION:
        raise ValueError(f"version {version!r} is not known")
    heads = dict(line.partition(" ")[::2] for line in lines[:5])
    if list(heads) != ["origin", "share", "entry", "leaf", "at"] or len(lines) > 5 + _MOST_ITEMS:
        raise ValueError("its lines are not those of a receipt")
    found = [_ITEM.match(line) for line in lines[5:]]
    receipt = ShareReceipt(
        origin=heads["origin"],
        share=heads["share"],
        entry=int(heads["entry"]),
        leaf=unb64u(heads["leaf"]),
        at=parse_rfc3339(heads["at"]),
        files=tuple(SharedFile(int(m[1]), m[2], int(m[3])) for m in found if m),
    )
    if receipt._lines() != lines or not is_handle(receipt.share) or not receipt.files:
        raise ValueError("a line has another spelling than the format's")
    if receipt.entry < 0 or len(receipt.leaf) != _HASH:
        raise ValueError("it names no entry of a log")
    return receipt
