"""Receipts of files and of shares: what the log signed is one only in the format's spelling."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from custodes.ledger.note import SignerKey
from custodes.ledger.receipt import Receipt, ReceiptInvalid, open_receipt
from custodes.ledger.share_receipt import (
    SharedFile,
    ShareReceipt,
    ShareReceiptInvalid,
    open_share_receipt,
)

KEY = SignerKey("custodes.police.example/custody", Ed25519PrivateKey.generate())
AT = datetime(2026, 11, 3, 9, 15, 2, tzinfo=UTC)
ABOUT: dict[str, Any] = {"origin": KEY.name, "entry": 0, "leaf": bytes(32), "at": AT}
OF_A_FILE = Receipt(
    recording="r" * 21 + "A", original="o" * 21 + "A", name=bytes(32), sha256="ab" * 32, size=0,
    **ABOUT,
)  # fmt: skip
FILE = SharedFile(1, "ab" * 32, 0)
OF_A_SHARE = ShareReceipt(share="s" * 21 + "A", files=(FILE,), **ABOUT)


def test_what_is_spelled_as_the_format_says_is_read() -> None:
    most = replace(OF_A_SHARE, files=(FILE,) * 995)

    assert open_receipt(OF_A_FILE.signed(KEY), KEY.verifier) == OF_A_FILE
    assert open_share_receipt(OF_A_SHARE.signed(KEY), [KEY.verifier]) == OF_A_SHARE
    assert open_share_receipt(most.signed(KEY), [KEY.verifier]) == most


@pytest.mark.parametrize(
    "change",
    [
        {"entry": -1}, {"leaf": bytes(31)}, {"size": -1}, {"name": bytes(33)},
        {"sha256": "AB" * 32}, {"sha256": "ab"}, {"recording": "short"}, {"origin": "another/log"},
    ],
)  # fmt: skip
def test_a_receipt_of_a_file_that_is_spelled_otherwise_is_none(change: dict[str, Any]) -> None:
    note = replace(OF_A_FILE, **change).signed(KEY)

    with pytest.raises(ReceiptInvalid):
        open_receipt(note, KEY.verifier)


@pytest.mark.parametrize(
    "change",
    [
        {"entry": -1}, {"leaf": bytes(31)}, {"share": "short"}, {"origin": "another/log"},
        {"files": ()}, {"files": (FILE,) * 996}, {"files": (replace(FILE, size=-1),)},
        {"files": (replace(FILE, sha256="AB" * 32),)}, {"files": (replace(FILE, number=0),)},
    ],
)  # fmt: skip
def test_a_receipt_of_a_share_that_is_spelled_otherwise_is_none(change: dict[str, Any]) -> None:
    note = replace(OF_A_SHARE, **change).signed(KEY)

    with pytest.raises(ShareReceiptInvalid):
        open_share_receipt(note, [KEY.verifier])
