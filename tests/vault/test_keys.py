"""Data keys stay secret, wrapped keys open only under their epoch, epochs end for good."""

from __future__ import annotations

import hashlib
import hmac
import pickle
import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives.keywrap import aes_key_wrap

from custodes.kernel.errors import Damaged
from custodes.kernel.ids import is_handle
from custodes.vault.errors import CurrentEpoch, DamagedWrap, KeysExposed, UnknownEpoch
from custodes.vault.keys import DataKey, KeyRing, WrappedKey


@pytest.fixture
def ring(tmp_path: Path) -> KeyRing:
    return KeyRing.open_or_create(tmp_path / "keys")


def test_a_data_key_never_shows_its_bytes() -> None:
    key = DataKey(b"S" * 32)
    assert "SSS" not in repr(key) + str(key) + f"{key!r:>80}"


def test_a_data_key_refuses_to_be_pickled(key: DataKey) -> None:
    with pytest.raises(TypeError, match="never pickled"):
        pickle.dumps(key)


def test_a_data_key_of_the_wrong_length_is_refused() -> None:
    with pytest.raises(ValueError, match="32 bytes, not 31"):
        DataKey(bytes(31))


def test_a_derived_key_is_hkdf_of_the_key_and_the_purpose(key: DataKey) -> None:
    # RFC 5869, spelled out: extract with 32 zero bytes, expand one block.
    extracted = hmac.digest(bytes(32), key.secret, "sha256")
    info = b"custodes-key/v1\ncopy: viewing"
    expected = hmac.digest(extracted, info + b"\x01", hashlib.sha256)
    assert key.derive("copy: viewing").secret == expected
    assert key.derive("copy: filmstrip").secret != expected


def test_a_new_key_comes_back_from_its_wrapping(ring: KeyRing) -> None:
    key, wrapped = ring.new_key()
    assert is_handle(wrapped.kid)
    assert (wrapped.epoch, len(wrapped.wrapped)) == (1, 40)
    assert ring.unwrap(wrapped) == key


def test_wrapping_is_rfc_3394(tmp_path: Path) -> None:
    # RFC 3394 section 4.6: 256 bits of key data with a 256-bit key.
    ring = KeyRing.open_or_create(tmp_path)
    epoch_key = bytes(range(32))
    (tmp_path / "epoch-000001.key").write_bytes(epoch_key)
    data = bytes.fromhex("00112233445566778899AABBCCDDEEFF000102030405060708090A0B0C0D0E0F")
    wrapped = bytes.fromhex(
        "28C9F404C4B810F4CBCCB35CFB87F8263F5786E2D80ED326CBC7F0E71A99F43BFB988B9B7A02DD21"
    )
    assert aes_key_wrap(epoch_key, data) == wrapped
    assert ring.unwrap(WrappedKey("k" * 22, 1, wrapped)).secret == data


def test_opening_the_folder_again_finds_the_same_keys(tmp_path: Path) -> None:
    key, wrapped = KeyRing.open_or_create(tmp_path / "keys").new_key()
    again = KeyRing.open_or_create(tmp_path / "keys")
    assert again.epochs() == (1,)
    assert again.unwrap(wrapped) == key


def test_key_files_are_for_their_owner_only(ring: KeyRing, tmp_path: Path) -> None:
    file = tmp_path / "keys" / "epoch-000001.key"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert stat.S_IMODE(file.parent.stat().st_mode) == 0o700
    assert [path.name for path in file.parent.iterdir()] == [file.name]


@pytest.mark.parametrize("mode", [0o640, 0o604, 0o620, 0o660])
def test_a_key_file_others_can_use_is_refused_with_its_mode(tmp_path: Path, mode: int) -> None:
    ring = KeyRing.open_or_create(tmp_path)
    _, wrapped = ring.new_key()
    (tmp_path / "epoch-000001.key").chmod(mode)
    with pytest.raises(KeysExposed, match=f"has mode {mode:03o}"):
        KeyRing.open_or_create(tmp_path)
    with pytest.raises(KeysExposed):
        ring.unwrap(wrapped)


@pytest.mark.parametrize("content", [b"", bytes(31), bytes(33)])
def test_a_key_file_that_is_not_a_key_is_refused(tmp_path: Path, content: bytes) -> None:
    KeyRing.open_or_create(tmp_path)
    (tmp_path / "epoch-000001.key").write_bytes(content)
    with pytest.raises(Damaged, match="does not hold 32 bytes"):
        KeyRing.open_or_create(tmp_path)


def test_every_flipped_bit_of_a_wrapped_key_is_noticed(ring: KeyRing) -> None:
    _, wrapped = ring.new_key()
    for bit in range(320):
        changed = bytearray(wrapped.wrapped)
        changed[bit // 8] ^= 1 << bit % 8
        with pytest.raises(DamagedWrap, match=f"Key {wrapped.kid} does not open"):
            ring.unwrap(WrappedKey(wrapped.kid, 1, bytes(changed)))


@pytest.mark.parametrize("content", [b"", b"x", bytes(39), bytes(41), bytes(24)])
def test_a_wrapped_key_of_the_wrong_length_is_damaged(ring: KeyRing, content: bytes) -> None:
    with pytest.raises(DamagedWrap):
        ring.unwrap(WrappedKey("k" * 22, 1, content))


def test_a_key_of_another_length_inside_a_good_wrap_is_damaged(
    ring: KeyRing, tmp_path: Path
) -> None:
    epoch_key = (tmp_path / "keys" / "epoch-000001.key").read_bytes()
    with pytest.raises(DamagedWrap):
        ring.unwrap(WrappedKey("k" * 22, 1, aes_key_wrap(epoch_key, bytes(16))))


def test_after_an_epoch_is_destroyed_only_rewrapped_keys_live(ring: KeyRing) -> None:
    kept, kept_wrap = ring.new_key()
    _, lost_wrap = ring.new_key()
    assert ring.begin_epoch() == 2
    rewrapped = ring.rewrap(kept_wrap)
    assert (rewrapped.kid, rewrapped.epoch) == (kept_wrap.kid, 2)

    ring.destroy_epoch(1)

    assert ring.epochs() == (2,)
    assert ring.unwrap(rewrapped) == kept
    for wrapped in (kept_wrap, lost_wrap):
        with pytest.raises(UnknownEpoch, match="epoch 1 is not in this key ring"):
            ring.unwrap(wrapped)


def test_an_epoch_destroyed_by_one_process_is_gone_for_another(tmp_path: Path) -> None:
    here, there = KeyRing.open_or_create(tmp_path), KeyRing.open_or_create(tmp_path)
    _, wrapped = there.new_key()
    assert here.begin_epoch() == 2
    here.destroy_epoch(1)
    with pytest.raises(UnknownEpoch):
        there.unwrap(wrapped)
    assert there.new_key()[1].epoch == 2


def test_the_current_epoch_is_never_destroyed(ring: KeyRing) -> None:
    key, wrapped = ring.new_key()
    with pytest.raises(CurrentEpoch, match="Epoch 1 is the current one"):
        ring.destroy_epoch(1)
    with pytest.raises(UnknownEpoch):
        ring.destroy_epoch(7)
    assert ring.unwrap(wrapped) == key


@pytest.mark.parametrize("folder_too", [True, False])
def test_keys_on_a_medium_that_was_taken_away_are_a_refusal(
    ring: KeyRing, tmp_path: Path, folder_too: bool
) -> None:
    _, wrapped = ring.new_key()
    (tmp_path / "keys" / "epoch-000001.key").rename(tmp_path / "away")
    if folder_too:
        (tmp_path / "keys").rmdir()
    for ask in (ring.new_key, ring.begin_epoch, lambda: ring.unwrap(wrapped)):
        with pytest.raises(UnknownEpoch):
            ask()
    assert ring.epochs() == ()


def test_a_second_beginner_of_the_same_epoch_does_not_replace_its_key(tmp_path: Path) -> None:
    ring = KeyRing.open_or_create(tmp_path)
    key, wrapped = ring.new_key()
    ring._create(1)
    assert ring.unwrap(wrapped) == key
