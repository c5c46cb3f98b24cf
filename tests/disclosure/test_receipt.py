"""The receipt of a share: for both sides, checkable by anybody, and not to be altered."""

from __future__ import annotations

from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st
from tests.disclosure.conftest import Matter, signed_in

from custodes.custody import strongroom
from custodes.custody.models import Entry
from custodes.disclosure.actions.enter import make_code
from custodes.disclosure.links import token_of
from custodes.kernel.clock import now
from custodes.ledger.policy import Named, Policy
from custodes.ledger.share_receipt import ShareReceiptInvalid, open_share_receipt
from custodes.verifier.claims import Verdict
from custodes.verifier.trust import Trust
from custodes.verifier.verify import verify

pytestmark = pytest.mark.django_db


def acknowledged(matter: Matter) -> tuple[str, bytes]:
    """Return a share's handle and the receipt that the recipient downloads."""
    share, browser = matter.shared(), Client()
    token = token_of(share)
    entered = {"code": make_code(matter.officer, share, at=now())}
    browser.post(reverse("shared-code", args=[token]), entered)
    url = reverse("shared-receipt", args=[token])
    assert browser.get(url).status_code == 404
    browser.post(reverse("shared-received", args=[token]))
    return share.handle, browser.get(url).content


def ours() -> Trust:
    return Trust(Policy(logs=tuple(Named(key) for key in strongroom.verifiers())))


def test_both_sides_have_the_same_receipt_and_anybody_can_check_it(
    matter: Matter, tmp_path: Path
) -> None:
    handle, receipt = acknowledged(matter)
    officers = signed_in(matter.okafor).get(reverse("share-receipt", args=[handle]))
    assert officers.content == receipt
    assert signed_in(matter.stranger).get(
        reverse("share-receipt", args=[handle])
    ).status_code == 404  # fmt: skip
    path = tmp_path / "receipt.txt"
    path.write_bytes(receipt)

    [claim] = verify(path, ours()).claims

    assert (claim.verdict, claim.reason) == (Verdict.PROVEN, "receipt.signed")
    assert matter.clip.sha256 in claim.details[0]
    said = open_share_receipt(receipt, strongroom.verifiers())
    entry = Entry.objects.get(index=said.entry)
    assert (entry.kind, entry.subject) == ("share.acknowledged", matter.case.handle)
    assert bytes(entry.leaf) == said.leaf
    assert b"Quill" not in receipt


def test_a_receipt_is_believed_by_a_policy_only_and_not_when_a_digit_is_another(
    matter: Matter, tmp_path: Path
) -> None:
    _, receipt = acknowledged(matter)
    path = tmp_path / "receipt.txt"
    path.write_bytes(receipt)
    assert verify(path, Trust()).verdict is Verdict.NOT_PROVEN
    assert verify(path, Trust(Policy())).claims[0].reason == "log.unknown"

    path.write_bytes(receipt.replace(b"\nitem 1 ", b"\nitem 2 "))

    assert verify(path, ours()).claims[0].verdict is Verdict.CONTRADICTED


@given(st.binary(max_size=300))
def test_whatever_is_no_receipt_is_refused_as_none(content: bytes) -> None:
    for text in (content, b"custodes.share-receipt/v1\n" + content):
        with pytest.raises(ShareReceiptInvalid):
            open_share_receipt(text, [])
