"""End-to-end encrypted clips open with the right key, from any position."""

from __future__ import annotations

import base64
import json
import os

import pytest
from cryptography.hazmat.primitives.asymmetric import padding, rsa
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.hashes import SHA1
from hypothesis import given
from hypothesis import strategies as st

from custodes.media.axis_encryption import (
    CannotDecrypt,
    ContentKey,
    DecryptingReader,
    key_id,
    open_content_key,
)
from custodes.media.sandbox import BytesReader

PRIVATE = rsa.generate_private_key(65537, 2048)
KEY = ContentKey(bytes(range(32)), bytes(range(16)))


def sealed(plain: bytes, key: ContentKey = KEY) -> bytes:
    pad = 16 - len(plain) % 16
    cipher = Cipher(algorithms.AES(key.key), modes.CBC(key.iv)).encryptor()
    return cipher.update(plain + bytes([pad]) * pad) + cipher.finalize()


def key_object(key: ContentKey = KEY, **changes: object) -> bytes:
    oaep = padding.OAEP(padding.MGF1(SHA1()), SHA1(), None)
    members = {
        "EncryptedKey": base64.b64encode(PRIVATE.public_key().encrypt(key.key, oaep)).decode(),
        "ContentEncryptionIV": base64.b64encode(key.iv).decode(),
        "PublicKeyId": "station 4",
    }
    return json.dumps(members | changes).encode()


def test_the_key_object_opens_with_the_private_key() -> None:
    assert open_content_key(key_object(), PRIVATE) == KEY
    assert key_id(key_object()) == "station 4"


@given(st.binary(max_size=200), st.integers(0, 220), st.integers(0, 220))
def test_any_part_reads_as_the_plain_bytes(plain: bytes, offset: int, length: int) -> None:
    reader = DecryptingReader(BytesReader(sealed(plain)), KEY)
    assert reader.size == len(plain)
    assert reader.read_at(offset, length) == plain[offset : offset + length]


def test_another_key_is_refused_with_a_sentence() -> None:
    with pytest.raises(CannotDecrypt, match="another key"):
        open_content_key(key_object(), rsa.generate_private_key(65537, 2048))
    wrong = ContentKey(bytes(32), KEY.iv)
    refused = 0
    for _ in range(20):  # a wrong key looks like good padding once in 256 times
        try:
            DecryptingReader(BytesReader(sealed(os.urandom(64))), wrong)
        except CannotDecrypt:
            refused += 1
    assert refused >= 15


@pytest.mark.parametrize("length", [0, 1, 15, 17])
def test_a_clip_that_ends_inside_a_block_is_refused(length: int) -> None:
    with pytest.raises(CannotDecrypt, match="cut short"):
        DecryptingReader(BytesReader(bytes(length)), KEY)


@pytest.mark.parametrize(
    "broken",
    [
        b"",
        b"[]",
        b"\xff",
        key_object(EncryptedKey="!!"),
        key_object(EncryptedKey=5),
        key_object(ContentEncryptionIV="AAAA"),
        b"{}",
    ],
)
def test_a_damaged_key_object_is_refused(broken: bytes) -> None:
    with pytest.raises(CannotDecrypt):
        open_content_key(broken, PRIVATE)


def test_the_content_key_does_not_show_itself() -> None:
    assert "0102" not in repr(KEY).lower()
    assert repr(KEY.key) not in repr(KEY)
