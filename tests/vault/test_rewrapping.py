"""Many keys are wrapped anew as one key is: the same bytes, and nothing that does not open."""

from __future__ import annotations

import subprocess
import sys

import pytest
from cryptography.hazmat.primitives.keywrap import aes_key_unwrap, aes_key_wrap
from hypothesis import given
from hypothesis import strategies as st

from custodes.vault.errors import DamagedWrap
from custodes.vault.rewrapping import WRAPPED, rewrap

OLD, NEW = bytes(range(32)), bytes(range(32, 64))
KEYS = st.lists(st.binary(min_size=32, max_size=32), max_size=5)


@given(KEYS, st.binary(min_size=32, max_size=32), st.binary(min_size=32, max_size=32))
def test_many_keys_are_wrapped_anew_as_one_key_is(
    keys: list[bytes], old: bytes, new: bytes
) -> None:
    packed = b"".join(aes_key_wrap(old, key) for key in keys)

    assert rewrap(packed, old, new) == b"".join(aes_key_wrap(new, key) for key in keys)


def test_the_vector_of_the_standard_opens_and_closes() -> None:
    """RFC 3394 s4.6: 256 bits of key data with a 256-bit key."""
    kek = bytes.fromhex("000102030405060708090A0B0C0D0E0F101112131415161718191A1B1C1D1E1F")
    data = bytes.fromhex("00112233445566778899AABBCCDDEEFF000102030405060708090A0B0C0D0E0F")
    wrapped = bytes.fromhex(
        "28C9F404C4B810F4CBCCB35CFB87F8263F5786E2D80ED326CBC7F0E71A99F43BFB988B9B7A02DD21"
    )

    assert rewrap(wrapped, kek, kek) == wrapped
    assert aes_key_unwrap(NEW, rewrap(wrapped, kek, NEW)) == data


@pytest.mark.parametrize("place", [0, 1, 2])
@pytest.mark.parametrize("byte", [0, 7, 8, 39])
def test_one_key_that_does_not_open_stops_all_and_is_named(place: int, byte: int) -> None:
    packed = bytearray(b"".join(aes_key_wrap(OLD, bytes([n]) * 32) for n in range(3)))
    packed[place * WRAPPED + byte] ^= 1

    with pytest.raises(DamagedWrap, match=f"place {place} "):
        rewrap(bytes(packed), OLD, NEW)


def test_half_a_wrapped_key_is_no_key() -> None:
    with pytest.raises(ValueError, match="40 bytes each"):
        rewrap(b"x" * 41, OLD, NEW)


def test_who_opens_one_key_does_not_wait_for_what_rewraps_a_million() -> None:
    asked = "import sys, custodes.vault.keys; sys.exit('numpy' in sys.modules)"

    assert subprocess.run([sys.executable, "-c", asked], check=False).returncode == 0
