"""A package that only its recipient opens: whole, in parts that failed, and by no wrong key."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pyrage
import pytest

from custodes.package.encrypting import NoKey, encrypted, recipient_with

PIECES = [bytes([number]) * 70_001 for number in range(40)]


def test_each_recipient_opens_it_and_nobody_else_does() -> None:
    one, two, other = (pyrage.x25519.Identity.generate() for _ in range(3))
    recipients = [recipient_with(f" {each.to_public()}\n") for each in (one, two)]

    sent = b"".join(encrypted(PIECES, recipients))

    assert pyrage.decrypt(sent, [one]) == pyrage.decrypt(sent, [two]) == b"".join(PIECES)
    assert PIECES[3][:64] not in sent
    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(sent, [other])


def test_a_piece_that_cannot_be_read_is_said_and_what_was_sent_does_not_open() -> None:
    key, sent = pyrage.x25519.Identity.generate(), []

    def pieces() -> Iterator[bytes]:
        yield from PIECES
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="the disk is gone"):
        sent.extend(encrypted(pieces(), [key.to_public()]))

    with pytest.raises(pyrage.DecryptError):
        pyrage.decrypt(b"".join(sent), [key])


def test_what_the_library_fails_with_is_raised_and_nobody_waits_for_ever(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fails(reader: object, *_: object) -> None:
        reader.read(10)  # type: ignore[attr-defined]
        raise pyrage.EncryptError("it fell over")

    monkeypatch.setattr(pyrage, "encrypt_io", fails)

    with pytest.raises(pyrage.EncryptError, match="it fell over"):
        list(encrypted(PIECES, [object()]))
    with pytest.raises(pyrage.EncryptError, match="it fell over"):
        list(encrypted(PIECES[:1], [object()]))


def test_who_stops_reading_leaves_nothing_running() -> None:
    before = threading.active_count()
    sending = encrypted(iter(PIECES * 20), [pyrage.x25519.Identity.generate().to_public()])

    next(sending)
    sending.close()  # type: ignore[attr-defined]

    assert threading.active_count() == before


@pytest.mark.parametrize("key", ["", "age1nonsense", "ssh-ed25519 AAAA", "AGE-SECRET-KEY-1QQ"])
def test_what_is_no_public_key_is_refused_in_a_sentence(key: str) -> None:
    with pytest.raises(NoKey, match="no public key") as refused:
        recipient_with(key)

    assert "Nothing was handed over" in refused.value.advice
